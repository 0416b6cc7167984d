"""Catalogs for measuring: the real one once, three or ten times over, and walks of answers through them."""

from __future__ import annotations

from random import Random
from typing import Any

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.facts import FACTS
from catalog.layers import Capability, Layer
from tests import tiny
from wizard.answers import Answers
from wizard.solver import Engine

_KEPT = frozenset({"ratings", "install", "draw", "endpoints", "flows", "handover", "releases", "footprint"})
"""Parts of a component that the engine does not look at, or whose words are no ids (priorities)."""


def times(catalog: Catalog, factor: int) -> Catalog:
    """The catalog with `factor` copies of everything, each linked in itself; names of copies end in their number.

    Half of the rules without a second condition get one on a question of the copy before, so that copies hang
    together."""
    layers, components, capabilities = dict(catalog.layers), dict(catalog.components), dict(catalog.capabilities)
    known = {
        *catalog.layers,
        *catalog.components,
        *catalog.capabilities,
        *catalog.decisions,
        *catalog.questions,
        *catalog.settings,
        *catalog.rules,
    } - set(FACTS)
    questions = list(catalog.questions.values())
    for copy in range(2, factor + 1):
        random = Random(copy)

        def renamed(value: Any, copy: int = copy) -> Any:
            if isinstance(value, str):
                return f"{value}-x{copy}" if value in known else value
            if isinstance(value, list):
                return [renamed(entry) for entry in value]
            if isinstance(value, dict):
                return {renamed(key): entry if key in _KEPT else renamed(entry) for key, entry in value.items()}
            return value

        def tied(rules: list[Any], copy: int = copy, random: Random = random) -> None:
            for rule in rules:
                if len(rule.get("when", ())) < 1 and random.random() < 0.5:
                    question = random.choice(questions)
                    suffix = "" if copy == 2 else f"-x{copy - 1}"
                    value = random.choice(question.values).id
                    value = f"{value}{suffix}" if value in known else value
                    rule["when"] = [
                        {"context": {f"{question.id}{suffix}" if question.id in known else question.id: value}}
                    ]

        for layer in catalog.layers.values():
            said = renamed(layer.model_dump(mode="json", by_alias=True, exclude_unset=True))
            layers[said["id"]] = Layer.model_validate(said)
        for component in catalog.components.values():
            said = renamed(component.model_dump(mode="json", by_alias=True, exclude_unset=True))
            tied(said.get("rules", []))
            said.pop("releases", None)
            components[said["id"]] = Component.model_validate(said)
        for capability in catalog.capabilities.values():
            name = renamed(capability.id)
            capabilities[name] = Capability(id=name, means=capability.means)
    return Catalog(layers, components, capabilities, catalog.as_of, f"{catalog.revision}x{factor}")


def sessions(catalog: Catalog, count: int, length: int, seed: int = 11) -> list[Answers]:
    """Answers as somebody gives them who only takes what is available: `count` walks of `length` answers."""
    random = Random(seed)
    engine = Engine(catalog)
    found = []
    for _ in range(count):
        context: dict[str, str] = {}
        choices: dict[str, str] = {}
        for _ in range(length):
            space = engine.space(tiny.answers(context, choices))
            if random.random() < 0.4:
                values = [
                    value
                    for value, state in space.context_states().items()
                    if state == "available" and value.question not in context
                ]
                if values:
                    value = random.choice(values)
                    context[value.question] = value.value
            else:
                options = [
                    option
                    for option, state in space.states().items()
                    if state == "available" and option.decision not in choices
                ]
                if options:
                    option = random.choice(options)
                    choices[option.decision] = option.component
            found.append(tiny.answers(context, choices))
    return found
