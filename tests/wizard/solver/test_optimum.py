"""Optimisation against every model written out, and what completion counts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.reasons import Option
from tests import tiny
from tests.wizard.solver.test_known import CLAUSES, LITERALS, VARIABLES, models
from wizard.solver import Engine
from wizard.solver.optimum import Optimum
from wizard.solver.sat import Sat

PENALTIES = st.lists(st.tuples(LITERALS, st.integers(1, 3)), max_size=6)
THREE_OF_FIVE = [[a, b, c] for a in range(1, 6) for b in range(a + 1, 6) for c in range(b + 1, 6)]
"""Of any three of five variables one holds: three hold at least."""


MANY_PAID = [
    [7, 3, 1], [11, 2], [10, 11], [1, 8, 2], [6, 1, 3], [10, 8], [9, 5, 7], [12, 10, 3], [6, 9, 2], [12, 5, 2], [1, 11, 4],
    [4, 11, 9], [10, 11, 7], [12, 1, 7], [5, 12], [3, 1, 11], [5, 6, 12], [11, 6], [10, 1], [4, 7], [7, 2], [1, 12, 6],
    [1, 9], [5, 1, 7], [12, 4], [7, 6], [12, 9, 1], [11, 12], [2, 4], [9, 1, 7], [11, 6, 10, 2],
]
PAID = list(enumerate((3, 2, 2, 1, 1, 1, 3, 1, 1, 1, 2, 3), 1))
"""Clauses of which a contradiction has to be paid for more than twice."""


def cost(model: Sequence[int], penalties: Sequence[tuple[int, int]]) -> int:
    return sum(weight for literal, weight in penalties if literal in model)


@given(CLAUSES, PENALTIES, PENALTIES)
@example(THREE_OF_FIVE, [(at, 1) for at in range(1, 6)], [(6, 2)])
@example([[6, 5], [4, 6, 2, 3], [5, 1], [2, 3, 1, 4], [6, 2, -4], [2, -3], [4, 1, 5, 6], [4, 6, 3, 1], [5, 4]],
         [(1, 1), (2, 3), (3, 1), (4, 2), (5, 3), (6, 3)], [(1, 1)])
@example([[2, 3, 5], [4, 1, -5], [6, 4, 5], [2, 4, 5], [5, 3], [6, 2, 4], [-4, 5, 1], [6, 1], [4, 1, 6]],
         [(1, 3), (2, 2), (3, 3), (4, 3), (5, 3), (6, 3)], [(1, 1)])
@example([[1, 2], [3, 4], [5, 6], *THREE_OF_FIVE], [(at, 1 + at % 3) for at in range(1, 7)], [(-1, 1), (-2, 1), (-3, 1)])
@settings(deadline=None)
def test_each_level_costs_what_the_cheapest_model_costs_after_those_before_it(
    clauses: list[list[int]], first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    left = models(clauses)
    if not left:
        return
    optimum = Optimum(Sat(clauses, VARIABLES), VARIABLES + 1, ())
    for penalties in (first, second):
        least = min(cost(model, penalties) for model in left)
        left = [model for model in left if cost(model, penalties) == least]
        assert optimum.minimise(penalties) == least
        assert optimum.possible() and optimum.model()[:VARIABLES] in left


def test_nothing_dearer_is_left_however_often_a_contradiction_is_paid_for() -> None:
    optimum = Optimum(Sat(MANY_PAID, len(PAID)), len(PAID) + 1, ())
    left = models(MANY_PAID, len(PAID))
    least = min(cost(model, PAID) for model in left)
    assert optimum.minimise(PAID) == least
    assert all(optimum.possible(model) == (cost(model, PAID) == least) for model in left)


def test_what_was_named_costs_no_support_in_its_other_roles_either() -> None:
    old = tiny.component("old", ["a", "b"], status="deprecated", ratings={"operations": 4})
    catalog = tiny.catalog(
        tiny.layer([tiny.decision("a"), tiny.decision("b")]),
        [old, tiny.component("new", ["a", "b"], ratings={"operations": 1})])
    engine = Engine(catalog)
    assert engine.space(tiny.answers()).complete().components == ("new",)
    assert engine.space(tiny.answers(choices={"a": "old"})).complete().chosen("b") == ("old",)


def test_ways_out_as_small_as_each_other_begin_with_the_one_that_leaves_most_as_it_is() -> None:
    wanted = tiny.component("w", ["want"], ratings={"operations": 0}, rules=[
        tiny.rule("w-both", when=[{"chosen": {"p": "p1"}}], excludes=[{"chosen": {"q": "q1"}}]),
        tiny.rule("w-r", when=[{"chosen": {"q": "q1"}}], excludes=[{"chosen": {"r": "r1"}}]),
        tiny.rule("w-s", when=[{"chosen": {"q": "q1"}}], excludes=[{"chosen": {"s": "s1"}}]),
    ])
    others = [tiny.component(f"{name}{number}", [name], ratings={"operations": 4 if number == 1 else 1})
              for name in ("want", "p", "q", "r", "s") for number in (1, 2)]
    catalog = tiny.catalog(
        tiny.layer([tiny.decision(name) for name in ("p", "q", "r", "s", "want")]), [wanted, *others])
    space = Engine(catalog).space(tiny.answers(choices={"p": "p1", "q": "q1"}))
    repairs = space.repairs(Option("want", "w"))
    assert [repair.changes[0].cause.subject for repair in repairs] == ["q", "p"]


def test_a_reason_is_told_anew_where_a_rule_of_it_was_waived() -> None:
    catalog = tiny.catalog(tiny.layer([tiny.decision("a"), tiny.decision("b")]), [
        tiny.component("a1", ["a"]), tiny.component("a2", ["a"]), tiny.component("b1", ["b"]), tiny.component("b2", ["b"], rules=[
            tiny.rule("first", excludes=[{"chosen": {"a": "a1"}}], waivable=True),
            tiny.rule("between", requires=[{"component": "a1"}, {"component": "a2"}]),
            tiny.rule("second", excludes=[{"component": "a1"}]),
        ])])
    engine = Engine(catalog)
    choices = {"a": "a1"}
    assert [rule.id for rule in engine.space(tiny.answers(choices=choices)).why(Option("b", "b2"))[0].rules] == ["first"]
    waived = tiny.answers(choices=choices, waivers=(tiny.waiver("first"),))
    assert [rule.id for rule in engine.space(waived).why(Option("b", "b2"))[0].rules] == ["second"]


def test_a_solver_does_not_grow_however_many_optimisations_there_were() -> None:
    catalog = tiny.catalog(tiny.layer([tiny.decision("a")]), [
        tiny.component("good", ["a"], ratings={"operations": 4}), tiny.component("bad", ["a"], ratings={"operations": 1})])
    engine = Engine(catalog)
    used = []
    for _ in range(200):
        space = engine.space(tiny.answers())
        assert space.complete().components == ("good",)
        used.append(space.machine._switch)
    assert max(used[100:]) <= max(used[:100]) < used[0] + 100
