"""Files that hypothesis makes up: words, numbers and structure of each text format in any order."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fuzz_seeds import Bounds, Input

BATCH = 25
_YANGCHENG: Bounds = (112.0, 35.1, 112.95, 35.75)
_TEXT_FORMATS = (".txt", ".dxf", ".vct", ".csv", ".mif", ".wkt", ".kml", ".gml", ".tab", ".tsv")
_WORD = re.compile(r"[^\s,;，；]+|[,;，；\n]")
_MOST_WORDS = 400
_NUMBERS = st.one_of(
    st.floats(112, 113).map(repr),
    st.floats(35, 36).map(repr),
    st.floats(37_600_000, 37_620_000).map(lambda x: f"{x:.3f}"),
    st.floats(3_900_000, 3_930_000).map(lambda x: f"{x:.3f}"),
    st.floats().map(repr),
    st.integers().map(str),
)
_JSON_KEYS = (
    "type", "coordinates", "features", "geometry", "geometries", "properties", "crs", "name", "id", "rings", "x", "y",
    "spatialReference", "wkid", "attributes", "hasZ", "bbox",
)  # fmt: skip
_JSON_WORDS = (
    "FeatureCollection", "Feature", "Polygon", "MultiPolygon", "LineString", "Point", "GeometryCollection", "EPSG:4490",
    "urn:ogc:def:crs:EPSG::4525", "esriGeometryPolygon", "Topology",
)  # fmt: skip


def formats(seeds: Sequence[Input]) -> list[str]:
    """Return the formats that files can be made up for."""
    return [".geojson", *(suffix for suffix in _TEXT_FORMATS if any(s.format == suffix for s in seeds))]


def make_up(seeds: Sequence[Input], suffix: str, start: int, use: Callable[[Input], None]) -> None:
    """Make up `BATCH` files and hand each over; the same for the same `start`."""

    @seed(start)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(text=_strategy(seeds, suffix), width=st.sampled_from([None, None, 10.0]))
    def run(text: str, width: float | None) -> None:
        options: Mapping[str, float] = {} if width is None else {"width_m": width}
        files = {f"a{suffix}": text.encode("utf-8", errors="surrogatepass")}
        use(Input(f"made up from {start}", f"a{suffix}", files, options, _YANGCHENG))

    run()


def _strategy(seeds: Sequence[Input], suffix: str) -> SearchStrategy[str]:
    if suffix == ".geojson":
        return _json()
    return _words(tuple(sorted(_vocabulary(seeds, suffix))))


def _json() -> SearchStrategy[str]:
    position = st.lists(st.floats(35, 113, allow_nan=False), min_size=1, max_size=4)
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(_JSON_WORDS),
        st.text(max_size=5),
        position,
    )
    tree = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=6), st.dictionaries(st.sampled_from(_JSON_KEYS), inner, max_size=5)
        ),
        max_leaves=40,
    )
    return tree.map(
        lambda item: json.dumps(item if isinstance(item, dict) else {"type": "Polygon", "coordinates": item})
    )


def _words(vocabulary: tuple[str, ...]) -> SearchStrategy[str]:
    one = st.one_of(st.sampled_from(vocabulary), st.sampled_from(vocabulary), _NUMBERS, st.text(max_size=3))
    line = st.lists(one, max_size=8).flatmap(
        lambda words: st.sampled_from([",", " ", "\t", "", "\n"]).map(lambda gap: gap.join(words))
    )
    return st.lists(line, max_size=25).flatmap(
        lambda lines: st.sampled_from(["\n", "\r\n", "\n"]).map(lambda gap: gap.join(lines))
    )


def _vocabulary(seeds: Sequence[Input], suffix: str) -> set[str]:
    words: dict[str, None] = {}
    for item in seeds:
        for name, content in item.files.items():
            if item.format == suffix and name.lower().endswith(suffix):
                text = content.decode("utf-8", errors="ignore") or content.decode("gb18030", errors="ignore")
                words.update(dict.fromkeys(_WORD.findall(text)[:100]))
    return set(list(words)[:_MOST_WORDS]) or {"a"}
