"""Options that several commands take together are declared once and come to each of them as one value."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from zoning.cli.intake import Intake, OnInvalid
from zoning.cli.mines_app import mines_app
from zoning.cli.mines_documents import from_parcels
from zoning.cli.option_groups import takes_options
from zoning.errors import ContentError


@dataclass(frozen=True, slots=True)
class Place:
    """A required option and one with a default."""

    where: Annotated[str, typer.Option("--where")]
    near: Annotated[float | None, typer.Option("--near")] = None


def app_of(told: list[object]) -> typer.Typer:
    app = typer.Typer()

    @app.command()
    @takes_options(place=Place, intake=Intake)
    def run(
        first: Annotated[int, typer.Option("--first")] = 1, *, place: Place, last: bool = False, intake: Intake
    ) -> None:
        """Run."""
        told.append((first, place, last, intake))

    return app


def test_a_command_gets_each_group_as_one_value() -> None:
    told: list[object] = []
    done = CliRunner().invoke(app_of(told), ["--where", "here", "--crs", "GCJ02", "--last", "--first", "3"])
    assert done.exit_code == 0
    assert told == [(3, Place("here", None), True, Intake(crs="GCJ02", on_invalid=OnInvalid.repair))]


def test_an_option_without_a_default_must_be_given() -> None:
    told: list[object] = []
    assert CliRunner().invoke(app_of(told), []).exit_code == 2
    assert told == []


def test_the_options_stand_in_the_help_where_their_parameter_stands() -> None:
    command = typer.main.get_command(app_of([]))
    names = [name for parameter in command.params for name in parameter.opts]
    assert names[:4] == ["--first", "--where", "--near", "--last"]
    assert names[4] == "--crs"


ANALYSES = ("priority", "volumes", "works", "mode", "recovery", "watch")
ALIKE = ("parcels", "register", "dem", "design", "out", "on", "workspace", "output", "rasters", "formula", "clouds")


@pytest.mark.parametrize("name", ALIKE)
def test_an_option_of_several_analyses_is_one_option(name: str) -> None:
    group = typer.main.get_command(mines_app)
    assert isinstance(group, typer.core.TyperGroup)
    found = [
        (parameter.opts, parameter.secondary_opts, parameter.default, getattr(parameter, "help", None))
        for analysis in ANALYSES
        for parameter in group.commands[analysis].params
        if parameter.name == name
    ]
    assert len(found) > 1
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "works.json: cannot be read (No such file or directory)"),
        ("{", "works.json: this is no works.json of zoning mines works"),
        ("{}", "works.json: this is no works.json of zoning mines works"),
        ('{"parcels": [{}]}', "works.json: this is no works.json of zoning mines works"),
        ('{"parcels": 3}', "works.json: this is no works.json of zoning mines works"),
    ],
)
def test_a_document_of_something_else_is_refused(tmp_path: Path, content: str | None, sentence: str) -> None:
    path = tmp_path / "works.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        from_parcels(path, "works", lambda parcels: [one["id"] for one in parcels])
    assert caught.value.text.en == sentence


def test_a_document_gives_what_is_taken_of_it(tmp_path: Path) -> None:
    path = tmp_path / "works.json"
    path.write_text('{"parcels": [{"id": "1"}, {"id": "2"}]}', encoding="utf-8")
    assert from_parcels(path, "works", lambda parcels: [one["id"] for one in parcels]) == ["1", "2"]
