"""What a Space says about a small catalog, in the words of the design."""

from __future__ import annotations

from itertools import permutations

import pytest

from catalog.catalog import Catalog
from catalog.reasons import Cause, Margin, Option, RuleRef
from catalog.rules import PRIORITIES
from catalog.words import Words
from tests import tiny
from wizard.solver import ContextOption, Engine, SettingOption

ROOK = Option("storage", "rook")


def test_an_excluded_option_says_which_answer_and_which_rule_exclude_it(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"kubernetes": "autopilot"}))
    assert space.state(ROOK) == "excluded"
    (reason,) = space.why(ROOK)
    assert reason.causes == (Cause("choice", "kubernetes", "autopilot"),)
    assert reason.rules == (RuleRef("rook-disks", "main"),)
    assert reason.chain[-1].then is not None
    assert Words(catalog).line(reason).startswith("You chose Autopilot")


def test_an_implied_option_is_in_every_design_and_says_why(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"storage": "rook"}, clusters=(tiny.cluster(cloud="gcp"),)))
    assert space.state(Option("kubernetes", "standard", "main")) == "implied"
    (reason,) = space.why(Option("kubernetes", "standard", "main"))
    assert {cause.subject for cause in reason.causes} == {"cloud", "storage"}


def test_an_answered_decision_is_judged_without_its_own_answer(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"kubernetes": "autopilot"}))
    assert set(space.states("kubernetes").values()) == {"available"}
    rejected = Engine(catalog).space(tiny.answers(rejects={"kubernetes": "eks"}, choices={"kubernetes": "autopilot"}))
    assert rejected.state(Option("kubernetes", "eks", "main")) == "excluded"


def test_nothing_answered_excludes_only_what_the_rules_refuse(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers())
    assert [str(option) for option, state in space.states().items() if state == "excluded"] == ["backup=old-backup"]
    assert space.why(ROOK) == ()


def test_what_is_not_asked_has_no_options_left(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers({"traffic": "low"}))
    assert set(space.states("cdn").values()) == {"excluded"}
    assert space.complete().chosen("cdn") == ()


def test_a_conflict_names_the_smallest_causes_and_ways_out(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers({"traffic": "high"}, {"kubernetes": "autopilot", "storage": "rook"}))
    conflict = space.conflict()
    assert conflict is not None
    assert [cause.subject for cause in conflict.reason.causes] == ["kubernetes", "storage"]
    for repair in conflict.repairs:
        assert len(repair.changes) == 1
        assert Engine(catalog).space(space.applied(repair, "wizard")).stands


def test_a_pinned_answer_is_never_touched(catalog: Catalog) -> None:
    said = tiny.answers(choices={"kubernetes": "autopilot", "storage": "rook"}, pinned=["storage"])
    conflict = Engine(catalog).space(said).conflict()
    assert conflict is not None
    assert [[change.cause.subject for change in repair.changes] for repair in conflict.repairs] == [["kubernetes"]]
    both = tiny.answers(choices={"kubernetes": "autopilot", "storage": "rook"}, pinned=["storage", "kubernetes"])
    stuck = Engine(catalog).space(both).conflict()
    assert stuck is not None
    assert stuck.repairs == ()


def test_a_wanted_option_comes_with_the_change_that_adds_it(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"kubernetes": "autopilot"}))
    (repair,) = space.repairs(ROOK)
    after = Engine(catalog).space(space.applied(repair, "wizard"))
    assert after.answers.choices["storage"].value == ("rook",)
    assert after.complete().chosen("storage") == ("rook",)


def test_a_kind_of_cluster_can_take_another_option_by_an_override(catalog: Catalog) -> None:
    clusters = (tiny.cluster(name="a", cloud="gcp"), tiny.cluster(name="b", cloud="gcp", environment="dev"))
    catalog = tiny.catalog(
        [
            *catalog.layers.values(),
            tiny.layer(
                [tiny.decision("other", "optional")],
                [tiny.question("environment", ["prod", "dev"], scope="cluster")],
                id_="more",
            ),
        ],
        list(catalog.components.values()),
    )
    space = Engine(catalog).space(tiny.answers(choices={"kubernetes": "autopilot"}, clusters=clusters))
    assert [kind.name for kind in space.kinds] == ["a", "b"]
    (repair,) = space.repairs(Option("kubernetes", "standard", "b"))
    after = Engine(catalog).space(space.applied(repair, "wizard"))
    assert after.complete().chosen("kubernetes", "a") == ("autopilot",)
    assert after.complete().chosen("kubernetes", "b") == ("standard",)


