"""The layer model: decisions, context questions, settings and context-only rules of `catalog/layers/<id>.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from catalog.conditions import Bound, Condition, Scalar
from catalog.model import Model, Sentence, Slug
from catalog.rules import Priority, Rating, Recommendation, Rule
from catalog.settings import Setting

Scope = Literal["design", "cluster"]
Many = Literal["one", "optional", "several"]

NONE = "none"
"""The option of an `optional` decision that means: deliberately without."""


class ContextValue(Model):
    """One answer to a context question."""

    id: str = Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=40)
    title: str
    hosts: tuple[str, ...] = ()
    """Hosts of the documentation that only this answer's people can use, such as a cloud's own."""
    words: tuple[str, ...] = ()
    """Programs and names that mean nothing to people with any other answer."""


class Question(Model):
    """A fact about the use case, asked before any decision."""

    id: Slug
    title: str
    """The question in plain words."""
    why: Sentence
    scope: Scope = "design"
    """`cluster` questions are facts of each entry under `clusters:`."""
    values: tuple[ContextValue, ...] = Field(min_length=2)
    boolean: bool = False
    """Answered with true or false; the values are then `no` and `yes`."""
    several: bool = False
    """More than one value may hold."""
    ordered: Literal["rising", "falling"] | None = None
    """Values are listed from low to high (`rising`): at-least and at-most may be used on them."""
    duration: bool = False
    """Values are durations, comparable with settings."""
    assume: str | tuple[str, ...]
    """What completion assumes (and lists as an assumption) when nobody said."""

    @model_validator(mode="after")
    def assumption_known(self) -> Question:
        ids = {value.id for value in self.values}
        assumed = (self.assume,) if isinstance(self.assume, str) else self.assume
        if not set(assumed) <= ids:
            raise ValueError(f"'assume' must be one of {', '.join(value.id for value in self.values)}")
        if self.boolean and ids != {"no", "yes"}:
            raise ValueError("a boolean question has the values no and yes")
        return self


class Absence(Model):
    """What not having an optional decision means."""

    title: str = "None"
    summary: Sentence
    ratings: dict[Priority, Rating] = Field(default_factory=dict)
    recommended_when: tuple[Recommendation, ...] = ()
    rules: tuple[Rule, ...] = ()
    good_at: tuple[Sentence, ...] = ()
    bad_at: tuple[Sentence, ...] = ()


class Decision(Model):
    """One question of a layer, answered with components."""

    id: Slug
    title: str
    problem: Sentence
    """What has to be decided and what hangs on it; opens the decision record."""
    scope: Scope = "design"
    many: Many
    asked_when: tuple[Condition, ...] = ()
    """Asked only when all of these hold (context, capabilities, choices)."""
    none: Absence | None = None
    record: bool = True
    """False for a small decision that shares its layer's record, unless what is chosen cannot be taken back. Having
    nothing shares it too."""
    hop: int | None = None
    """Place on the way of a request from outside to inside (1 is first), where it has one."""
    settings: tuple[Setting, ...] = ()

    @model_validator(mode="after")
    def none_fits(self) -> Decision:
        if (self.none is not None) != (self.many == "optional"):
            raise ValueError("'none' goes with many: optional, and only with it")
        return self


class Layer(Model):
    """A slice of the architecture, in the order in which a request and then an operator meets it."""

    id: Slug
    title: str
    short: str | None = Field(default=None, min_length=1, max_length=12)
    """What it is called where there is little room, as beside every page of the wizard."""
    summary: Sentence
    after: Slug | None = None
    questions: tuple[Question, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Rules without a component as subject: context, facts and settings only."""


class Capability(Model):
    """A word of the shared vocabulary that components provide and rules require."""

    id: Slug
    means: Sentence


def question_value(question: Question, raw: Scalar) -> str:
    """The value id that an answer means (true and false for boolean questions); ValueError when it is none."""
    text = ("yes" if raw else "no") if isinstance(raw, bool) else str(raw)
    if text not in {value.id for value in question.values}:
        raise ValueError(f"{text!r} is not one of {', '.join(value.id for value in question.values)}")
    return text


def answers(question: Question, wanted: Scalar | tuple[Scalar, ...] | Bound, held: Collection[str]) -> bool:
    """Whether the values held are what a condition wants: one of those named, or in the question's order within a bound."""
    if not isinstance(wanted, Bound):
        return any(question_value(question, value) in held for value in (wanted if isinstance(wanted, tuple) else (wanted,)))
    if wanted.equals is not None:
        return question_value(question, wanted.equals) in held
    ids = [value.id for value in question.values]
    if question.ordered == "falling":
        ids.reverse()
    place = max(ids.index(value) for value in held)
    if wanted.at_least is not None:
        return place >= ids.index(question_value(question, wanted.at_least))
    return place <= ids.index(question_value(question, wanted.at_most or ""))
