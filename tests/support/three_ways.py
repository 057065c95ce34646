"""The file form, the prepared form and the slow oracle: what one of them says otherwise is named.

File and prepared form have to be the same to the last bit. The oracle takes other roads to the same figures; where
rounding alone can part them a difference is accepted, narrowly, and counted:

- an area within 1e-9 of itself, or what a grid of g metres (`zoning.overlay.origin`) makes of its border. A crossing is
  rounded to a number (by r * 2^-53 east and north, where the site reaches r from the origin), then to the grid (by
  g / 2); edges that pass a corner nearer than that bend to it (Hobby 1999). So no point of a border moves by more than
  sqrt(2) * (g / 2 + r * 2^-53), 5.1 to 7.7 pm for r up to 16 km, and a border of p metres sweeps at most p times that:
  a strip of w metres is within 1.6e-11 / w of itself, from 1.6 cm on within 1e-9. What is united was rounded twice,
  what lies outside of that three times. In fractions from the corners of the plane (world 1145, site 29: 0.55 m² in
  strips along 14 km) both forms are off by 6.5e-9 m², the oracle by 1.4e-11; to sum up what was cut costs 4e-13;
- distances within 1 mm and 1e-6 of themselves;
- what hangs on a footprint grown or shrunk by some metres, where the oracle itself says the other within 2 mm more or
  less: the fast form straightens borders by up to 0.5 mm, and edges of buffers bend by up to 1 mm;
- whether a zone that begins where the territory ends lies beside the site: rounding decides within 1 µm;
- lengths of lines in a footprint by where its border is taken, within 2 mm;
- an accuracy at which the answer flips that is one step of 0.1 m off: arcs are polygons;
- what holds when every segment of a border is buffered by itself, where GEOS straightens the border it shrinks;
- slivers that meet in a corner, or where two zones do, which may be counted as one;
- what lies between the answers with all seams between neighbouring zones of a class open, and with all closed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt

import shapely

from random_world import CLASSES, World
from slow_areas import strips
from slow_doubt import STEPS_PER_METRE, SlowDoubt, SlowSite, seen
from slow_oracle import LINE_SHRUNK_M, ROUNDING_M2, SlowClass, SlowLayer, SlowOverlay
from two_forms import NO_ANSWER, SEARCH_M, SELECTIONS, TOLERANCE_M2, Difference, Measured, both_ways
from zoning.overlay.footprint import Footprint
from zoning.overlay.nearest import TOUCH_M
from zoning.overlay.overlap import Beyond, ClassOverlap, LayerOverlap, ZoneOverlap
from zoning.overlay.plane_layer import PlaneLayer
from zoning.overlay.source import LayerSource

SAME_M2, SAME_SHARE = 1e-9, 1e-9
PIECE, UNITED, OUTSIDE = 1, 2, 3  # how often the border of an area was rounded
SAME_M, SAME_DISTANCE = 1e-3, 1e-6
BUFFER_M = 0.002
PLACE_M = 1e-9
"""To what numbers of the measuring plane are rounded."""


@dataclass
class Ledger:
    """How many figures of each kind were compared, and how many passed only by a tolerance.

    Attributes
    ----------
    apart
        Largest difference of an area: relative to it above 1 m², in square metres below.
    """

    compared: Counter[str] = field(default_factory=Counter)
    tolerated: Counter[str] = field(default_factory=Counter)
    apart: dict[str, float] = field(default_factory=lambda: {"above 1 m²": 0.0, "below 1 m²": 0.0})

    def add(self, other: "Ledger") -> None:
        """Add the counts of another."""
        self.compared += other.compared
        self.tolerated += other.tolerated
        self.apart = {name: max(apart, other.apart[name]) for name, apart in self.apart.items()}

    def note(self, found: float, expected: float) -> float:
        """Return how far apart two areas are in square metres, and remember the largest."""
        name, away = "above 1 m²" if expected >= 1 else "below 1 m²", abs(found - expected)
        self.apart[name] = max(self.apart[name], away / max(expected, 1.0))
        return away


def three_ways(
    world: World, sources: tuple[LayerSource, LayerSource], count: int, ledger: Ledger
) -> Iterator[Difference]:
    """Measure sites all three ways, each against every layer; yield what differs."""
    layers: dict[int, SlowLayer] = {}
    sites: dict[int, SlowSite] = {}
    for each in both_ways(world, sources, count):
        if isinstance(each, Difference):
            yield each
            continue
        ledger.compared["file and prepared form to the bit"] += 1
        if each.what is not None:
            yield each.different(f"prepared form: {each.what}")
        part = each.footprint.part(each.within)
        slow = layers.setdefault(id(each.layer), SlowLayer(each.layer))
        try:
            if id(part) not in sites:
                # For all layers once.
                wrong = _part_differs(each, part)
                yield from (each.different(f"oracle: {what}") for what in wrong)
                sites = {} if part is None else {id(part): SlowSite(part)}
            wrong = oracle_differs(each, part, slow, sites, ledger)
        except NO_ANSWER as error:
            wrong = [f"no answer: {type(error).__name__}: {error}"]
        yield from (each.different(f"oracle: {what}") for what in wrong)


def compared(found: LayerOverlap, part: Footprint, layer: PlaneLayer, ledger: Ledger | None = None) -> list[str]:
    """Name what the oracle says otherwise of one footprint against one layer."""
    slow = SlowOverlay(part, SlowLayer(layer), found.searched_m, TOLERANCE_M2, SlowSite(part))
    return _Comparing(found, slow, ledger or Ledger()).differences()


def oracle_differs(
    each: Measured, part: Footprint | None, layer: SlowLayer, sites: dict[int, SlowSite], ledger: Ledger
) -> list[str]:
    """Name what the oracle says otherwise of one site against one layer; nothing where no part of it is asked for."""
    if part is None:
        return []
    slow = SlowOverlay(part, layer, SEARCH_M, TOLERANCE_M2, sites[id(part)])
    return _Comparing(each.plain, slow, ledger).differences()


def _part_differs(each: Measured, part: Footprint | None) -> list[str]:
    """Name what is wrong with the part of a site in its territory; its corners are rounded as the plane is."""
    site = seen(each.footprint.geometry)
    within = site if each.within is None else seen(each.within)
    west, _, east, _ = site.bounds
    found = strips([site, within, shapely.Polygon() if part is None else seen(part.geometry)], west, east)
    away = found.area((found.inside[0] & found.inside[1]) ^ found.inside[2])
    return [f"the part in the territory: {away} m²"] * (away > PLACE_M * site.length)


@dataclass
class _Comparing:
    """One overlap of the fast form against the oracle."""

    found: LayerOverlap
    slow: SlowOverlay
    ledger: Ledger
    wrong: list[str] = field(default_factory=list)
    border_m: float = 0.0

    def differences(self) -> list[str]:
        outside = self.slow.outside_m2()
        covered = self.slow.covered_m2()
        self.border_m = self.slow.footprint.geometry.length + self._edge_of_coverage_m()
        self._same("covered area", self.found.covered_m2, covered, self._rounding_m2(self.border_m, PIECE))
        if self.found.covered_m2 <= 0:
            self._check("nothing is covered", covered <= self._slack_m2 and self.found.status == "no_data")
            return self.wrong
        self._uncovered()
        self._distance("reach of the coverage", self.found.covered_reach_m, 0.0 if outside else self.slow.reach_m())
        classes = self.slow.classes()
        if not self.slow.slow.lines:
            self.border_m += sum(float(shapely.length(each.pieces).sum()) for each in classes)
        self._classes(classes)
        self._slivers(self.slow.slivers(classes), _small(self.slow.apart(classes)))
        self._check("status", self.found.status == self._status())
        self._distances(classes)
        if self.found.beyond is not None:
            for selection in SELECTIONS:
                found = self.found.beyond(selection, unleveled=True)
                self._same("area beyond", found.area_m2, self.slow.beyond_m2(selection), self._slack_m2)
                self._beyond(found, self.slow.beyond(selection))
        return self.wrong

    def _rounding_m2(self, border_m: float, times: int) -> float:
        """Return how far apart two areas may be, however small, whose border was rounded so often."""
        origin, whole = self.slow.footprint.origin, self.slow.footprint.whole or self.slow.footprint
        moved_m = sqrt(2) * (origin.grid_m / 2 + whole.radius_m * 2.0**-53)
        return max(SAME_M2, times * border_m * moved_m)

    @property
    def _slack_m2(self) -> float:
        """How far apart two areas may be that all borders in the site are the border of."""
        return self._rounding_m2(self.border_m, OUTSIDE)

    def _edge_of_coverage_m(self) -> float:
        """Return the length of the border of the coverage in the site."""
        edge, place = shapely.boundary(self.slow.slow.covered), self.slow.site.geometry
        return float(shapely.length(shapely.intersection(edge, place))) if shapely.intersects(edge, place) else 0.0

    def _status(self) -> str:
        """Return the status that follows from certainties and coverage; these are compared by themselves."""
        if any(hit.certainty == "certain" for hit in self.found.classes):
            return "affected"
        if self.found.classes:
            return "possible"
        return "no_data" if self.found.uncovered_m2 > 0 else "not_affected"

    def _uncovered(self) -> None:
        by = self.slow.footprint.site.accuracy_m
        least, most = (self.slow.uncovered_m2(max(by + e, 0.0) if by else 0.0) for e in (-BUFFER_M, BUFFER_M))
        counted = self.found.uncovered_m2 + self.found.slivers.uncovered_m2
        # What is grown is rounded as the numbers of the plane are.
        slack = PLACE_M * self.slow.footprint.geometry.length if by else 0.0
        self._between("uncovered area", counted, least - slack, most + slack)
        self._check("uncovered or sliver", self.found.uncovered_m2 in {0.0, counted})
        self._decision("uncovered counts", self.found.uncovered_m2 > 0, least >= TOLERANCE_M2, most >= TOLERANCE_M2)

    def _classes(self, classes: Sequence[SlowClass]) -> None:
        reported = {hit.class_id: hit for hit in self.found.classes}
        self._check("order of classes", list(reported) == [c.class_id for c in classes if c.class_id in reported])
        for each in classes:
            hit = reported.pop(each.class_id, None)
            self._decision(f"{each.class_id} is reported", hit is not None, *self._reports(each))
            if hit is not None:
                self._class(hit, each)
        self._check(f"classes without zones {list(reported)}", not reported)

    def _reports(self, each: SlowClass) -> tuple[bool, bool]:
        """Return whether a class is reported at the least and at the most."""
        if self._meets(each.doubt, least=True):
            return True, True
        most = self._meets(each.doubt, least=False)
        by = self.slow.accuracy_m
        if by == 0:
            return False, most
        return each.doubt.touched(max(by - BUFFER_M, 0.0)), most or each.doubt.touched(by + BUFFER_M)

    def _meets(self, doubt: SlowDoubt, *, least: bool) -> bool:
        sizes = self._line_sizes(doubt) if self.slow.slow.lines else (doubt.size(doubt.overlap),) * 2
        return sizes[0] >= doubt.enough + self._slack_m2 if least else sizes[1] >= doubt.enough - self._slack_m2

    def _class(self, hit: ClassOverlap, each: SlowClass) -> None:
        name = each.class_id
        self._zones(hit, each)
        if self.slow.slow.lines:
            self._between(f"length in {name}", hit.length_m, *self._line_sizes(each.doubt))
        else:
            slack = self._rounding_m2(float(shapely.length(each.pieces).sum()), UNITED)
            self._same(f"area of {name}", hit.overlap_m2, each.size, slack)
            whole = self.slow.footprint.area_m2
            self._same(f"share of {name} as an area", hit.share * whole, min(each.size, whole), slack)
        self._certainty(f"certainty of {name}", hit.certainty == "certain", each.doubt)
        self._flips(f"flips of {name}", hit.flips_at_m, each.doubt)
        ids = {zone.id for zone in (*hit.zones, *hit.nearby)}
        met = [number for number, piece in zip(each.numbers, each.pieces, strict=True) if not piece.is_empty]
        assumed = met or [number for number in each.numbers if self.slow.slow.layer.ids[number] in ids]
        self._check(f"{name} is assumed", hit.assumed == any(self.slow.slow.layer.assumed[n] for n in assumed))

    def _zones(self, hit: ClassOverlap, each: SlowClass) -> None:
        """Compare the zones overlapped with those cut, those beside with those grown into or met in the plane."""
        least = 0.0 if self.slow.slow.lines else ROUNDING_M2
        real = [zone for zone in (*hit.zones, *hit.nearby) if zone.overlap_m2 + zone.length_m > least]
        beside = [zone for zone in (*hit.zones, *hit.nearby) if zone not in real]
        self._check(f"order of zones in {hit.class_id}", not real or (list(hit.zones) == real))
        by = self.slow.accuracy_m
        grown = [self.slow.site.resized(max(by + e, 0.0) if by else 0.0) for e in (-BUFFER_M, BUFFER_M)]
        if by and self.slow.footprint.whole is not None:
            # Where the growth ends with the territory 2 mm make no difference, but its border is rounded.
            grown = [shapely.buffer(shape, by_) for shape, by_ in zip(grown, (-TOUCH_M, TOUCH_M), strict=True)]
        for place, number in enumerate(each.numbers):
            zone_id, zone = self.slow.slow.layer.ids[number], each.doubt.zones[place]
            mine = [zone_ for zone_ in real if zone_.id == zone_id]
            self._piece(f"zone {zone_id}", mine, each, place)
            touches = [bool(shapely.intersects(zone, shape)) for shape in grown]
            listed = bool(mine) or any(zone_.id == zone_id for zone_ in beside)
            meets = bool(shapely.intersects(self.slow.slow.layer.geometries[number], self.slow.footprint.geometry))
            self._decision(f"zone {zone_id} is listed", listed, touches[0], touches[1] or meets)

    def _piece(self, name: str, mine: Sequence[ZoneOverlap], each: SlowClass, place: int) -> None:
        amount = sum(zone.overlap_m2 + zone.length_m for zone in mine)
        if self.slow.slow.lines:
            sizes = self._line_sizes_of(each, place)
            self._between(f"length in {name}", amount, *sizes)
            self._decision(f"{name} is met", bool(mine), sizes[0] > SAME_M2, sizes[1] > 0)
            return
        size = each.sizes[place]
        self._decision(f"{name} is met", bool(mine), size > 2 * ROUNDING_M2, size > 0)
        if mine or size > 2 * ROUNDING_M2:
            border_m = float(shapely.length(each.pieces[place]))
            self._same(f"area in {name}", amount, size, self._rounding_m2(border_m, PIECE))

    def _line_sizes(self, doubt: SlowDoubt) -> tuple[float, float]:
        """Return the length inside the footprint at the least and at the most, by where its border is taken."""
        cuts = (self.slow.site.resized(-(LINE_SHRUNK_M + e)) for e in (BUFFER_M, -BUFFER_M))
        least, most = (doubt.size(shapely.union_all(shapely.intersection(doubt.zones, cut))) for cut in cuts)
        return least, most

    def _line_sizes_of(self, each: SlowClass, place: int) -> tuple[float, float]:
        cuts = (self.slow.site.resized(-(LINE_SHRUNK_M + e)) for e in (BUFFER_M, -BUFFER_M))
        least, most = (each.doubt.size(shapely.intersection(each.doubt.zones[place], cut)) for cut in cuts)
        return least, most

    def _certainty(self, name: str, certain: bool, doubt: SlowDoubt) -> None:
        kind, by = _kind(name), self.slow.accuracy_m
        self.ledger.compared[kind] += 1
        if certain == doubt.certain(by):
            return
        open_, shut = (each.certain(by) for each in doubt.seams())
        if doubt.certain(max(by - BUFFER_M, 0.0)) != doubt.certain(by + BUFFER_M):
            self.ledger.tolerated[kind] += 1
        elif certain == replace(doubt, by_segments=True).certain(by):
            self.ledger.tolerated[f"{kind}, segment by segment"] += 1
        elif open_ != shut:
            self.ledger.tolerated[f"{kind}, seams"] += 1
        else:
            self.wrong.append(f"{name}: {certain}, also 2 mm off")

    def _flips(self, name: str, found: float | None, doubt: SlowDoubt) -> None:
        kind, expected = _kind(name), doubt.flips_at_m()
        self.ledger.compared[kind] += 1
        if found == expected:
            return
        last = doubt.last_step + 1
        if abs(_step(found, last) - _step(expected, last)) == 1:
            self.ledger.tolerated[f"{kind}, one step"] += 1
            return
        if doubt.meets() and not self.slow.slow.lines:
            if found == replace(doubt, by_segments=True).flips_at_m():
                self.ledger.tolerated[f"{kind}, segment by segment"] += 1
                return
            open_, shut = (_step(each.flips_at_m(), last) for each in doubt.seams())
            if open_ < shut and open_ - 1 <= _step(found, last) <= shut + 1:
                self.ledger.tolerated[f"{kind}, seams"] += 1
                return
        self.wrong.append(f"{name}: {found}, not {expected}")

    def _slivers(self, parts: Sequence[tuple[float, bool]], apart: Sequence[float]) -> None:
        """Compare count and sum.

        Parts beside a limit, or that meet another in a corner, may be counted or not, and parts of different zones as
        one or as two.
        """
        count, total = self.found.slivers.count, self.found.slivers.sum_m2
        small = _small([area for area, _ in parts])
        slack = self._slack_m2
        open_ = [
            area
            for area, meets in parts
            if area < TOLERANCE_M2 + slack
            and (meets or min(abs(area - ROUNDING_M2), abs(area - TOLERANCE_M2)) <= slack)
        ]
        self.ledger.compared["slivers"] += 1
        if count == len(small) and abs(total - sum(small)) <= slack:
            return
        counts, sums = sorted((len(small), len(apart))), sorted((sum(small), sum(apart)))
        counted = counts[0] - len(open_) <= count <= counts[1] + len(open_)
        if counted and sums[0] - sum(open_) - slack <= total <= sums[1] + sum(open_) + slack:
            self.ledger.tolerated["slivers"] += 1
        else:
            self.wrong.append(f"slivers: {count} with {total} m², not {len(small)} with {sum(small)} m²")

    def _distances(self, classes: Sequence[SlowClass]) -> None:
        distances = dict(self.found.distances_m or {})
        for each in classes:
            number = self.slow.slow.layer.class_order.index(each.class_id)
            self._distance("distance", distances.pop(each.class_id, None), self.slow.distance_m(number))
        self._check("distances of classes without zones", not distances)
        self._distance("distance without class", self.found.unleveled_m, self.slow.unleveled_m())

    def _distance(self, name: str, found: float | None, expected: float | None) -> None:
        """Compare two distances; None is farther than the search."""
        limit = self.slow.search_m
        one, other = (limit if each is None else min(each, limit) for each in (found, expected))
        same = abs(one - other) <= SAME_M + SAME_DISTANCE * other
        self._check(f"{name}: {found}, not {expected}", same)

    def _beyond(self, found: Beyond, doubt: SlowDoubt) -> None:
        self._certainty("beyond is certain", found.certain, doubt)
        by = self.slow.accuracy_m
        least, most = self._meets(doubt, least=True), self._meets(doubt, least=False)
        if by and not least:
            least = doubt.touched(max(by - BUFFER_M, 0.0))
            most = most or doubt.touched(by + BUFFER_M)
        self._decision("beyond is possible", found.possible, least, most)

    def _same(self, name: str, found: float, expected: float, slack: float) -> None:
        same = self.ledger.note(found, expected) <= max(SAME_SHARE * expected, slack)
        self._check(f"{name}: {found}, not {expected}", same)

    def _between(self, name: str, found: float, least: float, most: float) -> None:
        slack = self._slack_m2 + SAME_SHARE * most
        self._check(f"{name}: {found}, not {least} to {most}", least - slack <= found <= most + slack)

    def _decision(self, name: str, found: bool, least: bool, most: bool) -> None:
        """Compare a decision with the oracle's at the least and at the most; where these differ both are right."""
        self.ledger.compared[_kind(name)] += 1
        if least != most:
            self.ledger.tolerated[_kind(name)] += 1
        elif found != least:
            self.wrong.append(f"{name}: {found}, not {least}")

    def _check(self, name: str, same: bool) -> None:
        self.ledger.compared[_kind(name)] += 1
        if not same:
            self.wrong.append(name)


def _small(areas: Sequence[float]) -> list[float]:
    """Return the areas of slivers."""
    return [area for area in areas if ROUNDING_M2 < area < TOLERANCE_M2]


def _step(metres: float | None, last: int) -> int:
    """Return the number of a step of 0.1 m; what does not flip is one after the last."""
    return last if metres is None else round(metres * STEPS_PER_METRE)


def _kind(name: str) -> str:
    """Return what was compared without the names of zones and classes."""
    return " ".join(word for word in name.partition(":")[0].split() if word not in CLASSES and not word[1:].isdigit())
