"""Who answers for a zone: river chief, forest chief, field chief (河长、林长、田长), an office."""

from collections.abc import Mapping
from dataclasses import dataclass

from zoning.mistakes import Mistake, meant
from zoning.strict_models import Content
from zoning.texts import Text

NOT_RECORDED = Text("未登记", "not recorded")


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers for one zone; a field that is empty there is None."""

    title: Text
    name: str | None
    office: str | None = None
    contact: str | None = None

    @property
    def text(self) -> Text:
        """Name, office and contact in one line, and that nobody is recorded where that is so."""
        known = [part for part in (self.name, self.office, self.contact) if part]
        return Text("，".join(known), ", ".join(known)) if known else NOT_RECORDED


class Responsible(Content):
    """The fields of a layer that say who answers for a zone.

    `field`, `office_field` and `contact_field` are among the layer's `attributes`; `title` is what the
    person is called.
    """

    field: str
    title: Text
    office_field: str | None = None
    contact_field: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields, each once."""
        named = (self.field, self.office_field, self.contact_field)
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def check(self, attributes: tuple[str, ...], public: tuple[str, ...]) -> None:
        """Do nothing when the fields are attributes of the layer, and none of them is public.

        Raises
        ------
        Mistake
            Else.
        """
        for key in ("field", "office_field", "contact_field"):
            name = getattr(self, key)
            if name is None:
                continue
            if name not in attributes:
                hint, listed = meant(name, attributes), ", ".join(attributes)
                text = Text(
                    f"图层的 attributes 中没有字段“{name}”；可用：{listed}{hint.zh}",
                    f"the layer's 'attributes' have no field '{name}'; allowed: {listed}{hint.en}",
                )
                raise Mistake(text, ("responsible", key))
            if name in public:
                text = Text(
                    f"字段“{name}”是责任人信息，不得列入 public_attributes；请删去",
                    f"the field '{name}' is about a person and is never public: take it out of 'public_attributes'",
                )
                raise Mistake(text, ("public_attributes", public.index(name)))

    def of(self, attributes: Mapping[str, str]) -> Person:
        """Return who answers for the zone with these attributes."""
        office = attributes.get(self.office_field) if self.office_field else None
        contact = attributes.get(self.contact_field) if self.contact_field else None
        return Person(self.title, attributes.get(self.field) or None, office or None, contact or None)
