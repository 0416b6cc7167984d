"""What a component's life looks like: licence, support, releases. Status on any day is computed, never stored."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from catalog.model import Sentence, Slug, Sourced

Status = Literal["active", "deprecated", "unsupported", "archived", "unobtainable"]
"""active: kept up. deprecated: works, its makers advise against starting with it. unsupported: no fixes any more.
archived: repository closed. unobtainable: cannot be bought, created or downloaded any more."""


class LifecycleEvent(Sourced):
    """From day `on` the component is `becomes`."""

    on: date
    becomes: Status
    note: Sentence


class Lifecycle(Sourced):
    """Dated events; before the first event a component is active."""

    since: date | None = None
    """First stable release or general availability."""
    events: tuple[LifecycleEvent, ...] = ()
    successor: Slug | None = None
    """The component that its makers, or failing them the field, name instead."""
    move: Sentence | None = None
    """What a move to the successor takes."""
    follows: Slug | None = None
    """The component that this one packages: the last days of its releases hold for those of this one that name none."""

    def status(self, on: date) -> Status:
        """The status on a day: that of the last event not after it."""
        past = [event for event in sorted(self.events, key=lambda event: event.on) if event.on <= on]
        return past[-1].becomes if past else "active"


class LicenceChange(Sourced):
    """From day `on` new versions come under `to`."""

    on: date
    to: str
    note: Sentence


NO_LICENCE = "NONE"
"""The licence of a pattern: a way of working that nobody owns."""


class Licence(Sourced):
    """`spdx` is an SPDX id, `proprietary` for a service or product without a public licence, or `NONE` for a pattern."""

    spdx: str
    changes: tuple[LicenceChange, ...] = ()


class Release(Sourced):
    """One supported line of versions of a component."""

    version: str
    """The newest patch of the line at the day checked."""
    released: date | None = None
    end_of_support: date | None = None
    kubernetes: tuple[str, ...] = ()
    """The Kubernetes minors that its makers say this release supports (`1.35`); empty where they name none."""
    supports: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Releases of other components that this one works with, by component id: `{ceph: ["19.2.4", "20.2.1"]}`."""
    charts: dict[str, str] = Field(default_factory=dict)
    """Chart versions that install this release, by chart name."""
    newer: Sentence | None = None
    """What has come out since, and why it is not here: a chart whose values nobody could compare, a new line to be read first."""

    def supported(self, on: date) -> bool:
        """Whether its makers still mend it on a day: through the last day named, and where none is named always."""
        return self.end_of_support is None or self.end_of_support >= on


class Extra(Sourced):
    """A thing of another project that comes along, at one version: the image of a job, a plugin, a program, an action.

    It ages as a release does: a version that only code knows is a version that nobody looks at again.
    """

    version: str
    image: str | None = None
    """Where its image lies, without the version."""
    newer: Sentence | None = None
    """What has come out since, and why it is not here."""
    commit: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")
    """What it is pinned by, where others could move the version."""

    @property
    def reference(self) -> str:
        """Its image at its version."""
        return f"{self.image}:{self.version}"


class ServiceLevel(Sourced):
    """A published availability commitment, in percent of a month."""

    percent: str
    scope: Sentence
    includes: tuple[str, ...] = ()
    """Components that the service is a part of or runs on, whose failures its own commitment counts already."""


class Maturity(Sourced):
    """Who governs the project: `cncf` maturity where it has one, else who stands behind it."""

    cncf: Literal["sandbox", "incubating", "graduated", "archived"] | None = None
    governed_by: str
