"""Small catalogs for tests: say what matters, the rest is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Waiver
from catalog.layers import Capability, Layer
from catalog.rules import PRIORITIES
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.kinds import IMPLICIT

SOURCE = {"source": "https://example.com/docs", "checked": date(2026, 11, 1)}
TODAY = date(2026, 11, 23)


def rule(id_: str, **said: Any) -> dict[str, Any]:
    """A rule with a source and a sentence."""
    return {
        "id": id_,
        "because": f"Because of {id_}.",
        **SOURCE,
        **{key.replace("_", "-"): value for key, value in said.items()},
    }


def component(id_: str, roles: Sequence[str] | Mapping[str, Any], **said: Any) -> Component:
    """A component that answers `roles`; ratings as `{priority: score}`, status as a word."""
    scores = said.pop("ratings", {})
    status = said.pop("status", None)
    lifecycle: dict[str, Any] = dict(SOURCE)
    if status:
        lifecycle["events"] = [{"on": date(2026, 1, 1), "becomes": status, "note": "They said so.", **SOURCE}]
    support = said.pop("support", "installable")
    filled: dict[str, Any] = {
        "id": id_,
        "title": id_.title(),
        "summary": f"This is {id_}.",
        "homepage": "https://example.com",
        "documentation": "https://example.com/docs",
        "checked": TODAY,
        "support": support,
        "roles": roles if isinstance(roles, Mapping) else {role: {} for role in roles},
        "licence": {"spdx": "Apache-2.0", **SOURCE},
        "maturity": {"governed-by": "nobody", **SOURCE},
        "lifecycle": lifecycle,
        "good-at": ["Being small."],
        "bad-at": ["Being real."],
        "undo": {"how": "reversible", "because": "It is only a test."},
        "ratings": {priority: {"score": scores.get(priority, 2), "because": "So it is."} for priority in PRIORITIES},
    }
    if support == "installable":
        filled["install"] = {"namespace": "test", "pod-security": "restricted"}
    if support == "hand-over":
        filled["handover"] = [{"do": "Ask somebody.", "link": "https://example.com"}]
    filled.update({key.replace("_", "-"): value for key, value in said.items()})
    return Component.model_validate(filled)


def question(id_: str, values: Sequence[str], **said: Any) -> dict[str, Any]:
    """A context question that assumes its first value unless told."""
    return {
        "id": id_,
        "title": f"What is {id_}?",
        "why": "It matters.",
        "values": [{"id": value, "title": value} for value in values],
        "assume": values[0],
        **said,
    }


def decision(id_: str, many: str = "one", **said: Any) -> dict[str, Any]:
    """A decision; `none` of an optional one is filled in."""
    filled: dict[str, Any] = {"id": id_, "title": id_.title(), "problem": f"Which {id_}?", "many": many}
    if many == "optional":
        filled["none"] = {"summary": "Without it.", **said.pop("none", {})}
    filled.update({key.replace("_", "-"): value for key, value in said.items()})
    return filled


def layer(
    decisions: Sequence[Mapping[str, Any]],
    questions: Sequence[Mapping[str, Any]] = (),
    rules: Sequence[Mapping[str, Any]] = (),
    id_: str = "all",
) -> Layer:
    """One layer."""
    return Layer.model_validate(
        {
            "id": id_,
            "title": id_,
            "summary": "A layer.",
            "questions": list(questions),
            "decisions": list(decisions),
            "rules": list(rules),
        }
    )


def catalog(layers: Layer | Sequence[Layer], components: Sequence[Component]) -> Catalog:
    """A catalog; capabilities are those that somebody provides."""
    listed = [layers] if isinstance(layers, Layer) else list(layers)
    names = {name for entry in components for name in entry.provides}
    names |= {name for entry in components for role in entry.roles.values() for name in role.provides}
    return Catalog(
        layers={entry.id: entry for entry in listed},
        components={entry.id: entry for entry in components},
        capabilities={name: Capability(id=name, means=f"Gives {name}.") for name in sorted(names)},
        as_of=TODAY,
        revision="test",
    )


def answers(
    context: Mapping[str, str | Sequence[str]] | None = None,
    choices: Mapping[str, str | Sequence[str]] | None = None,
    **said: Any,
) -> Answers:
    """Answers from plain words; anything else as `Answers` takes it."""
    return Answers(
        name="test",
        context=_said(context or {}),
        choices=_said(choices or {}),
        rejects=_said(said.pop("rejects", {})),
        settings={key: Said(value) for key, value in said.pop("settings", {}).items()},
        versions={key: Said(value) for key, value in said.pop("versions", {}).items()},
        pinned={key: Said(None) for key in said.pop("pinned", ())},
        priorities=Said(tuple(said.pop("priorities", ()))),
        **said,
    )


def _said(values: Mapping[str, str | Sequence[str]]) -> dict[str, Said[tuple[str, ...]]]:
    return {key: Said((value,) if isinstance(value, str) else tuple(value)) for key, value in values.items()}


def cluster(
    choices: Mapping[str, str | Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
    rejects: Mapping[str, str | Sequence[str]] | None = None,
    **facts: Any,
) -> ClusterAnswers:
    """A cluster with facts and overrides."""
    from catalog.workloads import Cluster

    return ClusterAnswers(
        Cluster(**{"name": IMPLICIT, **facts}),
        choices=_said(choices or {}),
        rejects=_said(rejects or {}),
        settings={key: Said(value) for key, value in (settings or {}).items()},
    )


def waiver(rule_id: str) -> Said[Waiver]:
    """An accepted risk."""
    return Said(Waiver(rule_id, "A test.", "tests@example.com", date(2027, 1, 1)))
