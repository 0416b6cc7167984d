"""What earlier questions have shown, models next to known ones, and answers place by place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.catalog import Catalog
from catalog.reasons import Cause, Option
from tests import tiny
from wizard.solver import Engine
from wizard.solver.assumptions import Group
from wizard.solver.known import Known, assume, set_of
from wizard.solver.states import Neighbours
from wizard.solver.told import Told

VARIABLES = 6
LITERALS = st.integers(1, VARIABLES).flatmap(lambda at: st.sampled_from((at, -at)))
CLAUSES = st.lists(st.lists(LITERALS, min_size=1, max_size=3, unique_by=abs), max_size=12)


def models(clauses: Sequence[Sequence[int]], variables: int = VARIABLES) -> list[list[int]]:
    """Every model of clauses over so many variables."""
    every = ([at if sign else -at for at, sign in enumerate(signs, 1)] for signs in product((True, False), repeat=variables))
    return [model for model in every if all(any(literal in model for literal in clause) for clause in clauses)]


def values(model: Sequence[int]) -> bytes:
    """A model by literal."""
    known = Known(VARIABLES)
    return known.values(known.keep(model).holds)


def test_a_model_tells_of_a_place_only_where_it_keeps_to_all_other_answers() -> None:
    known = Known(3)
    known.keep([-1, -2, 3])  # not what was said of 1, nor what was said of 2
    known.keep([-1, 2, -3])  # not what was said of 1
    shown = known.shown(assume([1, 2]), {"first": set_of([1])}, 0)
    assert shown.everywhere == (0, 0)
    assert shown.beside["first"] == (set_of([2]), set_of([1, 3]))


def test_models_that_miss_few_answers_are_named_with_what_they_miss() -> None:
    known = Known(3)
    for model in ([-1, -2, 3], [-1, 2, 3], [1, 2, 3]):
        known.keep(model)
    assert known.shown(assume([1, 2]), {}, 1).close == [(set_of([2, 3]), set_of([1]))]


def test_what_was_said_is_never_swapped_away() -> None:
    beside = Neighbours(3, [[-2, -3], [2, 3]], ())
    before = values([1, -2, 3, -4, -5, -6])[:4] + values([1, -2, 3, -4, -5, -6])[-3:]
    assert beside.turned(before, (2,), beside.barred(())) is not None
    assert beside.turned(before, (2,), beside.barred((3,))) is None


def test_a_gate_that_has_to_follow_does_not_where_its_opposite_was_said() -> None:
    beside = Neighbours(VARIABLES, [[-2, 4]], {4})
    before = values([1, -2, 3, -4, 5, 6])
    turned = beside.turned(before, (2,), beside.barred(()))
    assert turned is not None and turned[4]
    assert beside.turned(before, (2,), beside.barred((-4,))) is None


def test_where_a_gate_may_not_follow_something_else_does() -> None:
    beside = Neighbours(VARIABLES, [[-2, 3, 4]], {4})
    turned = beside.turned(values([1, -2, -3, -4, 5, 6]), (2,), beside.barred((-4,)))
    assert turned is not None and turned[3] and not turned[4]


def test_what_an_option_asks_for_is_taken_beside_it() -> None:
    beside = Neighbours(VARIABLES, [[-2, 3]], ())
    turned = beside.turned(values([1, -2, -3, 4, 5, 6]), (2,), beside.barred(()))
    assert turned is not None and turned[3]


@given(CLAUSES, st.sets(st.integers(1, VARIABLES)), LITERALS, st.sets(LITERALS, max_size=2), st.integers(0, 63))
@settings(deadline=None)
def test_a_neighbour_is_a_model_that_keeps_to_what_was_said(
    clauses: list[list[int]], gates: set[int], wanted: int, fixed: set[int], pick: int
) -> None:
    found = [model for model in models(clauses) if fixed <= set(model)]
    if not found:
        return
    beside = Neighbours(VARIABLES, clauses, gates)
    turned = beside.turned(values(found[pick % len(found)]), (wanted,), beside.barred(fixed))
    if turned is not None:
        assert [at if turned[at] else -at for at in range(1, VARIABLES + 1)] in found
        assert turned[wanted] and all(turned[at] != turned[-at] for at in range(1, VARIABLES + 1))


def test_a_place_is_judged_under_all_answers_but_its_own(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(
        {"traffic": "high", "loss": "4h"}, {"add-ons": ("snapshots", "dashboards"), "storage": "rook", "backup": "velero"},
        rejects={"cdn": ("edge",)}, settings={"backup.interval": "1h"}))
    for place in space.answered:
        rest = [literal for group in space.groups if place not in group.places for literal in group.literals]
        assert space.assumed(place) == rest
        assert space._told.assumed(place) == assume(rest)
    assert space.assumed() == [literal for group in space.groups for literal in group.literals]


def test_answers_that_stand_apart_from_each_other_leave_their_place_together() -> None:
    place, other = ("choice", -1, "a"), ("choice", -1, "b")
    groups = [Group(Cause("choice", where[2], str(literal)), (literal,), (where,))
              for where, literal in ((other, 2), (place, 3), (other, -4), (place, 5), (other, 6))]
    told = Told(groups)
    assert told.literals(place) == [2, -4, 6]
    assert told.assumed(place) == assume([2, -4, 6])
    assert told.assumed() == assume([2, 3, -4, 5, 6])


def small() -> Catalog:
    """b2 is only to be had with a2, and c2 leaves b1 without d1."""
    return tiny.catalog(tiny.layer([tiny.decision(name) for name in "abcd"]), [
        tiny.component(f"{name}{at}", [name], rules=rules)
        for name in "abcd" for at in (1, 2) for rules in [{
            "b2": [tiny.rule("b2-a2", requires=[{"component": "a2"}])],
            "c2": [tiny.rule("c2-apart", when=[{"component": "b1"}], excludes=[{"component": "d1"}])],
        }.get(f"{name}{at}", [])]])


def test_an_option_that_only_another_answer_could_give_is_excluded_beside_what_models_show() -> None:
    states = Engine(small()).space(tiny.answers(choices={"a": "a1", "b": "b1"})).states()
    assert states[Option("b", "b2")] == "excluded"
    assert states[Option("a", "a2")] == states[Option("c", "c2")] == "available"


def test_what_an_answer_excludes_is_excluded_whatever_models_showed_before_it() -> None:
    engine = Engine(small())
    assert engine.space(tiny.answers(choices={"b": "b1"})).states()[Option("d", "d1")] == "available"
    states = engine.space(tiny.answers(choices={"b": "b1", "c": "c2"})).states()
    assert states[Option("d", "d1")] == "excluded"
    assert states[Option("d", "d2")] == "implied"