def test_a_duration_is_held_against_a_duration_that_was_asked_for(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers({"loss": "4h"}, settings={"backup.interval": "12h"}))
    conflict = space.conflict()
    assert conflict is not None
    assert {cause.subject for cause in conflict.reason.causes} == {"loss", "backup.interval"}
    changes = [change for repair in conflict.repairs for change in repair.changes]
    assert [(change.cause.subject, change.to) for change in changes] == [("backup.interval", "4h"), ("loss", "24h")]
    assert (
        Engine(catalog).space(tiny.answers({"loss": "4h"})).state(SettingOption("backup.interval", "5h")) == "excluded"
    )
    assert (
        Engine(catalog).space(tiny.answers({"loss": "4h"})).state(SettingOption("backup.interval", "3h")) == "available"
    )


def test_a_default_moves_to_the_nearest_allowed_value(catalog: Catalog) -> None:
    made = Engine(catalog).space(tiny.answers({"loss": "4h"})).complete()
    assert made.settings["backup.interval", None].value == "4h"
    assert made.settings["backup.interval", None].origin == "implied"


def test_context_values_have_states_and_reasons_too(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"cdn": "edge"}))
    assert space.state(ContextOption("traffic", "low")) == "excluded"
    (reason,) = space.why(ContextOption("traffic", "low"))
    assert [cause.subject for cause in reason.causes] == ["cdn"]


def test_what_is_out_of_support_is_never_recommended_and_refused_unless_waived(catalog: Catalog) -> None:
    refused = Engine(catalog).space(tiny.answers(choices={"backup": "old-backup"})).conflict()
    assert refused is not None
    assert refused.reason.rules == (RuleRef("status:old-backup"),)
    waived = Engine(catalog).space(
        tiny.answers(choices={"backup": "old-backup"}, waivers=(tiny.waiver("status:old-backup"),))
    )
    assert waived.stands
    assert "status:old-backup" in {warning.rule for warning in waived.warnings()}
    free = Engine(catalog).space(tiny.answers(waivers=(tiny.waiver("status:old-backup"),)))
    assert free.complete().chosen("backup") == ("velero",)


def test_several_get_nothing_but_what_is_asked_for_or_goes_with_the_rest(catalog: Catalog) -> None:
    assert Engine(catalog).space(tiny.answers()).complete().chosen("add-ons") == ("snapshots",)
    more = Engine(catalog).space(tiny.answers(choices={"add-ons": "dashboards"})).complete()
    assert more.chosen("add-ons") == ("snapshots", "dashboards")


def test_warnings_are_judged_on_the_completed_design(catalog: Catalog) -> None:
    assert Engine(catalog).space(tiny.answers()).warnings() == ()
    space = Engine(catalog).space(tiny.answers(choices={"storage": "rook"}))
    assert [warning.rule for warning in space.warnings()] == ["rook-effort"]


def test_the_margin_names_the_level_that_decided(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers({"traffic": "high"}))
    edge = space.margin(Option("cdn", "edge"))
    assert (edge.level, edge.runner_up, edge.score, edge.runner_up_score) == ("operations", "none", 3, 2)
    assert space.margin(Option("backup", "velero")).level == "only"
    assert space.margin(Option("add-ons", "snapshots")).level == "goes-with"
    with pytest.raises(KeyError):
        space.margin(ROOK)


def test_what_was_chosen_says_whether_it_would_win_as_well(catalog: Catalog) -> None:
    def advantage(decision: str, component: str, **choices: str) -> Margin | None:
        return Engine(catalog).space(tiny.answers({"traffic": "high"}, choices)).advantage(Option(decision, component))

    edge = advantage("cdn", "edge", cdn="edge")
    assert edge is not None and (edge.level, edge.runner_up) == ("operations", "none")
    assert advantage("cdn", "none", cdn="none") is None
    only = advantage("backup", "velero", backup="velero")
    assert only is not None and only.level == "only"
    with pytest.raises(KeyError):
        advantage("cdn", "none", cdn="edge")


def test_a_forced_choice_says_what_rules_the_better_one_out(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers(choices={"storage": "rook"}))
    margin = space.margin(Option("kubernetes", "standard", "main"))
    assert (margin.level, margin.runner_up) == ("forced", "eks")
    assert margin.reason is not None
    assert margin.reason.rules == (RuleRef("clouds:eks", "main"),)


