"""The parts of the engine that make sense by themselves."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.catalog import Catalog
from tests import tiny
from wizard.solver import Engine, hitting
from wizard.solver.examine import examine
from wizard.solver.export import dimacs, uvl
from wizard.solver.numbers import Line, above, at_least, written
from wizard.solver.sat import Sat

SETS = st.lists(st.frozensets(st.integers(0, 6), min_size=1, max_size=4), max_size=6)


@pytest.mark.parametrize("many", [0, 100], ids=["by the solver", "by search"])
@given(sets=SETS, heavy=st.frozensets(st.integers(0, 6)), refused=st.integers(0, 4), least=st.integers(0, 4))
@settings(deadline=None)
def test_the_hitting_set_is_the_first_of_the_smallest_that_is_taken(
    many: int, sets: list[frozenset[int]], heavy: frozenset[int], refused: int, least: int,
) -> None:
    # What stands only in sets that hold a smaller one whole is never needed.
    numbers = sorted({number for entry in sets for number in entry if not any(other < entry for other in sets)})
    every = sorted(
        (size, len(heavy.intersection(entry)), entry)
        for size in range(least, len(numbers) + 1)
        for entry in combinations(numbers, size)
        if all(set(entry) & other for other in sets)
    )
    no = {entry for _, _, entry in every[:refused]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hitting, "MANY", many)
        found = hitting.hitting_set(sets, heavy, least, accept=lambda entry: entry not in no)
    assert found == next((entry for _, _, entry in every[refused:]), None)


def test_no_set_meets_an_empty_one() -> None:
    assert hitting.hitting_set([frozenset({1}), frozenset()]) is None


def test_numbers_come_back_in_the_words_of_their_type() -> None:
    assert written(Fraction(86400), "duration") == "1d"
    assert written(Fraction(5400), "duration") == "90m"
    assert written(Fraction(20 * 2**30), "quantity") == "20Gi"
    assert written(Fraction(1, 2), "quantity") == "500m"
    assert written(Fraction(7), "integer") == 7
    assert written(Fraction(14400), "duration", {Fraction(14400): "240m"}) == "240m"


def test_more_than_two_is_at_least_three_among_whole_numbers() -> None:
    line = Line("n", True, Fraction(1), Fraction(5), (at_least(Fraction(3)),), (9,), 1)
    assert line.over(above(Fraction(2))) == 9
    assert line.over(at_least(Fraction(1))) == 1
    assert line.over(above(Fraction(5))) == -1
    assert line.exactly(Fraction(2)) == (-9,)
    assert line.nearest(Fraction(4), None, at_least(Fraction(3))) == 2


def test_the_catalog_examined_says_what_can_never_be() -> None:
    catalog = tiny.catalog(
        tiny.layer(
            [tiny.decision("d"), tiny.decision("e", "optional")],
            [tiny.question("q", ["a", "b"])],
            [
                tiny.rule("never", requires=[{"component": "two"}], when=[{"component": "lost"}]),
                tiny.rule("not-b-two", excludes=[{"chosen": {"d": "two"}}], when=[{"context": {"q": "b"}}]),
                tiny.rule("not-b", excludes=[{"context": {"q": "b"}}]),
            ],
        ),
        [
            tiny.component("one", ["d"]),
            tiny.component("two", ["d"]),
            tiny.component("lost", ["e"], rules=[tiny.rule("lost-nothing", requires=[{"capability": "nothing"}])]),
        ],
    )
    found = examine(catalog)
    assert not found.void
    assert [str(option) for option in found.dead] == ["e=lost"]
    assert found.contexts == ((("q", "b"),),)
    assert found.silent == ("never", "not-b-two")
    assert found.implied == ()
    assert [str(option) for option in found.single] == ["e=none"]
    assert found.count.designs == 2


def test_a_rule_that_others_already_say_is_found() -> None:
    catalog = tiny.catalog(
        tiny.layer(
            [tiny.decision("d", "optional")],
            [tiny.question("q", ["a", "b"])],
            [
                tiny.rule("says", excludes=[{"component": "one"}], when=[{"context": {"q": "b"}}]),
            ],
        ),
        [tiny.component("one", ["d"], rules=[tiny.rule("repeats", requires=[{"context": {"q": "a"}}])])],
    )
    assert examine(catalog).implied == ("repeats",)


def test_two_answers_that_leave_no_design_are_a_void_context() -> None:
    catalog = tiny.catalog(
        tiny.layer([tiny.decision("d")], [tiny.question("q", ["a", "b"]), tiny.question("r", ["x", "y"])]),
        [
            tiny.component(
                "one",
                ["d"],
                rules=[tiny.rule("not-both", excludes=[{"context": {"r": "y"}}], when=[{"context": {"q": "b"}}])],
            )
        ],
    )
    assert examine(catalog).contexts == ((("q", "b"), ("r", "y")),)


def test_dimacs_says_what_the_engine_solves(catalog: Catalog) -> None:
    for choices in ({"kubernetes": "autopilot"}, {"kubernetes": "autopilot", "storage": "rook"}):
        space = Engine(catalog).space(tiny.answers(choices=choices))
        lines = dimacs(space).splitlines()
        head = next(line for line in lines if line.startswith("p cnf")).split()
        clauses = [list(map(int, line.split()[:-1])) for line in lines if line[0] not in "cp"]
        assert len(clauses) == int(head[3])
        assert Sat(clauses, int(head[2])).solve() == space.stands
        assert f"c {space.encoded.choice[-1, 'storage', 'rook']} choice/storage=rook" in lines


def test_uvl_names_are_plain_words_and_every_feature_stands_once(catalog: Catalog) -> None:
    text = uvl(Engine(catalog).space(tiny.answers({"loss": "4h"})))
    tree, constraints = text.split("constraints\n")
    words = [line.split()[0] for line in tree.splitlines()[1:]]
    features = [word for word in words if word not in ("mandatory", "optional", "alternative")]
    assert len(features) == len(set(features))
    assert all(word.replace("_", "a").isalnum() for word in features)
    used = {part.strip().lstrip("!") for line in constraints.splitlines() for part in line.split("|")}
    assert used <= set(features)
    assert "context_loss_4h" in constraints.split()
