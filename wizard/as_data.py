"""Reasons, conflicts and designs as plain data for `--json`: ids for programs, and the same words people get."""

from __future__ import annotations

from typing import Any

from catalog.design import Design
from catalog.reasons import Cause, Conflict, Reason, Repair
from catalog.words import Words


def cause_data(cause: Cause, words: Words) -> dict[str, Any]:
    """One answer that takes part."""
    return {"kind": cause.kind, "subject": cause.subject, "value": cause.value, "cluster": cause.kind_of_cluster,
            "origin": cause.origin, "text": words.cause(cause)}


def reason_data(reason: Reason, words: Words) -> dict[str, Any]:
    """A reason: causes, rules with sources, and the chain in words."""
    rules = []
    for reference in reason.rules:
        rule = words.rule(reference)
        rules.append({"id": rule.id, "cluster": reference.kind_of_cluster, "because": rule.because,
                      "source": rule.source, "checked": rule.checked.isoformat() if rule.checked else None})
    return {
        "option": str(reason.option) if reason.option is not None else None,
        "state": reason.state,
        "text": words.line(reason),
        "causes": [cause_data(cause, words) for cause in reason.causes],
        "rules": rules,
        "chain": [step.text for step in words.steps(reason)],
    }


def repair_data(repair: Repair, words: Words) -> dict[str, Any]:
    """A way out: its changes, and the sentence."""
    return {"text": words.repair(repair),
            "changes": [{**cause_data(change.cause, words), "to": change.to} for change in repair.changes]}


def conflict_data(conflict: Conflict, words: Words) -> dict[str, Any]:
    """A conflict with its ways out."""
    return {"reason": reason_data(conflict.reason, words),
            "repairs": [repair_data(repair, words) for repair in conflict.repairs]}


def design_data(design: Design, words: Words) -> dict[str, Any]:
    """A design: everything resolved, without the catalog it was resolved from."""
    return {
        "name": design.name,
        "catalog": design.catalog.revision,
        "priorities": list(design.priorities),
        "context": {name: {"value": value.value, "origin": value.origin} for name, value in design.context.items()},
        "clusters": [
            {"name": kind.name, "clusters": list(kind.clusters),
             "context": {name: {"value": value.value, "origin": value.origin} for name, value in kind.context.items()},
             "settings": {name: {"value": value.value, "origin": value.origin} for name, value in kind.settings.items()}}
            for kind in design.kinds
        ],
        "decisions": [
            {"decision": entry.decision, "cluster": entry.kind, "chosen": list(entry.chosen), "origin": entry.origin,
             "why": [words.margin(entry.decision, name, margin) for name, margin in entry.margins]
             or ([words.line(entry.reason)] if entry.reason is not None else [])}
            for entry in design.decisions if entry.asked
        ],
        "settings": {name: {"value": value.value, "origin": value.origin} for name, value in design.settings.items()},
        "releases": dict(design.releases),
        "warnings": [words.warning(warning) for warning in design.warnings],
        "placeholders": list(design.placeholders),
    }
