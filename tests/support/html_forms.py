"""What a page of the server consists of: links, forms with their fields, and everything that could run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path"}


@dataclass
class Form:
    """A form: where it goes, and its fields with kind and values (`choices` of a select, of radios and checkboxes)."""

    action: str
    method: str
    is_multipart: bool
    fields: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, name: str, kind: str, value: str) -> None:
        self.fields.setdefault(name, []).append((kind, value))


@dataclass
class Page:
    """What was found: `strange` holds elements and attributes that only a payload could have made."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, url: str, mark: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url, self.mark, self.page = url, mark, Page()
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._look(tag, told)
        if tag == "a" and told.get("href"):
            self.page.links.append(urljoin(self.url, told["href"]))
        elif tag == "form":
            action = urljoin(self.url, told.get("action") or self.url)
            self.form = Form(action, told.get("method", "get").lower(), "multipart" in told.get("enctype", ""))
            self.page.forms.append(self.form)
        elif self.form is not None and told.get("name") and tag in ("input", "textarea", "button", "select"):
            kind = told.get("type", "text") if tag == "input" else tag
            self.select = told["name"] if tag == "select" else self.select
            if tag != "select":
                self.form.add(told["name"], kind, told.get("value", ""))
        elif tag == "option" and self.form is not None and self.select:
            self.form.add(self.select, "option", told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""

    def _look(self, tag: str, told: dict[str, str]) -> None:
        if self.mark in tag:
            self.page.strange.append(f"<{tag}>")
        for name, value in told.items():
            if self.mark in name or name.startswith("on"):
                self.page.strange.append(f"{tag} {name}={value}")
            address = value.strip().lower()
            is_address = name in ("href", "src", "action", "formaction", "srcdoc", "data", "poster")
            if is_address and (address.startswith(("javascript:", "vbscript:", "data:text/html")) or name == "srcdoc"):
                self.page.strange.append(f"{tag} {name}={value}")
            if is_address and self.mark in value and urlsplit(value).netloc not in ("", urlsplit(self.url).netloc):
                self.page.strange.append(f"{tag} {name}={value}")
            if name == "style" and self.mark in value:
                self.page.strange.append(f"{tag} style={value}")
        if tag == "script" and "src" not in told and told.get("type") != "application/json":
            self.page.strange.append("inline script")


def read_page(url: str, text: str, mark: str) -> Page:
    """Return what a page consists of; `mark` is a word that only payloads have."""
    reader = _Reader(url, mark)
    reader.feed(text)
    reader.close()
    return reader.page
