"""What entries of the answers say about each other: calls, clusters, namespaces, names of Services, hosts.

Each entry was read by itself before; here the faults are those that only show beside the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from catalog.catalog import Catalog
from catalog.faults import Fault, did_you_mean
from catalog.reading import Document, Where
from catalog.workloads import Workload
from wizard.answers import Answers


def between(answers: Answers, document: Document, catalog: Catalog) -> Iterator[Fault]:
    """Calls that lead nowhere, clusters that do not exist, hosts and names that are taken, each at its line."""
    workloads = {said.value.name: said.value for said in answers.workloads}
    at = {section: _positions(document, section) for section in ("workloads", "externals")}
    clusters = {entry.cluster.name for entry in answers.clusters}
    hosts: dict[tuple[str, str], str] = {}
    for workload in workloads.values():
        base: Where = ("workloads", at["workloads"][workload.name])
        for where, message in (
            *_calls(workload, workloads, {*workloads, *(said.value.name for said in answers.externals)}),
            *_clusters(workload, clusters),
            *_names(workload, workloads, answers.name, catalog),
            *_host(workload, hosts),
        ):
            yield document.fault((*base, *where), f"{workload.name!r} {message}")
    for said in answers.externals:
        if (name := said.value.name) in workloads:
            yield document.fault(("externals", at["externals"][name], "name"), f"{name!r} is a workload and an external")
    yield from _served(answers, document, catalog)


_SERVED = {"registry": "registry.host", "sign-on": "sign-on.issuer"}
"""Decisions whose part of the platform, where it runs in the cluster, serves a host of its own, and the setting that says it."""


def _served(answers: Answers, document: Document, catalog: Catalog) -> Iterator[Fault]:
    """Such a host is no workload's, and no other part's: each has the whole of it."""
    taken = {str(said.value.host): f"workload {said.value.name!r}" for said in answers.workloads if said.value.host}
    for decision, setting in _SERVED.items():
        chosen = answers.choices[decision].value if decision in answers.choices else ()
        runs = any(catalog.components[name].support == "installable" for name in chosen if name in catalog.components)
        if not runs or setting not in answers.settings:
            continue
        value = str(answers.settings[setting].value)
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
        other = taken.setdefault(host, setting)
        if other != setting:
            yield document.fault(("settings", setting), f"{setting} and {other} both take {host}; give one of them another host")


_Found = Iterator[tuple[Where, str]]
"""A place within a workload, and what is wrong there."""


def _calls(workload: Workload, workloads: dict[str, Workload], known: set[str]) -> _Found:
    for n, name in enumerate(workload.calls):
        if name not in known:
            yield ("calls", n), f"calls {name!r}, which is neither a workload nor an external{did_you_mean(name, known)}"
        elif name in workloads and workloads[name].port is None:
            yield ("calls", n), f"calls {name!r}, which has no port"


def _clusters(workload: Workload, clusters: set[str]) -> _Found:
    for n, name in enumerate(workload.clusters):
        if name not in clusters:
            yield ("clusters", n), f"names the unknown cluster {name!r}{did_you_mean(name, clusters)}"


def _names(workload: Workload, workloads: dict[str, Workload], design: str, catalog: Catalog) -> _Found:
    # Pods of the platform and of the company have different rights, so that they never share a namespace.
    own = workload.namespace or workload.team or design
    if own in catalog.namespaces:
        key = "namespace" if workload.namespace else "team" if workload.team else "name"
        yield (key,), (f"would stand in the namespace {own}, which belongs to {catalog.namespaces[own]}; give it a "
                       "'namespace' of its own")
    for name in workload.also_named:
        if name in workloads:
            yield (), f"gets a Service of the name {name}, which is another workload; rename one of them"


def _host(workload: Workload, taken: dict[tuple[str, str], str]) -> _Found:
    if workload.host:
        other = taken.setdefault((workload.host, workload.path), workload.name)
        if other != workload.name:
            yield ("host",), f"and {other!r} both take {workload.host}{workload.path}; give one of them another 'host' or 'path'"


def _positions(document: Document, section: str) -> dict[str, int]:
    """Name of an entry to its place in the file, where entries with faults of their own stand too."""
    found: dict[str, int] = {}
    entries = document.value.get(section)
    for n, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            found.setdefault(str(entry.get("name")), n)
    return found
