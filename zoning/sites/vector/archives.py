"""Archives as boundary files: the one boundary in them is read as if it stood beside."""

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from zoning.errors import UsageError, ZoningError
from zoning.sites.formats.kinds import LAYERED, reader_of
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Options
from zoning.sites.raw import RawFile, RawSite
from zoning.sites.vector.archive_contents import STEM, Choice, Contents, choose_boundary, contents
from zoning.sites.vector.choosing import listed
from zoning.sites.vector.zip_files import Archive, opened_archive
from zoning.sites.where import Where
from zoning.texts import Text

_FIRST_OF_KMZ = "doc.kml"


def read_archive(path: Path, options: Options) -> RawFile:
    """Read the one boundary of an archive, or the one that `--layer` names.

    Raises
    ------
    ZoningError
        Its sentence names the archive and the file in it.
    """
    where = Where(path.name or str(path))
    with (
        opened_archive(path, where, options.limits) as archive,
        tempfile.TemporaryDirectory(prefix="zoning-") as folder,
    ):
        choice = _chosen(archive, path, options, where)
        inner = _unpacked(archive, choice, Path(folder))
        shown = f"{where.file}/{choice.candidate.name}"
        try:
            raw = _read(inner, replace(options, layer=choice.layer))
        except ZoningError as error:
            error.text = _renamed(error.text, shown)
            error.args = (error.text.en,)
            raise
    return _as_archived(raw, shown, choice, where)


def _chosen(archive: Archive, path: Path, options: Options, where: Where) -> Choice:
    found = contents(archive)
    if path.suffix.lower() == ".kmz" and options.layer is None:
        # By the standard of KMZ the document is the one that stands first; it names the others by links.
        first = [candidate for candidate in found.sure if candidate.name.lower() == _FIRST_OF_KMZ]
        if first:
            others = tuple(candidate.name for candidate in found.sure if candidate not in first)
            return Choice(first[0], None, others)
        found = Contents(found.sure, ())
    return choose_boundary(found, options.layer, where)


def _unpacked(archive: Archive, choice: Choice, folder: Path) -> Path:
    parts = choice.candidate.parts
    archive.check_size(list(parts.values()))
    for name, member in parts.items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        archive.unpack(member, target)
    return folder / choice.candidate.target


def _read(inner: Path, options: Options) -> RawFile:
    kind = recognise(inner, options.limits)
    if options.layer is not None and kind not in LAYERED:
        raise UsageError(
            f"{inner.name}：{kind} 没有图层，不能用 --layer {options.layer}",
            f"{inner.name}: {kind} has no layers, --layer {options.layer} cannot be used",
        )
    return reader_of(kind)(inner, options)


def _renamed(text: Text, shown: str) -> Text:
    """Put the names in the archive where a sentence has those of the unpacked files."""
    path = PurePosixPath(shown)
    return Text(*(_named(sentence, str(path.with_suffix("")), path.stem) for sentence in (text.zh, text.en)))


def _named(sentence: str, whole: str, stem: str) -> str:
    if sentence.startswith(f"{STEM}."):
        sentence = f"{whole}{sentence.removeprefix(STEM)}"
    return sentence.replace(f"{STEM}.", f"{stem}.")


def _as_archived(raw: RawFile, shown: str, choice: Choice, where: Where) -> RawFile:
    warnings = [_renamed(text, shown) for text in raw.warnings]
    if choice.unread:
        names = listed(choice.unread)
        warnings.append(
            where.sentence(
                f"读取了 {choice.candidate.name}，包内其他可能有坐标的文件未读取：{names.zh}",
                f"{choice.candidate.name} was read; other files in it that may hold coordinates were not: {names.en}",
            )
        )
    sites = tuple(_site(site, shown) for site in raw.sites)
    return replace(raw, sites=sites, warnings=tuple(warnings), file=shown)


def _site(site: RawSite, shown: str) -> RawSite:
    return replace(
        site,
        where=replace(site.where, file=shown),
        warnings=tuple(_renamed(text, shown) for text in site.warnings),
    )
