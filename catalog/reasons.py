"""Reasons as data: why an option is excluded or implied, why answers cannot stand, and what would mend it.

A reason depends on catalog and answers only, never on the path taken; `catalog/words.py` alone words it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

State = Literal["available", "implied", "excluded"]

AnswerKind = Literal[
    "context", "cluster", "choice", "reject", "setting", "version", "fact", "asked", "assumption", "waiver",
]


class Option(NamedTuple):
    """A component (or `none`) of a decision, in one kind of cluster or (kind None) for the whole design."""

    decision: str
    component: str
    kind: str | None = None

    def __str__(self) -> str:
        place = f"{self.kind}/" if self.kind else ""
        return f"{place}{self.decision}={self.component}"


@dataclass(frozen=True, order=True)
class Cause:
    """One answer that takes part in a reason. `subject` is the question, decision, setting or fact; `value` what
    was said; `kind_of_cluster` where it was said for some clusters only; `origin` file:line, wizard or flag."""

    kind: AnswerKind
    subject: str
    value: str
    kind_of_cluster: str | None = None
    origin: str = ""
    pinned: bool = False


@dataclass(frozen=True, order=True)
class RuleRef:
    """A rule that takes part: its id (unique in the catalog) and the kind of cluster it was applied to."""

    id: str
    kind_of_cluster: str | None = None


@dataclass(frozen=True)
class Link:
    """One step of a chain: because of `because` (literals known so far, worded), `rule` leads to `then`.

    Literals are structured: (positive, subject kind, subject, value, kind of cluster)."""

    because: tuple[Fact, ...]
    rule: RuleRef
    then: Fact | None
    """None: nothing is left (a contradiction)."""


class Fact(NamedTuple):
    """A literal as data: `context`/`choice`/`component`/`capability`/`setting`/`fact`/`asked`, and whether it holds."""

    holds: bool
    about: Literal["context", "choice", "component", "capability", "setting", "fact", "asked", "release"]
    subject: str
    value: str
    kind_of_cluster: str | None = None


@dataclass(frozen=True)
class Reason:
    """Why `option` is excluded or implied (or, with option None, why the answers contradict each other).

    causes: the smallest set of answers; rules: the smallest set of rules given those; chain: from the answers to
    the end, in an order in which each link follows from what stands before it."""

    option: Option | None
    state: State
    causes: tuple[Cause, ...]
    rules: tuple[RuleRef, ...]
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Change:
    """One answer dropped (`to` None) or changed, or one added (`from_` None) in order to reach a wanted option."""

    cause: Cause
    to: str | None = None


@dataclass(frozen=True)
class Repair:
    """A smallest set of changes after which the answers (and the wanted option) can stand."""

    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Conflict:
    """Answers that cannot stand together."""

    reason: Reason
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Margin:
    """Why a recommended component won: the first level of the optimum that separated it from the runner-up.

    level: `support`, `recommended`, a priority, `goes-with`, `fewer`, `order`, `only` (no other was available) or
    `forced` (the runner-up alone would be better, and `reason` says what rules it out with the rest)."""

    level: str
    runner_up: str | None = None
    score: int | None = None
    runner_up_score: int | None = None
    because: str | None = None
    """Wording of the recommendation or rating that decided, from the catalog."""
    reason: Reason | None = None
