"""The component model: everything that one file `catalog/components/<layer>/<id>.yaml` may say."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from catalog.conditions import Condition
from catalog.errors import CatalogError
from catalog.faults import Fault
from catalog.lifecycle import NO_LICENCE, Extra, Licence, Lifecycle, Maturity, Release, ServiceLevel, Status
from catalog.model import DnsLabel, Model, Scalar, Sentence, Slug, Sourced, Url
from catalog.rules import PRIORITIES, Priority, Rating, Recommendation, Rule

FlowKind = Literal["request", "resolve", "scrape", "push", "store", "sync", "backup", "control"]
"""request: a user's or service's call. resolve: a name look-up. scrape: pull of metrics. push: telemetry sent.
store: data written or read by a platform part. sync: desired state or images pulled. backup: copies for recovery.
control: an operator, webhook or API call."""

PodSecurity = Literal["restricted", "baseline", "privileged"]
Support = Literal["installable", "hand-over", "known"]
Undo = Literal["reversible", "rebuild", "never"]

PLACES: tuple[str, ...] = (
    "users", "operators", "developers", "internet", "kubernetes-api", "nodes", "workloads", "ingress-workloads", "externals",
    "host",
)
"""Targets of flows that are no capability: actors and parts that every design has.
`workloads` are all workloads, `ingress-workloads` those with a host name, `host` is what a setting's address leads to."""


class Role(Model):
    """What a component is when it answers one particular decision."""

    title: str | None = None
    """Its name in this role, where that differs ('Cilium service mesh')."""
    summary: Sentence | None = None
    provides: tuple[Slug, ...] = ()
    """Capabilities that hold only when chosen here."""
    recommended_when: tuple[Recommendation, ...] = ()
    ratings: dict[Priority, Rating] = Field(default_factory=dict)
    """Overrides of the component's own ratings in this role."""


class Endpoint(Model):
    """Where others reach this component."""

    name: Slug
    port: int = Field(ge=1, le=65535)
    protocol: Literal["TCP", "UDP"] = "TCP"
    application: str | None = None
    """What is spoken: http, https, grpc, otlp-grpc, dns, postgresql ..."""
    serves: tuple[Slug, ...] = ()
    """Capabilities whose flows arrive here."""
    pods: dict[str, str] = Field(default_factory=dict)
    """Labels of the pods behind it (empty for what runs outside the cluster or on the node); `*` stands for any value."""
    host_network: bool = False
    """True where the pods use the node's address, which no pod selector can match."""
    roles: tuple[Slug, ...] = ()
    """Decisions for which this exists; empty means always."""


class Flow(Model):
    """A connection this component makes or takes part in. `to` is a capability or one of PLACES."""

    to: Slug
    kind: FlowKind
    opens: Literal["this", "other"] = "this"
    """Who opens the connection; with `other` the target connects to this component."""
    endpoint: Slug | None = None
    """With `opens: other`: the endpoint of this component that is reached."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """With `opens: this`, where the target has no endpoint that serves the capability (internet, workloads, outside)."""
    protocol: Literal["TCP", "UDP"] = "TCP"
    application: str | None = None
    pods: dict[str, str] = Field(default_factory=dict)
    """Labels of this component's pods that open the connection; empty means all of its pods."""
    roles: tuple[Slug, ...] = ()
    """Decisions for which this exists; empty means always."""
    unless: Slug | None = None
    """A capability that takes this flow's place: where another component provides it, the flow does not exist."""
    of: Slug | None = None
    """With `to: host`: the setting with the address that it leads to, such as `delivery.repository`."""
    when: tuple[Condition, ...] = Field(default=(), max_length=2)
    """The flow is for designs in which all of these hold: context values, choices, capabilities."""
    namespace: DnsLabel | None = None
    """Where the pods that open it are, where that is not the component's namespace."""
    why: str | None = None

    @model_validator(mode="after")
    def led(self) -> Flow:
        if (self.to == "host") != (self.of is not None):
            raise ValueError("a flow to 'host' names in 'of' the setting with its address, and no other does")
        return self


class Drawing(Model):
    """How a component is drawn."""

    icon: str | None = None
    """Dotted class in the diagrams package, without the leading `diagrams.`: `onprem.monitoring.Prometheus`."""
    where: Literal["edge", "provider", "network", "cluster", "node", "outside", "ci", "none"] = "cluster"
    """edge: in front of everything. provider: a managed service of the cluster's cloud or place. network: VPC and
    zones. cluster: inside. node: on each node. outside: somebody else's. ci: the delivery side. none: a pattern
    that is no box of its own."""
    glyph: str | None = None
    """Up to three letters for the neutral glyph, where no icon exists."""


