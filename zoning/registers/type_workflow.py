"""The workflow of a register type: its states, and the steps between them."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zoning.mistakes import Key, Mistake, meant
from zoning.texts import Text


class Content(BaseModel):
    """A part of a type as its file says it; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def unknown(what: Text, name: str, allowed: Iterable[str], at: Key) -> Mistake:
    """Return the mistake of a name that is none of those allowed."""
    names = list(allowed)
    near, listed = meant(name, names), ", ".join(names)
    return Mistake(
        Text(
            f"没有{what.zh}“{name}”{near.zh}；可用：{listed}",
            f"there is no {what.en} '{name}'{near.en}; allowed: {listed}",
        ),
        at,
    )


STATE_WORD = Text("状态", "state")


class State(Content):
    """Where a thing can stand. `final`: nothing is due any more."""

    title: Text
    final: bool = False


class Transition(Content):
    """A step of the workflow. `back`: it undoes and asks for a reason; `evidence`: it asks for a document."""

    source: Annotated[str, Field(alias="from")]
    target: Annotated[str, Field(alias="to")]
    back: bool = False
    evidence: bool = False
    roles: tuple[str, ...] = ()


class Workflow(Content):
    """The states in their order, the first one on entry, and the steps that are allowed."""

    states: dict[str, State]
    initial: str
    transitions: tuple[Transition, ...]

    @model_validator(mode="after")
    def _steps_between_states(self) -> "Workflow":
        if self.initial not in self.states:
            raise unknown(STATE_WORD, self.initial, self.states, ("initial",))
        seen: set[tuple[str, str]] = set()
        for number, step in enumerate(self.transitions):
            for name, state in (("from", step.source), ("to", step.target)):
                if state not in self.states:
                    raise unknown(STATE_WORD, state, self.states, ("transitions", number, name))
            if step.source == step.target:
                text = Text(f"从“{step.source}”到它自己不是流转", f"a step from '{step.source}' to itself is none")
                raise Mistake(text, ("transitions", number, "to"))
            if (step.source, step.target) in seen:
                text = Text(
                    f"从“{step.source}”到“{step.target}”写了两次",
                    f"the step from '{step.source}' to '{step.target}' stands twice",
                )
                raise Mistake(text, ("transitions", number))
            seen.add((step.source, step.target))
        return self

    @model_validator(mode="after")
    def _every_state_lived_in(self) -> "Workflow":
        reached, waiting = {self.initial}, [self.initial]
        while waiting:
            here = waiting.pop()
            further = {step.target for step in self.transitions if step.source == here} - reached
            reached |= further
            waiting.extend(further)
        for name, state in self.states.items():
            if name not in reached:
                text = Text(
                    f"从“{self.initial}”到不了状态“{name}”；请补 transitions 或删去它",
                    f"the state '{name}' cannot be reached from '{self.initial}': add a transition or remove it",
                )
                raise Mistake(text, ("states", name))
            if not state.final and all(step.source != name for step in self.transitions):
                text = Text(
                    f"状态“{name}”没有出路；请补 transitions，或写 final: true",
                    f"there is no way out of the state '{name}': add a transition, or write 'final: true'",
                )
                raise Mistake(text, ("states", name))
        return self
