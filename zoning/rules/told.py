"""The facts as they were told: for all footprints of a file, for single ones by id or name, and as options."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from zoning.errors import ContentError
from zoning.rules.facts import FactSheet, Vocabulary, parse_facts
from zoning.sites.site import Site

_MOST_KNOWN = 20_000  # names that a misspelt one is compared with


@dataclass(frozen=True, slots=True)
class Told:
    """The answers before they are parsed; the options win over those of single footprints, these over the common ones.

    Attributes
    ----------
    where
        What the sentences name: the facts file, or the option.
    """

    common: Mapping[str, object]
    single: Mapping[str, Mapping[str, object]]
    options: Mapping[str, object]
    where: str

    def of(self, site: Site, vocabulary: Vocabulary) -> FactSheet:
        """Return the facts of one footprint.

        Raises
        ------
        ContentError
            For an unknown fact or a value that the fact does not allow.
        """
        own = self.single.get(site.id) or self.single.get(site.name) or {}
        return parse_facts(vocabulary, {**self.common, **own, **self.options}, self.where)

    def check_names(self, sites: Iterable[Site]) -> None:
        """Refuse facts of a footprint that is not in the boundary file: they would be lost without a word.

        The footprints may come one by one from a file of any size: of most of them nothing is kept.

        Raises
        ------
        ContentError
            Naming the footprint, and the one of the file that is written most alike.
        """
        missing = dict.fromkeys(self.single)
        known: list[str] = []
        for site in sites:
            if not missing:
                return
            for name in (site.id, site.name):
                missing.pop(name, None)
                if len(known) < _MOST_KNOWN:
                    known.append(name)
        for name in missing:
            near = get_close_matches(name, known, n=1)
            hint_zh, hint_en = (f"；是否想写“{near[0]}”？", f" - did you mean '{near[0]}'?") if near else ("", "")
            raise ContentError(
                f"{self.where}：边界文件中没有地块“{name}”{hint_zh}",
                f"{self.where}: the boundary file has no footprint '{name}'{hint_en}",
            )
