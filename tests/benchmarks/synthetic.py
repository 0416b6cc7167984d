"""Catalogs of any size, always the same: 45 decisions of six components, 30 questions and 300 rules, times a factor."""

from __future__ import annotations

from random import Random
from typing import Any

from catalog.catalog import Catalog
from catalog.components import PRIORITIES
from tests import tiny
from wizard.answers import Answers
from wizard.solver import Engine


def synthetic(factor: int = 1, seed: int = 7) -> Catalog:
    """A catalog of about the real one's shape, `factor` times as large."""
    random = Random(seed)
    decisions = [f"d{place}" for place in range(45 * factor)]
    questions = [f"q{place}" for place in range(30 * factor)]
    capabilities = [f"p{place}" for place in range(60 * factor)]
    names = {decision: [f"{decision}-c{place}" for place in range(6)] for decision in decisions}
    everything = [name for entry in names.values() for name in entry]

    def near(place: int) -> str:
        """Rules mostly look at decisions close by, as layers do."""
        other = min(max(0, place + random.randint(-6, 6)), len(decisions) - 1)
        return decisions[other]

    def context() -> dict[str, Any]:
        return {"context": {random.choice(questions): {random.choice(["at-least", "at-most"]): random.choice("bc")}}}

    def literal(place: int) -> dict[str, Any]:
        kind = random.random()
        if kind < 0.35:
            return {"capability": random.choice(capabilities)}
        if kind < 0.6:
            return context()
        other = near(place)
        return {"chosen": {other: sorted(random.sample(names[other], random.randint(1, 3)))}}

    components = []
    for place, decision in enumerate(decisions):
        for number, name in enumerate(names[decision]):
            rules = []
            for count in range(1 if random.random() < 0.9 else 2):
                rules.append(
                    tiny.rule(
                        f"{name}-r{count}",
                        **(
                            {"requires": [literal(place), literal(place), literal(place)]}
                            if random.random() < 0.55
                            else {
                                "excludes": [{"chosen": {near(place): random.choice(names[near(place)])}}]
                                if random.random() < 0.0
                                else [{"component": random.choice(everything)}],
                                "when": [context()],
                            }
                        ),
                    )
                )
            recommended = [{"when": [context(), context()], "because": "It fits."}] if random.random() < 0.3 else []
            components.append(
                tiny.component(
                    name,
                    {decision: {"recommended-when": recommended}},
                    provides=sorted(random.sample(capabilities, random.randint(0, 2))),
                    rules=rules,
                    goes_with=[random.choice(everything)] if random.random() < 0.2 else [],
                    ratings={priority: random.randint(0, 4) for priority in PRIORITIES},
                )
            )
            del number
    layer = tiny.layer(
        [
            tiny.decision(
                name,
                "optional" if random.random() < 0.4 else "one",
                scope="cluster" if random.random() < 0.25 else "design",
            )
            for name in decisions
        ],
        [tiny.question(name, list("abcd"), ordered="rising") for name in questions],
    )
    return tiny.catalog(layer, components)


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
