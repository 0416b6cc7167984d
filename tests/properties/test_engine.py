"""The engine against the oracle: what it says of small random catalogs is what listing every world says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from catalog.reasons import Cause, Option, Reason
from tests.properties.generated import Drawn, answered, catalogs
from tests.properties.oracle import CauseId, Oracle, TooLarge, World
from tests.properties.preference import best, costs
from wizard.answers import Answers
from wizard.answers_change import choose
from wizard.solver import ContextOption, Engine, Space
from wizard.solver.changing import Unchangeable

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def cases(data: st.DataObject, features: str | None = None) -> tuple[Space, Oracle]:
    drawn = data.draw(catalogs(features=features))
    said = data.draw(answered(drawn))
    return Engine(drawn.catalog).space(said), listed(drawn, said)


def listed(drawn: Drawn, said: Answers) -> Oracle:
    try:
        return Oracle(drawn.catalog, said, drawn.facts)
    except TooLarge:
        assume(False)
        raise


def name_of(cause: Cause) -> CauseId:
    return (cause.kind, cause.subject, cause.value, cause.kind_of_cluster)


def causes_of(reason: Reason) -> frozenset[CauseId]:
    return frozenset(name_of(cause) for cause in reason.causes)


def rules_of(reason: Reason) -> frozenset[Any]:
    return frozenset((rule.id, rule.kind_of_cluster) for rule in reason.rules)


def relevant(oracle: Oracle) -> set[CauseId]:
    """Answers that say something about some world; the engine leaves out those that no rule can look at."""
    return {cause for cause, allowed in oracle.said.items() if allowed != oracle.everything}


@QUICK
@given(st.data())
def test_states_are_what_listing_every_world_says(data: st.DataObject) -> None:
    space, oracle = cases(data)
    assert space.stands == bool(oracle.left())
    for option, state in space.states().items():
        assert state == oracle.state("choice", option.kind, option.decision, option.component), option
    for value, state in space.context_states().items():
        assert state == oracle.state("context", value.kind, value.question, value.value), value


@QUICK
@given(st.data())
def test_reasons_are_the_smallest_there_are(data: st.DataObject) -> None:
    space, oracle = cases(data)
    targets: list[Option | ContextOption | None] = [
        target for target, state in (*space.states().items(), *space.context_states().items()) if state != "available"
    ][:6]
    if not space.stands:
        targets.append(None)
    for target in targets:
        within, own = oracle.everything, set()
        if target is not None:
            what = "choice" if isinstance(target, Option) else "context"
            subject, value, kind = target
            within = oracle.with_option(what, kind, subject, value)
            if space.state(target) == "implied":
                within = oracle.everything & ~within
            own = oracle.own(what, kind, subject)
            reasons = space.why(target, all=True)
            first, = space.why(target)
        else:
            reasons = space.why_conflict()
            conflict = space.conflict()
            assert conflict is not None
            first = conflict.reason
        lawful = within & oracle.lawful()
        said = {cause: allowed for cause, allowed in oracle.said.items() if cause not in own}
        expected = oracle.smallest(said, lawful)
        assert {causes_of(reason) for reason in reasons} == expected, target
        assert first == reasons[0]
        for reason in reasons:
            left = within
            for cause in causes_of(reason):
                left &= oracle.said[cause]
            smallest = oracle.smallest(oracle.rules, left) if len(oracle.rules) < 14 else set()
            if smallest:
                assert rules_of(reason) in smallest
            for rule in rules_of(reason):
                left &= oracle.rules[rule]
            assert not left


@QUICK
@given(st.data())
def test_repairs_work_and_none_smaller_does(data: st.DataObject) -> None:
    space, oracle = cases(data)
    pinned = {cause for cause in oracle.said if cause[1] in space.answers.pinned}
    targets: list[Option | None] = [
        option for option, state in space.states().items()
        if state == "excluded" and (option.kind is None or len(space.kinds) == 1)
    ][:5]
    if not space.stands:
        targets.append(None)
    for target in targets:
        wanted = oracle.everything if target is None else oracle.with_option(
            "choice", target.kind, target.decision, target.component)
        expected = oracle.smallest_repairs(wanted, pinned)
        found = [
            frozenset(name_of(change.cause) for change in repair.changes if change.cause.value)
            for repair in space.repairs(target, limit=100)
        ]
        assert len(found) == len(set(found))
        assert set(found) == {entry for entry in expected if entry}, target


@QUICK
@given(st.data())
def test_dropping_any_one_cause_makes_it_solvable(data: st.DataObject) -> None:
    space, oracle = cases(data)
    targets: list[Option | None] = [option for option, state in space.states().items() if state == "excluded"]
    if not space.stands:
        targets.append(None)
    for target in targets:
        wanted = oracle.everything if target is None else oracle.with_option(
            "choice", target.kind, target.decision, target.component)
        for reason in space.why_conflict() if target is None else space.why(target):
            for dropped in causes_of(reason):
                left = wanted & oracle.lawful()
                for cause in causes_of(reason) - {dropped}:
                    left &= oracle.said[cause]
                assert left, (target, dropped)


@QUICK
@given(st.data())
def test_answers_stand_once_a_repair_is_applied(data: st.DataObject) -> None:
    drawn = data.draw(catalogs())
    space = Engine(drawn.catalog).space(data.draw(answered(drawn)))
    targets: list[Option | None] = [option for option, state in space.states().items() if state == "excluded"][:5]
    if not space.stands:
        targets.append(None)
    for target in targets:
        for repair in space.repairs(target):
            if any(change.cause.kind == "fact" for change in repair.changes):
                with pytest.raises(Unchangeable):
                    space.applied(repair, "test")
                continue
            after = Engine(drawn.catalog).space(space.applied(repair, "test"))
            assert after.stands, (target, repair)
            if target is not None:
                # Kinds of clusters may have become one, or others: the wanted option is in one of them.
                chosen = [option for option in after.states()
                          if (option.decision, option.component) == (target.decision, target.component)]
                assert any(after.state(option) != "excluded" for option in chosen), (target, repair)


@QUICK
@given(st.data())
def test_completion_is_the_one_best_world(data: st.DataObject) -> None:
    space, oracle = cases(data)
    assume(space.stands)
    made = space.complete()
    order = space.answers.order()
    world = best(oracle, order)
    for choice in made.choices:
        assert set(choice.chosen) == set(world["choice", choice.kind, choice.decision]), choice
    for (question, kind), value in made.context.items():
        held = set(value.value) if isinstance(value.value, tuple) else {value.value}
        assert held == set(world["context", kind, question])
    for (name, kind), value in made.facts.items():
        assert value.value == world["fact", kind, name]
    for (setting, kind), value in made.settings.items():
        assert value.value == world["setting", kind, setting], setting
    for (component, kind), version in made.releases.items():
        assert version == world["release", kind, component], component
    place = oracle.worlds.index(world)
    assert tuple(cost for _, cost in made.costs) == costs(oracle, oracle.readers[place], order)


@QUICK
@given(st.data())
def test_no_release_out_of_support_is_taken_where_a_supported_one_fits(data: st.DataObject) -> None:
    space, oracle = cases(data, "releases")
    assume(space.stands)
    made, left = space.complete(), oracle.left()
    catalog = oracle.catalog

    def past(component: str, version: str | None) -> bool:
        releases = catalog.components[component].releases
        fixed = component in oracle.answers.versions or not any(entry.supported(catalog.as_of) for entry in releases)
        return not fixed and any(entry.version == version and not entry.supported(catalog.as_of) for entry in releases)

    def same(world: World) -> bool:
        return all(set(choice.chosen) == set(world["choice", choice.kind, choice.decision]) for choice in made.choices) and all(
            {*([value.value] if isinstance(value.value, str) else value.value)} == set(world["context", kind, question])  # type: ignore[misc]
            for (question, kind), value in made.context.items())

    taken = {component for (component, _), version in made.releases.items() if past(component, version)}
    ways = [
        {name for (what, _, name), version in world.items() if what == "release" and past(name, version)}
        for place, world in enumerate(oracle.worlds) if left >> place & 1 and same(world)
    ]
    assert len(taken) == min(map(len, ways))


@QUICK
@given(st.data())
def test_what_was_asked_before_changes_nothing(data: st.DataObject) -> None:
    drawn = data.draw(catalogs())
    said = data.draw(answered(drawn))
    other = data.draw(answered(drawn))
    fresh = Engine(drawn.catalog).space(said)
    used = Engine(drawn.catalog)
    before = used.space(other)
    before.states()
    if before.stands:
        before.complete()
    again = used.space(said)
    if again.stands:
        assert again.complete() == fresh.complete()
    assert again.context_states() == fresh.context_states()
    assert again.states() == fresh.states()
    assert again.conflict() == fresh.conflict()
    for option, state in fresh.states().items():
        if state != "available":
            assert again.why(option) == fresh.why(option)
        if state == "excluded":
            assert again.repairs(option) == fresh.repairs(option)


@QUICK
@given(st.data())
def test_the_order_of_answers_never_matters(data: st.DataObject) -> None:
    drawn = data.draw(catalogs())
    said = data.draw(answered(drawn))
    turned = replace(said, **{
        name: dict(reversed(getattr(said, name).items())) for name in ("context", "choices", "rejects", "settings", "pinned")
    })
    one, other = Engine(drawn.catalog).space(said), Engine(drawn.catalog).space(turned)
    assert one.states() == other.states()
    assert one.context_states() == other.context_states()
    assert one.conflict() == other.conflict()
    if one.stands:
        assert one.complete() == other.complete()


@QUICK
@given(st.data())
def test_an_answer_frees_nothing_and_what_is_available_can_be_taken(data: st.DataObject) -> None:
    """Somebody who takes what is available never meets a conflict, and one engine says at each step what a new one says."""
    drawn = data.draw(catalogs())
    said = data.draw(answered(drawn, most=1))
    engine = Engine(drawn.catalog)
    space = engine.space(said)
    assume(space.stands)
    excluded: set[Option] = set()
    for _ in range(5):
        states = space.states()
        assert states == Engine(drawn.catalog).space(space.answers).states()
        open_ = [option for option, state in states.items() if state != "excluded" and (option.decision, option.kind)
                 in set(space.undecided())]
        now = {option for option, state in states.items() if state == "excluded"}
        assert excluded <= now
        if not open_:
            break
        # What stays open is judged beside all answers, so that from here on an exclusion can only stay one.
        option = data.draw(st.sampled_from(open_))
        decided = {(entry.decision, entry.kind) for entry in states} - set(space.undecided())
        excluded = {entry for entry in now if (entry.decision, entry.kind) not in decided and entry.decision != option.decision}
        clusters = {kind.name: kind.clusters for kind in space.kinds}
        space = engine.space(choose(space.answers, drawn.catalog, option, clusters, "test"))
        assert space.stands, option
        for entry in [entry for entry in now if entry.decision != option.decision][:3]:
            assert not engine.space(choose(space.answers, drawn.catalog, entry, clusters, "test")).stands or \
                (entry.decision, entry.kind) in decided
