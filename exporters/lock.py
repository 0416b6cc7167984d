"""design.lock.json: what was resolved, and the digest of every file that an export wrote. Stable JSON.

`records` remembers numbers and choices of records, `confirmations` is what `verify --records` checks, `files` lets
the writer tell its own files from other people's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from catalog.bill import bill
from catalog.design import Design
from exporters.base import Artifact, Earlier
from exporters.paths import LOCK
from exporters.records.confirm import expectations
from exporters.records.history import history

VERSION = 1


def lock(design: Design, made: Iterable[Artifact], earlier: Earlier) -> Artifact:
    """The lock of an export: `made` are all its other artifacts."""
    text = json.dumps(content(design, made, earlier), indent=2, sort_keys=True, ensure_ascii=False)
    return Artifact(LOCK, f"{text}\n".encode())


def content(design: Design, made: Iterable[Artifact], earlier: Earlier) -> dict[str, Any]:
    """The lock as plain values."""
    told = history(design, earlier)
    made = tuple(made)
    number = {entry.decision: subject.number for subject in told.subjects for entry in subject.entries}
    in_force = {subject.slug for subject in told.subjects}
    return {
        "version": VERSION,
        "name": design.name,
        "catalog": {"as-of": design.catalog.as_of.isoformat(), "revision": design.catalog.revision},
        "kubernetes": _minors(design),
        "components": {
            line.component: {"version": line.version or None, "charts": dict(line.charts), "roles": list(line.roles)}
            for line in bill(design)
        },
        "decisions": {
            f"{entry.kind}/{entry.decision}" if entry.kind else entry.decision: {
                "chosen": list(entry.chosen), "record": number[entry.decision],
            }
            for entry in design.decisions if entry.decision in number and entry.asked
        },
        "records": {
            subject.slug: {"number": subject.number, "chosen": dict(subject.chosen)} for subject in told.subjects
        },
        "confirmations": {slug: wanted for slug, wanted in expectations(design, made).items() if slug in in_force},
        "files": {artifact.path: _digest(artifact, earlier) for artifact in made},
    }


def _minors(design: Design) -> dict[str, str]:
    """Cluster to its Kubernetes minor, which `verify` holds core kinds to; a cluster of which nothing says one is left out."""
    found = {}
    for kind in design.kinds:
        with suppress(LookupError):
            minor = design.kubernetes_minor(kind.name)
            found.update(dict.fromkeys(kind.clusters or (kind.name,), minor))
    return found


def _digest(artifact: Artifact, earlier: Earlier) -> str:
    """Of what the export wrote. A file that a pipeline writes to keeps its first one: a delivery makes no lock stale."""
    known = earlier.lock.get("files", {})
    if artifact.path in earlier.delivered and isinstance(known, dict) and artifact.path in known:
        return str(known[artifact.path])
    return hashlib.sha256(artifact.data).hexdigest()
