"""Archives as boundary files: the one boundary in them is read as if it stood beside."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from zoning.errors import UsageError, ZoningError
from zoning.sites.crs.extent import Boxes
from zoning.sites.formats.kinds import LAYERED, Kind, opener_of, reader_of
from zoning.sites.formats.recognise import recognise
from zoning.sites.limits import Options
from zoning.sites.raw import Fault, RawFile, RawSite
from zoning.sites.streams.sliced import Labels, Records, Sliced, WholeFile
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
    with _inside(path, options) as found:
        with _renaming(found.shown):
            raw = reader_of(found.kind)(found.file, found.options)
        return _as_archived(raw, found)


@contextmanager
def opened_boundary(path: Path, options: Options) -> Iterator[Sliced]:
    """Open the one boundary of an archive, to read its records in slices.

    Raises
    ------
    ZoningError
        As `read_archive` does.
    """
    with _inside(path, options) as found, ExitStack() as stack:
        yield _opened(found, stack)


def _opened(found: "_Found", stack: ExitStack) -> Sliced:
    opener = opener_of(found.kind)
    with _renaming(found.shown):
        if opener is not None:
            return _Archived(stack.enter_context(opener(found.file, found.options)), found)
        raw = reader_of(found.kind)(found.file, found.options)
    return WholeFile(_as_archived(raw, found))


@dataclass(frozen=True, slots=True)
class _Found:
    """The boundary of an archive, unpacked.

    Attributes
    ----------
    shown
        What it is called in sentences.
    options
        For its reader.
    """

    file: Path
    kind: Kind
    shown: str
    choice: Choice
    where: Where
    options: Options


@contextmanager
def _inside(path: Path, options: Options) -> Iterator[_Found]:
    where = Where(path.name or str(path))
    with (
        opened_archive(path, where, options.limits) as archive,
        tempfile.TemporaryDirectory(prefix="zoning-") as folder,
    ):
        choice = _chosen(archive, path, options, where)
        inner = _unpacked(archive, choice, Path(folder))
        shown = f"{where.file}/{choice.candidate.name}"
        own = replace(options, layer=choice.layer)
        with _renaming(shown):
            kind = _kind(inner, own)
        yield _Found(inner, kind, shown, choice, where, own)


@contextmanager
def _renaming(shown: str) -> Iterator[None]:
    try:
        yield
    except ZoningError as error:
        _rename(error, shown)
        raise


def _rename(error: ZoningError, shown: str) -> None:
    error.text = _renamed(error.text, shown)
    error.args = (error.text.en,)


@dataclass(frozen=True, slots=True)
class _Archived:
    """An open file with the names that its parts have in the archive; see `zoning.sites.streams.sliced.Sliced`."""

    inner: Sliced
    found: _Found

    @property
    def head(self) -> RawFile:
        """What the file says of itself."""
        return _as_archived(self.inner.head, self.found)

    @property
    def count(self) -> int:
        """How many records it has."""
        return self.inner.count

    @property
    def says_ids(self) -> bool:
        """Whether a record may have an id of its own."""
        return self.inner.says_ids

    def boxes(self) -> Iterator[Boxes]:
        """Yield the boxes of all records."""
        with _renaming(self.found.shown):
            yield from self.inner.boxes()

    def slices(self, start: int, rows: int) -> Iterator[Records]:
        """Yield the records from number `start` on."""
        with _renaming(self.found.shown):
            for records in self.inner.slices(start, rows):
                yield [self._record(record) for record in records]

    def labels(self, stop: int) -> Iterator[Labels]:
        """Yield what the records before number `stop` say of themselves."""
        with _renaming(self.found.shown):
            yield from self.inner.labels(stop)

    def _record(self, record: RawSite | Fault) -> RawSite | Fault:
        shown = self.found.shown
        if isinstance(record, RawSite):
            return _site(record, shown)
        _rename(record.error, shown)
        return replace(record, where=replace(record.where, file=shown))


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


def _kind(inner: Path, options: Options) -> Kind:
    kind = recognise(inner, options.limits)
    if options.layer is not None and kind not in LAYERED:
        raise UsageError(
            f"{inner.name}：{kind} 没有图层，不能用 --layer {options.layer}",
            f"{inner.name}: {kind} has no layers, --layer {options.layer} cannot be used",
        )
    return kind


def _renamed(text: Text, shown: str) -> Text:
    """Put the names in the archive where a sentence has those of the unpacked files."""
    path = PurePosixPath(shown)
    return Text(*(_named(sentence, str(path.with_suffix("")), path.stem) for sentence in (text.zh, text.en)))


def _named(sentence: str, whole: str, stem: str) -> str:
    if sentence.startswith(f"{STEM}."):
        sentence = f"{whole}{sentence.removeprefix(STEM)}"
    return sentence.replace(f"{STEM}.", f"{stem}.")


def _as_archived(raw: RawFile, found: _Found) -> RawFile:
    shown, choice = found.shown, found.choice
    warnings = [_renamed(text, shown) for text in raw.warnings]
    if choice.unread:
        names = listed(choice.unread)
        warnings.append(
            found.where.sentence(
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
