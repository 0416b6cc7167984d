"""A small catalog and a builder of designs for tests that need one and not the solver.

`small_catalog()` has four layers and a dozen components, one of each sort (installable, hand-over, known, a pattern,
one in two roles). `design({...})` makes every decision named; the others get nothing (`asked` false).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design, Kind, OptionState, Resolved, Value, Warning_
from catalog.layers import Capability, Layer
from catalog.rules import PRIORITIES
from catalog.workloads import Cluster, External, Workload

DAY = date(2026, 11, 1)
DOCS = "https://example.org/docs"


def sourced(**fields: Any) -> dict[str, Any]:
    """Fields of a sourced fact."""
    return {"source": DOCS, "checked": DAY, **fields}


def ratings(**scores: int) -> dict[str, Any]:
    """All seven ratings: 2 unless said otherwise."""
    return {
        priority: {"score": scores.get(priority.replace("-", "_"), 2), "because": f"An ordinary case of {priority}"}
        for priority in PRIORITIES
    }


def component(id_: str, title: str, roles: Sequence[str] | Mapping[str, Any], **fields: Any) -> Component:
    """A component with every required field filled in."""
    data: dict[str, Any] = {
        "id": id_, "title": title, "summary": f"{title} does its part.", "homepage": f"https://example.org/{id_}",
        "documentation": f"https://example.org/{id_}/docs", "checked": DAY, "support": "known",
        "roles": dict(roles) if isinstance(roles, Mapping) else {role: {} for role in roles},
        "licence": sourced(spdx="Apache-2.0"), "maturity": sourced(governed_by=f"{title} authors"),
        "lifecycle": sourced(), "ratings": ratings(), "good-at": [f"{title} is good at its part."],
        "bad-at": [f"{title} costs attention."],
        "undo": {"how": "reversible", "because": "Another can run beside it until traffic has moved."}, **fields,
    }
    return Component.model_validate(data)


def chart(name: str, version: str = "1.2.3", **fields: Any) -> dict[str, Any]:
    """A chart installation."""
    return sourced(chart=name, repository="https://charts.example.org", version=version, release=name, **fields)


def none(summary: str, **fields: Any) -> dict[str, Any]:
    """An absence."""
    return {"summary": summary, "bad-at": ["What it would have done is missing."], **fields}


def layers() -> dict[str, Layer]:
    """Four layers in order."""
    data: list[dict[str, Any]] = [
        {
            "id": "use-case", "title": "Use case", "summary": "What the infrastructure is for.",
            "questions": [
                {"id": "cloud", "title": "Where does it run?", "why": "Managed services exist only at their provider.",
                 "scope": "cluster", "assume": "gcp",
                 "values": [{"id": "gcp", "title": "Google Cloud"}, {"id": "aws", "title": "Amazon Web Services"},
                            {"id": "on-premises", "title": "Own data centre"}]},
                {"id": "availability", "title": "How available must it be?", "why": "Each nine costs redundancy.",
                 "ordered": "rising", "assume": "99.9",
                 "values": [{"id": "99", "title": "99 %"}, {"id": "99.9", "title": "99.9 %"},
                            {"id": "99.99", "title": "99.99 %"}]},
                {"id": "platform-team", "title": "Is there a team dedicated to the platform?",
                 "why": "Self-managed parts need people.", "boolean": True, "assume": "no",
                 "values": [{"id": "no", "title": "No"}, {"id": "yes", "title": "Yes"}]},
            ],
        },
        {
            "id": "cdn", "title": "CDN", "summary": "What is answered before it reaches the servers.",
            "after": "use-case",
            "decisions": [
                {"id": "cdn", "title": "CDN", "problem": "Is static content served near the users, and by whom?",
                 "many": "optional", "none": none("Traffic goes straight to the load balancer."), "hop": 2},
            ],
        },
        {
            "id": "kubernetes", "title": "Kubernetes", "summary": "Who runs the control plane and the nodes.",
            "after": "cdn",
            "decisions": [
                {"id": "kubernetes", "title": "Kubernetes", "problem": "Which Kubernetes, and who runs it?",
                 "scope": "cluster", "many": "one"},
                {"id": "pod-autoscaling", "title": "Pod autoscaling", "problem": "What makes replicas follow load?",
                 "many": "several", "record": False},
                {"id": "mesh", "title": "Service mesh", "problem": "Do calls get identity and encryption?",
                 "many": "optional", "none": none("Services call each other directly.")},
                {"id": "ingress", "title": "Ingress controller", "problem": "What implements routes from outside?",
                 "scope": "cluster", "many": "one", "hop": 5},
            ],
        },
        {
            "id": "reliability", "title": "Reliability engineering", "summary": "Seeing faults before users do.",
            "after": "kubernetes",
            "decisions": [
                {"id": "metrics", "title": "Metrics", "problem": "What stores time series?", "many": "optional",
                 "none": none("Only what the provider shows."),
                 "settings": [{"id": "metrics.retention", "title": "Retention of metrics", "type": "duration",
                               "why": "Longer costs disk.", "default": [{"value": "15d"}]}]},
                {"id": "log-store", "title": "Log store", "problem": "Where are logs kept and searched?",
                 "many": "optional", "none": none("Logs are read with kubectl.")},
                {"id": "ci", "title": "CI service", "problem": "What builds, tests and pushes?", "many": "one"},
            ],
        },
    ]
    return {entry["id"]: Layer.model_validate(entry) for entry in data}


def components() -> dict[str, Component]:
    """A dozen components."""
    found = [
        component("bright-cdn", "Bright CDN", ["cdn"], support="hand-over", provides=["cdn"],
                  licence=sourced(spdx="proprietary"), draw={"where": "edge"},
                  service_level=sourced(percent="99.99", scope="Share of requests answered."),
                  handover=[{"do": "Create a distribution.", "see": "It is shown as deployed.", "link": DOCS,
                             "command": "bright create --origin <address>"},
                            {"do": "Point the host names at it.", "link": DOCS}]),
        component("old-cdn", "Old CDN", ["cdn"], licence=sourced(spdx="proprietary"),
                  lifecycle=sourced(successor="bright-cdn", events=[
                      sourced(on=date(2024, 6, 16), becomes="unobtainable", note="All services were ended.")])),
        component("auto-cluster", "Auto Cluster", ["kubernetes"], support="hand-over", clouds=["gcp"],
                  clouds_because="Auto Cluster is a service of Google Cloud.", provides=["managed-kubernetes"],
                  ratings=ratings(operations=4), undo={"how": "rebuild", "because": "Modes are fixed at creation."},
                  service_level=sourced(percent="99.9", scope="Pods in several zones."), draw={"where": "provider"},
                  releases=[sourced(version="1.36", end_of_support=date(2027, 10, 1), kubernetes=["1.36"])],
                  handover=[{"do": "Create the cluster.", "link": DOCS, "command": "cloud clusters create <name>"}]),
        component("own-cluster", "Own Cluster", ["kubernetes"], support="hand-over", provides=["raw-disks"],
                  undo={"how": "never", "because": "Address ranges cannot be changed later."},
                  handover=[{"do": "Install the first server.", "link": DOCS}],
                  rules=[sourced(id="own-cluster-team", when=[{"context": {"platform-team": False}}], warns=[],
                                 because="Own Cluster needs people who patch and upgrade it.")]),
        component("autoscaler", "Autoscaler", ["pod-autoscaling"], support="installable",
                  install={"namespace": "kube-system", "pod-security": "restricted"}, draw={"where": "none"}),
        component("weave", "Weave", {"mesh": {}, "ingress": {"title": "Weave Gateway", "provides": ["ingress"]}},
                  support="installable", provides=["mesh"],
                  install={"namespace": "weave-system", "pod-security": "restricted", "bootstrap": False,
                           "charts": [chart("weave-base"), chart("weaved", roles=["mesh", "ingress"])]},
                  releases=[sourced(version="1.30.0", released=date(2026, 8, 1), end_of_support=date(2027, 2, 1))],
                  footprint=sourced(cpu=("250m", "2"), memory=("512Mi", "4Gi"), note="A proxy in each pod besides."),
                  endpoints=[{"name": "web", "port": 8443, "serves": ["ingress"], "pods": {"app": "gateway"}}]),
        component("gate", "Gate", ["ingress"], support="installable", provides=["ingress"],
                  install={"namespace": "gate", "pod-security": "baseline", "charts": [chart("gate", "4.0.1")]}),
        component("meter", "Meter", ["metrics"], support="installable", ratings=ratings(operations=3),
                  stores=["Time series on a volume."],
                  install={"namespace": "monitoring", "pod-security": "restricted",
                           "charts": [chart("meter", "70.1.0")]},
                  footprint=sourced(cpu=("500m", "4"), memory=("2Gi", "16Gi"), storage=("50Gi", "1Ti")),
                  endpoints=[{"name": "web", "port": 9090, "pods": {"app": "meter"}}],
                  flows=[{"to": "workloads", "kind": "scrape"}]),
        component("logbook", "Logbook", ["log-store"], support="installable", ratings=ratings(operations=3),
                  licence=sourced(spdx="AGPL-3.0-only", changes=[
                      sourced(on=date(2021, 4, 20), to="AGPL-3.0-only", note="It was Apache-2.0 before.")]),
                  install={"namespace": "logging", "pod-security": "restricted", "charts": [chart("logbook", "6.0.0")]},
                  lifecycle=sourced(successor="archive", move="Dashboards have to be written anew.", events=[
                      sourced(on=date(2027, 5, 1), becomes="deprecated", note="Its makers move to Archive.")]),
                  stores=["Chunks of logs in a bucket."]),
        component("archive", "Archive", ["log-store"], support="installable",
                  ratings=ratings(operations=1, performance=4),
                  install={"namespace": "logging", "pod-security": "restricted", "charts": [chart("archive", "2.0.0")]},
                  rules=[sourced(id="archive-disks", requires=[{"capability": "raw-disks"}],
                                 because="Archive keeps its index on raw disks of three nodes.")]),
        component("pipeline", "Pipeline", ["ci"], support="hand-over",
                  handover=[{"do": "Switch the service on for the repository.", "link": DOCS}], draw={"where": "ci"}),
    ]
    return {entry.id: entry for entry in found}


@cache
def small_catalog() -> Catalog:
    """The catalog of four layers."""
    names = {
        "cdn": "Caches static content near users.", "raw-disks": "Nodes can offer raw block devices.",
        "managed-kubernetes": "The provider runs the control plane.", "mesh": "Services get identities.",
        "ingress": "HTTP routes from outside reach services.",
    }
    return Catalog(
        layers=layers(), components=components(),
        capabilities={id_: Capability(id=id_, means=means) for id_, means in names.items()},
        as_of=DAY, revision="0" * 64,
    )


CHOICES: Mapping[str, tuple[str, ...]] = {
    "cdn": ("bright-cdn",), "kubernetes": ("auto-cluster",), "pod-autoscaling": ("autoscaler",), "mesh": ("weave",),
    "ingress": ("weave",), "metrics": ("meter",), "log-store": ("logbook",), "ci": ("pipeline",),
}


def design(
    choices: Mapping[str, tuple[str, ...]] | None = None, *, catalog: Catalog | None = None, name: str = "shop",
    clusters: Sequence[Cluster] = (Cluster(name="prod", cloud="gcp"),), context: Mapping[str, Value] | None = None,
    resolved: Mapping[str, Mapping[str, Any]] | None = None, workloads: Sequence[Workload] = (),
    externals: Sequence[External] = (), warnings: Sequence[Warning_] = (), **fields: Any,
) -> Design:
    """A design with the choices given laid over CHOICES (with another `catalog`: only those given).

    Every cluster is its own kind. `resolved` overrides fields of single decisions: `{"mesh": {"origin": "implied"}}`.
    """
    base = dict(CHOICES) if catalog is None else {}
    known = catalog or small_catalog()
    picked = {**base, **(choices or {})}
    kinds = tuple(
        Kind(cluster.name, (cluster.name,), {"cloud": Value(cluster.cloud or "gcp", "answered", "answers.yaml:3")})
        for cluster in clusters
    )
    entries: list[Resolved] = []
    for decision in known.decisions.values():
        for kind in [entry.name for entry in kinds] if decision.scope == "cluster" else [None]:
            chosen = picked.get(decision.id, ())
            options = tuple(
                OptionState(option, "implied" if option in chosen else "available")
                for option in known.options[decision.id]
            )
            entry = Resolved(decision.id, kind, chosen, "recommended", asked=bool(chosen), options=options)
            entries.append(replace(entry, **(resolved or {}).get(decision.id, {})))
    said = {
        "availability": Value("99.9", "answered", "answers.yaml:2"), "platform-team": Value("no", "assumed"),
    } if catalog is None else {}
    selected = (known.components[id_] for ids in picked.values() for id_ in ids if id_ != "none")
    releases = {entry.id: entry.releases[0].version for entry in selected if entry.releases}
    settings = {"metrics.retention": Value("15d", "default")} if catalog is None else {}
    return Design(
        name=name, catalog=known, context={**said, **(context or {})}, priorities=PRIORITIES, clusters=tuple(clusters),
        kinds=kinds, decisions=tuple(entries), settings=fields.pop("settings", settings), releases=releases,
        warnings=tuple(warnings), workloads=tuple(workloads), externals=tuple(externals), **fields,
    )
