"""Single changes of answers, drawn with a seed: another component, setting, objective, count, image, host or port."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.design import Design, Resolved
from catalog.settings import Setting
from catalog.workloads import Replicas, Workload
from wizard.answers import Answers, Said
from wizard.complete import Refused, resolve
from wizard.solver import Engine


class Changed(NamedTuple):
    """What was changed, and the design that follows."""

    what: str
    design: Design


def pinned(answers: Answers, design: Design) -> Answers:
    """The answers with everything said that the design decided, so that one change moves as little as it can."""
    wide = {
        entry.decision: Said(entry.chosen) for entry in design.decisions if entry.kind is None and entry.chosen and entry.asked
    }
    own = {name: Said(value.value) for name, value in design.settings.items() if name not in design.placeholders}
    clusters = []
    for entry in answers.clusters:
        kind = next(kind for kind in design.kinds if entry.cluster.name in kind.clusters)
        said = {
            each.decision: Said(each.chosen) for each in design.decisions if each.kind == kind.name and each.chosen and each.asked
        }
        clusters.append(replace(entry, choices=said))
    context = {
        name: Said(value.value if isinstance(value.value, tuple) else (str(value.value),))
        for name, value in design.context.items()
    }
    scoped = design.catalog.questions
    return replace(
        answers,
        choices=wide,
        clusters=tuple(clusters),
        settings={**own, **answers.settings},
        context={name: said for name, said in context.items() if scoped[name].scope == "design"},
    )


def changes(answers: Answers, design: Design, catalog: Catalog, engine: Engine, seed: int) -> Iterator[Changed]:
    """Endless designs that differ from this one by one answer; what the catalog refuses is passed over. First with all
    else held as it was decided, and where that cannot be, with all else as it was said."""
    draw = random.Random(seed)
    held = pinned(answers, design)
    while True:
        sort = draw.choice((_component, _component, _setting, _workload, _workload, _objective))
        state = draw.getstate()
        for base in (held, answers):
            draw.setstate(state)
            made = sort(draw, base, design, catalog)
            if made is None:
                continue
            what, changed = made
            with suppress(Refused):
                yield Changed(what, resolve(changed, catalog, engine, reasons=False))
                break


def _component(draw: random.Random, base: Answers, design: Design, catalog: Catalog) -> tuple[str, Answers] | None:
    entry = draw.choice([each for each in design.decisions if each.asked])
    decision = catalog.decisions[entry.decision]
    none = ("none",) if decision.many != "one" else ()
    others = [id_ for id_ in (*catalog.options[entry.decision], *none) if (id_,) != entry.chosen]
    if not others:
        return None
    other = draw.choice(others)
    return f"{entry.decision}: {','.join(entry.chosen)} -> {other}", another(base, design, entry, other)


def another(base: Answers, design: Design, entry: Resolved, other: str) -> Answers:
    """The answers with another component for a decision, in the clusters that it is about."""
    if entry.kind is None:
        return replace(base, choices={**base.choices, entry.decision: Said((other,))})
    named = next(kind.clusters for kind in design.kinds if kind.name == entry.kind)
    clusters = tuple(
        replace(each, choices={**each.choices, entry.decision: Said((other,))}) if each.cluster.name in named else each
        for each in base.clusters
    )
    return replace(base, clusters=clusters)


def _setting(draw: random.Random, base: Answers, design: Design, catalog: Catalog) -> tuple[str, Answers] | None:
    said = {
        name: value.value for side in (*(kind.settings for kind in design.kinds), design.settings) for name, value in side.items()
    }
    name = draw.choice(sorted(said))
    value = _other(draw, catalog.settings[name], said[name])
    if value is None:
        return None
    return f"{name} = {value}", replace(base, settings={**base.settings, name: Said(value)})


def _other(draw: random.Random, setting: Setting, value: Any) -> Scalar | None:
    tries: list[Any] = {
        "boolean": [not value],
        "choice": [choice for choice in setting.choices if choice != value],
        "integer": [value + 1 if isinstance(value, int) else None, *setting.steps],
        "text": [f"{value}-changed", "changed"],
        "url": ["https://changed.example.net/changed", "https://changed.example.net"],
        "domain": ["changed.example.net"],
        "cidr": ["10.250.0.0/24"],
        "address": ["192.0.2.77"],
        "mail": ["changed@example.net"],
        "bucket": ["changed-bucket"],
        "image-path": ["changed.example.net/changed"],
        "branch": ["changed"],
        "folder": ["changed"],
        "pem": ["LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="],
        "window": ["Sat-Sun 01:30-07:00 Europe/Berlin"],
    }.get(setting.type, list(setting.steps))
    draw.shuffle(tries)
    for other in tries:
        if other is not None and other != value:
            with suppress(ValueError):
                setting.check(other)
                return other  # type: ignore[no-any-return]
    return None


def _workload(draw: random.Random, base: Answers, design: Design, catalog: Catalog) -> tuple[str, Answers]:
    at = draw.randrange(len(base.workloads))
    workload = base.workloads[at].value
    field, value = draw.choice(_fields(workload))
    data = {**workload.model_dump(exclude_unset=True), field: value}
    entries = list(base.workloads)
    entries[at] = Said(Workload.model_validate(data))
    return f"{workload.name}.{field} = {value}", replace(base, workloads=tuple(entries))


def _fields(workload: Workload) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("image", f"{workload.image.rpartition(':')[0]}:9.9.9"), ("cpu", "750m"), ("memory", "768Mi")]
    if workload.port:
        found += [("port", 7777), ("replicas", Replicas(at_least=5, at_most=15).model_dump(by_alias=True))]
    if workload.host:
        found.append(("host", f"changed.{workload.host}"))
    if workload.slo:
        found.append(("slo", "99.0"))
    return found


def _objective(draw: random.Random, base: Answers, design: Design, catalog: Catalog) -> tuple[str, Answers] | None:
    name = draw.choice(["availability", "recovery-point", "recovery-time", "compliance", "on-call", "traffic"])
    if name not in catalog.questions or name not in design.context:
        return None
    others = [value.id for value in catalog.questions[name].values if value.id != design.context[name].value]
    other = draw.choice(others)
    return f"{name} = {other}", replace(base, context={**base.context, name: Said((other,))})