def test_alternatives_differ_and_none_is_dominated(catalog: Catalog) -> None:
    own, *offers = Engine(catalog).space(tiny.answers({"traffic": "high"})).alternatives(3)
    assert own.first is None
    assert len({offer.resolution.choices for offer in (own, *offers)}) == len(offers) + 1
    for one, other in permutations(offers, 2):
        assert any(one.costs[priority] > other.costs[priority] for priority in one.costs) or one.costs == other.costs


def test_an_alternative_is_the_best_for_its_priority_whatever_is_recommended_and_does_without_nothing() -> None:
    scores = {"plain": {"cost": 2, "operations": 2}, "cheap": {"cost": 4, "operations": 1}, "easy": {"cost": 1, "operations": 4}}
    absent = {"ratings": {priority: {"score": 4, "because": "There is nothing."} for priority in PRIORITIES}}
    advised = {"recommended-when": [{"when": [{"context": {"size": "small"}}], "because": "It fits."}]}
    catalog = tiny.catalog(
        tiny.layer([tiny.decision("metrics", "optional", none=absent)], [tiny.question("size", ["small", "large"])]),
        [tiny.component(name, {"metrics": advised if name == "plain" else {}}, ratings=ratings)
         for name, ratings in scores.items()])
    own, *others = Engine(catalog).space(tiny.answers(priorities=["cost", "operations"])).alternatives(2)
    assert own.resolution.chosen("metrics") == ("plain",)
    assert [(other.first, other.resolution.chosen("metrics")) for other in others] == [
        ("cost", ("cheap",)), ("operations", ("easy",))]


def test_unknown_names_are_key_errors(catalog: Catalog) -> None:
    space = Engine(catalog).space(tiny.answers())
    for target in (Option("storage", "nothing"), Option("storage", "rook", "nowhere"), ContextOption("traffic", "x")):
        with pytest.raises(KeyError):
            space.state(target)


def test_an_engine_lets_go_of_formulas_for_clusters_that_are_gone_and_answers_the_same_when_they_come_back() -> None:
    catalog = tiny.catalog(
        [tiny.layer([tiny.decision("cni", scope="cluster")])],
        [tiny.component("cilium", ["cni"]), tiny.component("flannel", ["cni"])])
    engine = Engine(catalog, kept=2)
    differing = (tiny.cluster(name="a"), tiny.cluster(name="b", choices={"cni": "cilium"}),
                 tiny.cluster(name="c", choices={"cni": "flannel"}), tiny.cluster(name="d", rejects={"cni": ["cilium"]}))
    designs = [tiny.answers({}, {}, clusters=differing[:count]) for count in (1, 2, 3, 4)]
    assert [len(engine.space(answers).kinds) for answers in designs] == [1, 2, 3, 4]
    first = [engine.space(answers).states() for answers in designs]
    assert len(engine._machines) <= 2
    assert [engine.space(answers).states() for answers in designs] == first


def test_a_number_at_most_another_is_allowed_up_to_that_very_number() -> None:
    size = {"id": "a.size", "title": "Size", "type": "integer", "why": "It has one.", "at-least": 1, "at-most": 9,
            "default": [{"value": 9}]}
    catalog = tiny.catalog(
        tiny.layer([tiny.decision("a", settings=[size])]),
        [tiny.component("small", ["a"], rules=[tiny.rule("small-size", requires=[{"setting": {"a.size": {"at-most": 3}}}])])])
    space = Engine(catalog).space(tiny.answers())
    assert space.state(SettingOption("a.size", 3)) == "available"
    assert space.state(SettingOption("a.size", 4)) == "excluded"
    assert space.complete().settings["a.size", None].value == 3


def test_an_option_that_spares_a_part_says_so_where_the_other_would_fit_too() -> None:
    catalog = tiny.catalog(tiny.layer([tiny.decision("a"), tiny.decision("b")]), [
        tiny.component("other", ["a"]), tiny.component("both", ["a", "b"])])
    margin = Engine(catalog).space(tiny.answers(choices={"b": "both"})).margin(Option("a", "both"))
    assert (margin.level, margin.runner_up) == ("fewer", "other")


def test_an_assumption_that_does_not_fit_gives_way_to_the_nearest_value() -> None:
    catalog = tiny.catalog(
        tiny.layer([tiny.decision("a")], [tiny.question("size", ["one", "two", "three", "four"], ordered="rising")]),
        [tiny.component("large", ["a"], rules=[tiny.rule("not-one", excludes=[{"context": {"size": "one"}}])])])
    assert Engine(catalog).space(tiny.answers()).complete().context["size", None].value == "two"
