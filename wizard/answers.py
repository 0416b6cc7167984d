"""Answers: what the architect said, each with where it was said. Frozen; a change gives new Answers.

Nothing here is validated against a catalog (that is `wizard/answers_file.py` for text and `check_names` for values)
and nothing is derived: kinds of clusters, states and designs are computed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from catalog.conditions import Scalar
from catalog.rules import PRIORITIES, Priority
from catalog.workloads import Cluster, External, Workload

if TYPE_CHECKING:
    from catalog.design import Waiver

T = TypeVar("T")


@dataclass(frozen=True)
class Said(Generic[T]):
    """A value and its origin: `answers.yaml:12`, `wizard`, or a flag."""

    value: T
    origin: str = ""


@dataclass(frozen=True)
class ClusterAnswers:
    """A cluster's facts and what was chosen for it in particular."""

    cluster: Cluster
    origin: str = ""
    choices: Mapping[str, Said[tuple[str, ...]]] = field(default_factory=dict)
    rejects: Mapping[str, Said[tuple[str, ...]]] = field(default_factory=dict)
    settings: Mapping[str, Said[Scalar]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """Everything said. A choice for a `several` decision means at least these; `none` is a choice like any other."""

    name: str
    context: Mapping[str, Said[tuple[str, ...]]] = field(default_factory=dict)
    """Design-scoped questions to value ids (one, unless the question takes several)."""
    priorities: Said[tuple[Priority, ...]] = field(default_factory=lambda: Said(()))
    """The user's order; those not named follow in the catalog's order."""
    clusters: tuple[ClusterAnswers, ...] = ()
    choices: Mapping[str, Said[tuple[str, ...]]] = field(default_factory=dict)
    """For a cluster-scoped decision: in every cluster that does not say otherwise."""
    rejects: Mapping[str, Said[tuple[str, ...]]] = field(default_factory=dict)
    pinned: Mapping[str, Said[None]] = field(default_factory=dict)
    """Questions, decisions and settings that no repair may touch."""
    settings: Mapping[str, Said[Scalar]] = field(default_factory=dict)
    versions: Mapping[str, Said[str]] = field(default_factory=dict)
    """Component to the release that must be used."""
    waivers: tuple[Said[Waiver], ...] = ()
    workloads: tuple[Said[Workload], ...] = ()
    externals: tuple[Said[External], ...] = ()
    apart: str = ""
    """A cluster that is looked at alone: a kind of its own, also where nothing tells it from others yet. In no file."""

    def order(self) -> tuple[Priority, ...]:
        """All priorities, the user's first."""
        return (*self.priorities.value, *(priority for priority in PRIORITIES if priority not in self.priorities.value))
