"""How things stand is found out where it is looked at, and is the same as found out all at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalog.reasons import Option
from tests.wizard.tui.driving import real_catalog
from wizard.answers import Answers, Said
from wizard.answers_file import load
from wizard.solver import ContextOption, Engine
from wizard.tui.standing import Standing

SAMPLES = Path(__file__).parents[3] / "samples"


def stated(sample: str) -> Answers:
    return load(SAMPLES / sample / "answers.yaml", real_catalog())


def in_conflict() -> Answers:
    """Two options of a decision that takes one."""
    answers, two = stated("start-up"), tuple(real_catalog().options["cni"][:2])
    return replace(answers, choices={**answers.choices, "cni": Said(two, "wizard")})


@pytest.mark.parametrize("answers", [stated("start-up"), stated("bank"), stated("media-house"), in_conflict()],
                         ids=["start-up", "bank", "media-house", "in conflict"])
def test_each_state_is_the_engines_in_whatever_order_somebody_looks(answers: Answers) -> None:
    catalog = real_catalog()
    whole = Engine(catalog).space(answers)
    assert whole.stands == (answers != in_conflict())
    states, values = whole.states(), whole.context_states()
    for decisions in (list(catalog.decisions), list(reversed(catalog.decisions))):
        space = Engine(catalog).space(answers)
        for kind in (None, *space.kind_names):
            stand = Standing(space, kind)
            for decision in decisions:
                stand.of(decision)
                assert stand.options(decision) == {
                    component: tuple(states[Option(decision, component, place)] for place in stand.kinds(decision))
                    for component in catalog.options[decision]}
            assert all(stand.value(option) == values[option] for option in reversed(values))


@pytest.mark.parametrize("answers", [stated("bank"), in_conflict()], ids=["bank", "in conflict"])
def test_what_is_left_is_judged_ahead_one_layer_after_the_other(answers: Answers) -> None:
    catalog = real_catalog()
    space = Engine(catalog).space(answers)
    stand = Standing(space, None)
    rounds = 0
    while stand.ahead():
        rounds += 1
    assert rounds == sum(bool(layer.decisions) for layer in catalog.layers.values())
    assert stand.options("cni") == Standing(Engine(catalog).space(answers), None).options("cni")


def test_a_value_of_a_question_is_looked_up_by_its_kind_of_clusters() -> None:
    space = Engine(real_catalog()).space(stated("bank"))
    stand = Standing(space, None)
    for option in space.context_states():
        assert stand.value(ContextOption(*option)) == space.state(option)
