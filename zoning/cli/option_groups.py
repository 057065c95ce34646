"""Options that several commands take together: declared once as a dataclass, given to each command as one value."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

Command = Callable[..., None]


def takes_options(**groups: type) -> Callable[[Command], Command]:
    """Give a command all options of dataclasses; it receives each dataclass as the parameter of its name.

    In the help the options of a group stand where its parameter stands.

    Parameters
    ----------
    groups
        Name of a parameter -> frozen dataclass. Each field is an option: its name, its annotation (`Annotated` with a
        `typer.Option`), its default; a field without a default is an option that must be given. A field that is not
        given when the dataclass is made (`init=False`) is no option.
    """
    options = {name: _parameters(group) for name, group in groups.items()}

    def given(command: Command) -> Command:
        @functools.wraps(command)
        def wrapper(**values: Any) -> None:
            told = {
                name: groups[name](**{option.name: values.pop(option.name) for option in group})
                for name, group in options.items()
            }
            command(**values, **told)

        hints = get_type_hints(command, include_extras=True)
        signature = inspect.signature(command)
        parameters: list[inspect.Parameter] = []
        for name, parameter in signature.parameters.items():
            own = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name])
            parameters.extend(options.get(name, [own]))
        wrapper.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # Typer reads it
        wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return wrapper

    return given


def _parameters(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(field.name, keyword, default=_default(field), annotation=hints[field.name])
        for field in fields(group)
        if field.init
    ]


def _default(field: "Field[Any]") -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default