class ChartInstall(Sourced):
    """A Helm chart, pinned."""

    chart: str
    repository: str = Field(pattern=r"^(https|oci)://[^\s]+$")
    version: str
    release: DnsLabel
    namespace: DnsLabel | None = None
    """Where it differs from the component's namespace."""
    values: dict[str, Any] = Field(default_factory=dict)
    """Fixed values: what is right for every design. What depends on the design is in the component's module."""
    values_from: dict[str, str] = Field(default_factory=dict)
    """Dotted path in the values to `setting:<id>`, `fact:<name>`, `context:<question>`, or `version:<prefix>`: the resolved
    version behind a prefix such as `v`, said only where the chart by itself would bring another release."""
    roles: tuple[Slug, ...] = ()
    """Decisions for which this chart is installed; empty means always."""
    needs: tuple[Slug, ...] = ()
    """Capabilities without all of which this chart is left out."""
    settings: dict[Slug, Scalar] = Field(default_factory=dict)
    """Settings that have all to have these values, or this chart is left out: `{traces.layout: distributed}`."""
    reference: str | None = None
    """Name of the upstream chart folder that values are tested against, where it differs from `chart`; `chart@2` is the
    chart at that major version alone, where the next takes other values."""
    bootstrap: bool = False
    """True for a chart that only brings kinds which others use from the start: it is installed before the delivery
    tool, whatever the rest of its component does."""

    def comes(self, roles: Set[str], capabilities: Set[str], setting: Callable[[str], Scalar]) -> bool:
        """Whether it is installed for a component in these roles, in a design or cluster with these capabilities. `setting`
        gives the value of a setting there."""
        return (
            (not self.roles or bool(roles & set(self.roles)))
            and capabilities >= set(self.needs)
            and all(setting(name) == value for name, value in self.settings.items())
        )


class Install(Model):
    """How a component gets into a cluster."""

    namespace: DnsLabel
    pod_security: PodSecurity
    pod_security_because: Sentence | None = None
    """Required when privileged."""
    bootstrap: bool = False
    """True for what cannot come through the delivery tool: CNI, the delivery tool itself, what they need."""
    charts: tuple[ChartInstall, ...] = ()
    after: tuple[Slug, ...] = ()
    """Capabilities that must be in place first (install order, sync waves)."""
    crds: tuple[str, ...] = ()
    """API groups whose kinds it installs."""
    workload_identity: tuple[str, ...] = ()
    """Service accounts that need an identity of the platform to reach a cloud API: `<service account>`."""

    @model_validator(mode="after")
    def justified(self) -> Install:
        if self.pod_security == "privileged" and not self.pod_security_because:
            raise ValueError("a privileged namespace needs 'pod-security-because'")
        return self


class Step(Model):
    """Something a person does, in the order given."""

    do: Sentence
    see: Sentence | None = None
    """What tells that it worked."""
    link: Url
    links: dict[Slug, Url] = Field(default_factory=dict)
    """Pages to read instead of `link`, by cloud, code host or component: the first that the design has."""
    command: str | None = Field(default=None, max_length=2000)
    """Literal text shown in a runbook; placeholders in angle brackets. Never run by this product."""
    when: tuple[Condition, ...] = Field(default=(), max_length=3)
    """The step is for designs in which all of these hold: context values, choices, capabilities. Some step has none."""
    comes: Literal["before", "cluster", "after", "again", "removal"] | None = None
    """Before the clusters are made, in each cluster before the delivery tool, after they run, from then on again and again,
    or in each cluster before the component is taken out of it; unsaid, `catalog.handover.comes` tells."""


class Footprint(Sourced):
    """Requests in a usual installation, as a range: `cpu: [250m, 2]`, `memory: [512Mi, 4Gi]`, `storage`."""

    cpu: tuple[str, str] | None = None
    memory: tuple[str, str] | None = None
    storage: tuple[str, str] | None = None
    note: Sentence | None = None


class Reversal(Model):
    """How hard a choice is to undo: `reversible` in a running cluster, `rebuild` the cluster, or `never`."""

    how: Undo
    because: Sentence


