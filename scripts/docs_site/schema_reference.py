"""The page of the published JSON Schemas, and the schemas themselves."""

from typing import Any

from zoning.cli.start import published_schemas

WORDS = {
    "zh": """# JSON Schema

程序输出的 JSON 都按公开的 Schema 书写，测试逐一核对。`zoning schema NAME` 打印同样的内容。
""",
    "en": """# JSON Schemas

JSON that the program writes follows published schemas; tests hold it to them. `zoning schema NAME` prints the same.
""",
}
HEAD = {"zh": ("字段", "必有", "类型", "是"), "en": ("key", "always", "type", "yes")}


def schema_documents() -> dict[str, dict[str, Any]]:
    """Return the published schemas by name."""
    return {name: make() for name, make in published_schemas().items()}


def schema_page(schemas: dict[str, dict[str, Any]], language: str) -> str:
    """Return the page in one language ("zh" or "en"): what each schema holds at its top, and its file."""
    key, always, kind, yes = HEAD[language]
    parts = [WORDS[language]]
    for name, schema in schemas.items():
        parts += [
            f"## {name}\n",
            f"[{name}.schema.json]({name}.schema.json)\n",
            f"| {key} | {always} | {kind} |\n|---|---|---|",
        ]
        required = schema.get("required", [])
        for word, about in schema.get("properties", {}).items():
            parts.append(f"| `{word}` | {yes if word in required else ''} | {kind_of(about)} |")
        parts.append("")
    return "\n".join(parts)


def kind_of(about: dict[str, Any]) -> str:
    """Return the type of a property in one line.

    >>> kind_of({"type": ["string", "null"]}), kind_of({"type": "array", "items": {"$ref": "#/$defs/zone"}})
    ('string / null', 'array of zone')
    """
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if "const" in about:
        return f"`{about['const']}`"
    if "enum" in about:
        return " / ".join(f"`{word}`" for word in about["enum"])
    options = about.get("anyOf") or about.get("oneOf")
    if options:
        return " / ".join(kind_of(one) for one in options)
    found = about.get("type", "any")
    if found == "array" and isinstance(about.get("items"), dict):
        return f"array of {kind_of(about['items'])}"
    return " / ".join(found) if isinstance(found, list) else str(found)
