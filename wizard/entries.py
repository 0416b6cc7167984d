"""Entries of the answers: clusters, workloads, systems outside, accepted risks. What forms of every kind share.

Owns how they are called, which model each follows and what its fields may name. Asks nobody: forms do that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from catalog.catalog import Catalog
from catalog.model import DnsLabel
from catalog.workloads import Cluster, External, Workload
from wizard.answers import Answers
from wizard.answers_file import CLUSTER_EXTRAS, WaiverEntry
from wizard.fields import titled
from wizard.sections import with_entries

SECTIONS = {
    "clusters": "Clusters", "workloads": "Workloads", "externals": "Systems outside", "waivers": "Accepted risks",
    "versions": "Fixed versions",
}
"""Parts of the answers that have entries."""

ADDING = {
    "clusters": "Add a cluster", "workloads": "Add a workload", "externals": "Add a system outside",
    "waivers": "Accept a risk", "versions": "Fix a version",
}

MEANS = {
    "clusters": "A cluster: what it is for, its cloud and region, node pools, address ranges. Without any the design has one.",
    "workloads": "Something of your own that runs in the clusters: its image, port, host and what it calls. Routes, network "
                 "policies, scaling and probes in the manifests follow from it.",
    "externals": "A system outside of the clusters that workloads call, such as a database.",
    "waivers": "A rule that you break on purpose: why, who says so, and until when. It is recorded in the decisions.",
    "versions": "A release of a component that has to be used, instead of the newest that fits.",
}

ONE = {"clusters": "cluster", "workloads": "workload", "externals": "system outside", "waivers": "accepted risk"}
MODELS: dict[str, type[BaseModel]] = {"clusters": Cluster, "workloads": Workload, "externals": External, "waivers": WaiverEntry}

LABEL = "Lower-case letters, digits and hyphens; a letter first, 63 at most."

Offers = Mapping[str, Sequence[tuple[str, str]]]
"""Field to values that it may take, each with a word about it, where the answers know them."""


def held(answers: Answers, section: str) -> list[dict[str, Any]]:
    """The entries of a part as the data of a file."""
    from wizard.answers_dump import plain

    return list(plain(answers).get(section, []))


def apart(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a cluster decides for itself: no fact of it, and in no form."""
    return {key: entry[key] for key in CLUSTER_EXTRAS if key in entry}


def with_entry(
    answers: Answers, section: str, number: int | None, entry: Mapping[str, Any] | None, catalog: Catalog,
) -> tuple[Answers | None, tuple[str, ...]]:
    """The answers with an entry added (no number), changed or taken away (no entry), or what is wrong with that. What a
    cluster decides for itself stays."""
    entries = held(answers, section)
    if entry is None:
        assert number is not None
        del entries[number]
    elif number is None:
        entries.append(dict(entry))
    else:
        entries[number] = {**entry, **apart(entries[number])}
    return with_entries(answers, section, entries, catalog)


def entry_title(section: str, entry: Mapping[str, Any]) -> str:
    """What a form of an entry is headed with."""
    return f"{ONE[section].capitalize()}{f' {titled(entry)}' if entry else ''}"


def offers(answers: Answers, catalog: Catalog) -> Offers:
    """What fields of entries may name: other entries, values of questions, rules that can be waived."""
    named = [(said.value.name, said.value.image) for said in answers.workloads]
    outside = [(said.value.name, said.value.kind) for said in answers.externals]
    found: dict[str, list[tuple[str, str]]] = {
        "calls": [*named, *outside],
        "clusters": [(entry.cluster.name, entry.cluster.environment) for entry in answers.clusters],
        "rule": [(id_, placed.rule.because) for id_, placed in catalog.rules.items() if placed.rule.waivable],
    }
    for name in ("cloud", "environment"):
        if name in catalog.questions:
            found[name] = [(value.id, value.title) for value in catalog.questions[name].values]
    return {name: values for name, values in found.items() if values}


def label_problem(text: str) -> str:
    """What is wrong with the name of a design or a cluster; nothing where nothing is."""
    try:
        TypeAdapter(DnsLabel).validate_python(text)
    except ValidationError:
        return LABEL
    return ""
