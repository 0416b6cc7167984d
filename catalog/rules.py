"""Rules as files say them, with what guides completion beside them: recommendations and ratings by priority.

Apart from the components, because layers have rules too and a start that looks at no component needs none of its models.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from catalog.conditions import Condition, Scalar
from catalog.model import Model, Sentence, Slug, Sourced, Url

Priority = Literal["operations", "cost", "availability", "lock-in", "maturity", "performance", "simplicity"]
PRIORITIES: tuple[Priority, ...] = (
    "operations", "cost", "availability", "lock-in", "maturity", "performance", "simplicity",
)
"""What an architect may optimise for; `operations` means little work to run, `lock-in` means easy to leave."""


class Rule(Sourced):
    """One clause: the subject (this component, or it in the role `as`) and at most two more conditions lead somewhere.

    requires: at least one of these must hold.      excludes: none of these may hold.
    warns: shown when any of these holds (an empty list: always).   warns-without: shown when none of these holds.
    sets: these settings are fixed.
    """

    id: Slug
    as_: Slug | None = Field(default=None, alias="as")
    when: tuple[Condition, ...] = Field(default=(), max_length=2)
    requires: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    excludes: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    warns: tuple[Condition, ...] | None = None
    warns_without: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    sets: dict[str, Scalar] | None = Field(default=None, min_length=1)
    across: Literal["each", "some"] | None = None
    """For a design-wide subject and conditions about clusters: must it hold in each cluster or in some?
    Default: `each` for an installable component, `some` for any other."""
    waivable: bool = False
    """A risk that somebody can accept: a waiver names rule, reason, owner and until when."""
    because: Sentence
    """One plain sentence: conflict text, reason for a greyed option and justification in a record alike."""

    @model_validator(mode="after")
    def one_effect(self) -> Rule:
        effects = (self.requires, self.excludes, self.warns, self.warns_without, self.sets)
        if sum(effect is not None for effect in effects) != 1:
            raise ValueError("a rule has exactly one of requires, excludes, warns, warns-without, sets")
        if self.waivable and not self.binding:
            raise ValueError("only a binding rule can be waived")
        if self.excludes is not None and len(self.when) > 1:
            raise ValueError("'excludes' leaves room for one 'when': a rule has at most two conditions beside its subject")
        return self

    @property
    def binding(self) -> bool:
        """False for a rule that only warns."""
        return self.warns is None and self.warns_without is None


class Recommendation(Model):
    """Guides completion, never binds: when all these context conditions hold, this option is the one to take."""

    when: tuple[Condition, ...] = Field(min_length=1)
    because: Sentence


class Rating(Model):
    """0 (poor) to 4 (excellent) on one priority, with the reason in a few words."""

    score: int = Field(ge=0, le=4)
    because: Sentence
    source: Url | None = None
    checked: date | None = None