class Component(Model):
    """A thing that can be chosen: a product, a managed service, a pattern. One file each."""

    id: Slug
    title: str
    aliases: tuple[str, ...] = ()
    """Other names people search for."""
    summary: Sentence
    homepage: Url
    repository: Url | None = None
    documentation: Url
    """Where a reader goes on; ratings, strengths and flows were read there, unless they or `source` say otherwise."""
    source: Url | None = None
    """Where they were read, where that is another page than the documentation."""
    checked: date
    unverified: Sentence | None = None
    """Why nobody could confirm what the documentation or `source` stands for here."""
    support: Support
    roles: dict[Slug, Role] = Field(min_length=1)
    """The decisions it answers."""
    provides: tuple[Slug, ...] = ()
    """Capabilities that hold whenever it is selected, whatever the role."""
    clouds: tuple[str, ...] = ()
    """Values of the context question `cloud` where it can run or be bought; empty means anywhere."""
    clouds_because: Sentence | None = None
    clouds_source: Url | None = None
    """Where `clouds` was read, where that is another page than the documentation."""
    clouds_checked: date | None = None
    licence: Licence
    maturity: Maturity
    lifecycle: Lifecycle
    releases: tuple[Release, ...] = ()
    extras: dict[Slug, Extra] = Field(default_factory=dict)
    """What comes along beside its own release and its charts, and is pinned with it: images of jobs, plugins, programs."""
    rules: tuple[Rule, ...] = ()
    goes_with: tuple[Slug, ...] = ()
    """Companion components (never binding)."""
    ratings: dict[Priority, Rating] = Field(default_factory=dict)
    good_at: tuple[Sentence, ...] = Field(min_length=1)
    bad_at: tuple[Sentence, ...] = Field(min_length=1)
    undo: Reversal
    endpoints: tuple[Endpoint, ...] = ()
    flows: tuple[Flow, ...] = ()
    stores: tuple[Sentence, ...] = ()
    """What it keeps, and so what must be backed up; empty when stateless."""
    footprint: Footprint | None = None
    service_level: ServiceLevel | None = None
    draw: Drawing = Field(default_factory=Drawing)
    configures: Slug | None = None
    """The decision whose chosen part it only sets up: requests pass that part, and this is no link of its own."""
    install: Install | None = None
    outside: bool = True
    """Whether what people set up for it stands outside of the clusters, so that somebody has to take it down there: not so for
    a way of working, nor for what goes with a cluster."""
    handover: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def kept_promises(self) -> Component:
        if self.support == "installable" and self.install is None:
            raise ValueError("an installable component needs 'install'")
        if self.support == "hand-over" and not self.handover:
            raise ValueError("a hand-over component needs 'handover' steps")
        if self.handover and all(step.when for step in self.handover):
            raise ValueError("one of the 'handover' steps has to be for every design, without 'when'")
        if self.support != "known" and set(self.ratings) != set(PRIORITIES):
            missing = ", ".join(priority for priority in PRIORITIES if priority not in self.ratings)
            raise ValueError(f"ratings missing: {missing}")
        if self.clouds and not self.clouds_because:
            raise ValueError("'clouds' needs 'clouds-because'")
        if (self.clouds_source is None) != (self.clouds_checked is None) or (self.clouds_source and not self.clouds):
            raise ValueError("'clouds-source' and 'clouds-checked' go together, and with 'clouds'")
        return self

    @property
    def read_at(self) -> str:
        """The page that says what it is."""
        return self.source or self.documentation

    @property
    def pattern(self) -> bool:
        """Whether it is a way of working, with no maker and no licence, and not a product."""
        return self.licence.spdx == NO_LICENCE

    def extra(self, name: str) -> Extra:
        """What comes along by that name. CatalogError where the catalog, perhaps an overlay of it, says nothing of it."""
        if name not in self.extras:
            raise CatalogError([Fault(f"component {self.id}", 0, f"extras: {name!r} is missing, and what is exported needs it")])
        return self.extras[name]

    def role_title(self, decision: str) -> str:
        """The name to show where it answers `decision`."""
        role = self.roles.get(decision)
        return role.title if role is not None and role.title else self.title

    def rating(self, decision: str, priority: Priority) -> int:
        """The score in a role; 2 (neither good nor bad) where a merely known component has none."""
        role = self.roles.get(decision)
        rating = (role.ratings.get(priority) if role else None) or self.ratings.get(priority)
        return rating.score if rating else 2

    def status(self, on: date) -> Status:
        """The component's lifecycle status on a day."""
        return self.lifecycle.status(on)
