"""What is read from files and handed on in files: frozen values in which nothing unknown is passed over."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Content(BaseModel):
    """What a file of a workspace says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(BaseModel):
    """A part of a document; in Python its fields may bear their own names, in JSON those of the schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Document(Entry):
    """What is handed on as JSON."""

    def to_json(self) -> str:
        """Return the document as JSON text: the same document always gives the same bytes."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"

    @classmethod
    def published_schema(cls, name: str) -> dict[str, Any]:
        """Return the JSON Schema of what `to_json` writes, under the name of the schema."""
        schema = cls.model_json_schema(by_alias=True, mode="serialization")
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, **schema}
