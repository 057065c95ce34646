"""What a register type says of other content: layers and their classes, documents, headers that mean one field only."""

from collections.abc import Callable, Collection
from pathlib import Path

from zoning.layers.catalogue import Layer
from zoning.mistakes import Key, meant
from zoning.registers.ledger.headers import header_words, same_header
from zoning.registers.types import RegisterType
from zoning.texts import Text
from zoning.yaml_files import Problem, YamlFile, content_error, load, read_model


def check_type(file: YamlFile, kind: RegisterType, root: Path, documents: Callable[[], Collection[str] | None]) -> None:
    """Compare a type, and the file that it was read from, with the workspace in `root`.

    A layer or a list of documents that the workspace does not have is no mistake of the type.

    Parameters
    ----------
    documents
        Gives what `listed_documents` does: the types of a workspace ask for the same.

    Raises
    ------
    ContentError
        With file and line of every mistake.
    """
    problems = [*_headers(file, kind), *_layer(file, kind, root), *_documents(file, kind, documents())]
    if problems:
        raise content_error(problems)


def _headers(file: YamlFile, kind: RegisterType) -> list[Problem]:
    owners: dict[str, str] = {}
    found: list[Problem] = []
    for name, spec in kind.fields.items():
        for word in header_words(name, spec):
            owner = owners.setdefault(same_header(word), name)
            if owner != name:
                text = Text(
                    f"表头“{word}”同时指字段 {owner} 和 {name}；请改其中一个",
                    f"the header '{word}' means both field {owner} and field {name}: change one of them",
                )
                found.append(Problem(file.path, file.line(("fields", name)), text))
    return found


def _layer(file: YamlFile, kind: RegisterType, root: Path) -> list[Problem]:
    shown = kind.as_layer
    if shown is None:
        return []
    path = root / "layers" / f"{shown.layer}.yaml"
    if not path.is_file():
        return []
    layer = read_model(path, Layer, id=path.stem)
    found: list[Problem] = []
    for value, name in shown.classes.items():
        if name not in layer.classes:
            near, listed = meant(name, layer.classes), ", ".join(layer.classes)
            text = Text(
                f"图层 {layer.id} 没有类别“{name}”{near.zh}；可用：{listed}",
                f"layer {layer.id} has no class '{name}'{near.en}; allowed: {listed}",
            )
            found.append(Problem(file.path, file.line(("as_layer", "classes", value)), text))
    wanted = "line" if kind.shape == "line" else "polygon"
    if layer.geometry != wanted:
        text = Text(
            f"图层 {layer.id} 是 {layer.geometry}，台账是 {kind.shape}",
            f"layer {layer.id} holds a {layer.geometry}, the register {kind.shape}",
        )
        found.append(Problem(file.path, file.line(("as_layer", "layer")), text))
    return found


def listed_documents(root: Path) -> Collection[str] | None:
    """Return the ids in the list of documents of the workspace in `root`, None where it has no list.

    Raises
    ------
    ContentError
        When the list cannot be read.
    """
    path = root / "rules" / "documents.yaml"
    if not path.is_file():
        return None
    listed = load(path).value
    documents: Collection[str] = listed.get("documents", {}) if isinstance(listed, dict) else {}
    return documents


def _documents(file: YamlFile, kind: RegisterType, documents: Collection[str] | None) -> list[Problem]:
    if documents is None:
        return []
    found: list[Problem] = []
    for name, deadline in kind.deadlines.items():
        if deadline.citation is not None and deadline.citation.document not in documents:
            near = meant(deadline.citation.document, documents)
            key: Key = ("deadlines", name, "citation", "document")
            text = Text(
                f"rules/documents.yaml 没有文件“{deadline.citation.document}”{near.zh}",
                f"rules/documents.yaml has no document '{deadline.citation.document}'{near.en}",
            )
            found.append(Problem(file.path, file.line(key), text))
    return found
