"""Lists as files: the list that a page shows, as a workbook or a GeoPackage; who took it stands in the log."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import Request, Response

from zoning.registers.log import Entry, append
from zoning.registers.place import Place
from zoning.web.jobs.downloads import kind_of
from zoning.web.refusals import not_found
from zoning.web.rendering import language_of
from zoning.web.server import server_of, who_of


def list_file(
    request: Request,
    place: Place,
    form: str,
    makers: Mapping[str, Callable[..., bytes]],
    lines: Sequence[Any],
    *,
    name: str,
    counted: str,
    persons: bool,
) -> Response:
    """Return a list as a file.

    Parameters
    ----------
    makers
        Form (the end of the file's name) -> what makes it of place, lines, day, language and `personal`.
    name
        Of the list, in the name of the file and in the log.
    counted
        What the log calls the lines.
    persons
        Whether it may hold names and telephone numbers.

    Raises
    ------
    Refused
        404 for a form that there is not.
    """
    if form not in makers:
        raise not_found("没有这种格式", "there is no such format")
    server = server_of(request)
    on = server.today()
    content = makers[form](place, lines, on, language_of(request), personal=persons)
    told = {"what": "export", "form": form, counted: len(lines), "personal": persons}
    with place.database.writing() as connection:
        append(connection, [Entry("server", f"export:{name}", 0, "admin", told)], server.stamp(who_of(request)))
    head = {"Content-Disposition": f'attachment; filename="{name}-{on}.{form}"'}
    return Response(content, media_type=kind_of(f"{name}.{form}").media, headers=head)
