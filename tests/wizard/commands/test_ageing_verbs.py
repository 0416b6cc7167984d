"""`lifecycle` and `upgrade`: what ages by a day, and the way to another Kubernetes minor."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.ageing import ages, lasting
from catalog.catalog import Catalog
from catalog.words import Words
from tests import tiny
from wizard.answers import Answers, Said
from wizard.commands.lifecycle import named
from wizard.main import main
from wizard.solver import Engine
from wizard.upgrade import Plan, ending, lines, plan

ROOT = Path(__file__).parents[3]
BANK = str(ROOT / "samples/bank/answers.yaml")
START_UP = str(ROOT / "samples/start-up/answers.yaml")
RETIRED = str(ROOT / "samples/refused/retired-cdn.yaml")
Out = pytest.CaptureFixture[str]


def findings(capsys: Out, path: str, day: str) -> tuple[int, dict[str, Any]]:
    code = main(["lifecycle", path, "--on", day, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_what_ends_is_ahead_before_its_day_and_past_after_it(capsys: Out) -> None:
    code, late = findings(capsys, BANK, "2027-12-31")
    assert code == 1
    ended = {entry["component"]: entry["on"] for entry in late["findings"] if entry["what"] == "ended"}
    assert ended
    _, early = findings(capsys, BANK, "2026-01-01")
    ahead = {entry["component"]: entry["on"] for entry in early["findings"] if entry["what"] == "ends"}
    assert ended.items() <= ahead.items()
    assert all(entry["source"].startswith("https://") for entry in late["findings"])


def test_a_design_that_is_refused_today_is_still_told_what_became_of_it(capsys: Out) -> None:
    code, found = findings(capsys, RETIRED, "2024-06-30")
    assert (code, found["whole"]) == (1, False)
    gone = next(entry for entry in found["findings"] if entry["on"] == "2024-06-30")
    assert (gone["component"], gone["what"], gone["successor"]) == ("stackpath", "retired", "akamai")
    assert gone["move"].startswith("Point DNS at another CDN")
    code, before = findings(capsys, RETIRED, "2023-08-30")
    assert code == 0
    assert {entry["what"] for entry in before["findings"]} == {"retires"}


def test_a_release_that_ends_names_those_that_are_supported_then(capsys: Out) -> None:
    releases = [release("3", []), release("2", [], **{"end-of-support": "2027-09-30"}),
                release("1", [], **{"end-of-support": "2027-03-31"})]
    web = tiny.component("web", ["gate"], releases=releases)
    found, = ages([(web, web.releases[2])], date(2027, 6, 30))
    assert (found.what, found.next) == ("ended", ("3 (no last day named)", "2 (until 2027-09-30)"))
    assert found.text == "Web 1 was supported until 2027-03-31."
    late, = ages([(web, web.releases[2])], date(2028, 6, 30))
    assert late.next == ("3 (no last day named)",)


def test_a_distribution_ends_with_the_kubernetes_that_it_packages(capsys: Out) -> None:
    host = tiny.component("plain", ["gate"], releases=[
        release("1.37", ["1.37"], **{"end-of-support": "2027-10-28"}),
        release("1.35", ["1.35"], **{"end-of-support": "2027-02-28"})])
    small = tiny.component("small", ["gate"], releases=[
        release("1.37", ["1.37"]), release("1.35", ["1.35"]), release("1.30", ["1.30"])])
    small = small.model_copy(update={"lifecycle": small.lifecycle.model_copy(update={"follows": "plain"})})
    day, known = date(2027, 6, 30), {"plain": host, "small": small}
    found, = ages([(small, small.releases[1])], day, known)
    assert (found.what, found.on, found.source) == ("ended", date(2027, 2, 28), host.releases[1].source)
    assert found.text == ("Small 1.35 names no last day of its own; Kubernetes 1.35, which it packages, was supported until "
                          "2027-02-28.")
    assert found.next == ("1.37 (until 2027-10-28)", "1.30 (no last day named)")
    assert lasting(small, None, known) is small.releases[2]
    assert not ages([(small, small.releases[2])], day, known)
    assert not ages([(small, small.releases[1])], day)


def test_the_chart_shows_the_last_day_of_what_is_packaged(capsys: Out, tmp_path: Path) -> None:
    main(["lifecycle", BANK, "--on", "2027-06-30", "--picture", str(tmp_path / "life.svg")])
    assert "RKE2 1.35 names no last day of its own; Kubernetes 1.35, which it packages, was supported until" in (
        capsys.readouterr().out)
    assert "RKE2" in (tmp_path / "life.svg").read_text("utf-8")


def test_what_has_no_published_days_is_counted_and_not_called_supported(capsys: Out) -> None:
    main(["lifecycle", BANK, "--on", "2027-06-30"])
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("Days of support or retirement are published of ") and "of the others nothing is known" in said
    assert re.search(r"; \d+ are ways of working that no maker ends; ", said)


def test_of_answers_that_cannot_stand_the_newest_release_is_looked_at() -> None:
    web = tiny.component("web", ["gate"], releases=[release("1.9", []), release("1.10", [])])
    (_, looked_at), = named(tiny.answers(choices={"gate": "web"}), tiny.catalog(tiny.layer([tiny.decision("gate")]), [web]))
    assert looked_at is not None and looked_at.version == "1.10"


def test_the_chart_of_a_day_is_drawn_into_a_file(capsys: Out, tmp_path: Path) -> None:
    path = tmp_path / "on.svg"
    main(["lifecycle", BANK, "--on", "2027-06-30", "--picture", str(path)])
    assert path.read_text("utf-8").startswith("<svg ") and "2027-06-30" in path.read_text("utf-8")
    assert main(["lifecycle", BANK, "--on", "2027-06-30", "--picture", str(tmp_path / "none/on.svg")]) == 2
    assert "none/on.svg: cannot be written: No such file or directory" in capsys.readouterr().err


def test_the_readable_form_says_the_same(capsys: Out) -> None:
    assert main(["lifecycle", RETIRED, "--on", "2024-06-30"]) == 1
    out = capsys.readouterr().out
    assert "Out of support or retired by 2024-06-30:" in out
    assert "Akamai succeeds it: Point DNS at another CDN" in out


@pytest.mark.parametrize("arguments", [["lifecycle", BANK], ["lifecycle", BANK, "--on", "2027-02-29"]])
def test_lifecycle_needs_a_day_of_the_calendar(capsys: Out, arguments: list[str]) -> None:
    assert main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


# A small catalog whose parts have to move in a certain order.


def release(version: str, minors: list[str], **said: Any) -> dict[str, Any]:
    return {"version": version, "kubernetes": minors, **tiny.SOURCE, **said}


def small(*parts: Any, many: str = "one") -> Catalog:
    minors = [release(minor, [minor]) for minor in ("1.37", "1.36", "1.35")]
    setting = {"id": "kubernetes.version", "title": "Kubernetes minor", "type": "choice", "why": "It matters.",
               "choices": ["1.35", "1.36", "1.37"], "default": [{"value": "1.35"}]}
    decisions = [tiny.decision("platform", scope="cluster", settings=[setting])]
    decisions += [tiny.decision(role, many) for part in parts for role in part.roles]
    platform = tiny.component("own-platform", ["platform"], provides=["kubernetes"], releases=minors)
    environments = tiny.question("environment", ["prod", "dev"], scope="cluster")
    return tiny.catalog(tiny.layer(decisions, [environments]), [platform, *parts])


def steps(found: Plan) -> list[tuple[str, str, str, str, str]]:
    return [(step.when, step.component, step.from_, step.to, step.minor) for step in found.steps]


def start(catalog: Catalog, **versions: str) -> Answers:
    return tiny.answers(settings={"kubernetes.version": "1.35"},
                        versions={name.replace("_", "-"): version for name, version in versions.items()})


def test_a_release_that_suits_both_minors_moves_before_the_clusters() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("2", ["1.36", "1.35"]), release("1", ["1.35"])]))
    assert steps(plan(start(catalog, web="1"), catalog, "1.36")) == [
        ("before", "web", "1", "2", "1.36"), ("with", "own-platform", "1.35", "1.36", "1.36")]


def test_a_release_that_suits_the_new_minor_only_moves_together_with_the_clusters() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("2", ["1.36"]), release("1", ["1.35"])]))
    assert steps(plan(start(catalog, web="1"), catalog, "1.36")) == [
        ("with", "own-platform", "1.35", "1.36", "1.36"), ("with", "web", "1", "2", "1.36")]


def test_hops_go_minor_by_minor() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[
        release("3", ["1.36", "1.37"]), release("2", ["1.35", "1.36"]), release("1", ["1.35"])]))
    assert steps(plan(start(catalog, web="1"), catalog, "1.37")) == [
        ("before", "web", "1", "2", "1.36"), ("with", "own-platform", "1.35", "1.36", "1.36"),
        ("before", "web", "2", "3", "1.37"), ("with", "own-platform", "1.36", "1.37", "1.37")]


def test_what_suits_every_minor_does_not_move() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("2", ["1.35", "1.36"]), release("1", ["1.35", "1.36"])]))
    assert steps(plan(start(catalog, web="1"), catalog, "1.36")) == [("with", "own-platform", "1.35", "1.36", "1.36")]


def test_neighbours_that_must_agree_move_together_when_no_order_stands() -> None:
    disk = tiny.component("disk", ["disks"], releases=[release("20", []), release("19", [])])
    keeper = tiny.component("keeper", ["keepers"], releases=[
        release("2", ["1.36"], supports={"disk": ["20"]}), release("1", ["1.35"], supports={"disk": ["19"]})])
    catalog = small(disk, keeper)
    found = plan(start(catalog, disk="19", keeper="1"), catalog, "1.36")
    assert found.refused is None
    assert {(step.component, step.to) for step in found.steps} == {("disk", "20"), ("keeper", "2"), ("own-platform", "1.36")}


def test_a_component_without_a_release_for_the_minor_ends_the_way_with_its_reason() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("1", ["1.35", "1.36"])]))
    found = plan(start(catalog, web="1"), catalog, "1.37")
    assert (len(found.steps), found.at) == (1, "1.37")
    assert found.refused is not None
    assert {rule.id for rule in found.refused.reason.rules} == {"releases:web"}


def test_everything_in_the_way_is_named_not_only_the_smallest_reason() -> None:
    parts = [tiny.component(name, [f"{name}-role"], releases=[release("1", ["1.35", "1.36"])]) for name in ("web", "disk")]
    catalog = small(*parts, tiny.component("free", ["other"], releases=[release("1", [])]))
    found = plan(start(catalog), catalog, "1.37")
    assert found.in_the_way == (("1.37", ("web", "disk")),)


def test_what_stands_in_the_way_of_later_minors_is_named_too() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("1", ["1.35"])]),
                    tiny.component("disk", ["disks"], releases=[release("1", ["1.35", "1.36"])]))
    assert plan(start(catalog), catalog, "1.37").in_the_way == (("1.36", ("web",)), ("1.37", ("web", "disk")))


def test_who_could_take_the_place_of_what_is_in_the_way_is_named() -> None:
    retired = tiny.component("old", ["gate"], lifecycle={**tiny.SOURCE, "events": [
        {"on": "2020-01-01", "becomes": "archived", "note": "It was left.", **tiny.SOURCE}]})
    catalog = small(tiny.component("web", ["gate"], releases=[release("1", ["1.35"], newer="2; nobody read its chart.")]),
                    tiny.component("late", ["gate"], releases=[release("1", ["1.35"])]), retired,
                    tiny.component("plain", ["gate"]),
                    tiny.component("fresh", ["gate"], releases=[release("3", ["1.35", "1.36"])]))
    found = plan(replace(start(catalog), choices={"gate": Said(("web",), "a.yaml:7")}), catalog, "1.36")
    assert found.instead == (("web", "gate", ("plain", "fresh")),)
    told = list(ending(replace(found, refused=replace(found.refused, repairs=())), catalog, Words(catalog)))  # type: ignore[type-var]
    assert "  to 1.36: Web: 1 is for 1.35 (newer: 2; nobody read its chart)" in told
    assert ("  1. Take Plain or Fresh instead of Web for “Gate”: nothing that is known keeps them from Kubernetes 1.36."
            in told)


def test_of_several_that_stand_beside_each_other_none_takes_the_place_of_another() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("1", ["1.35"])]), tiny.component("plain", ["gate"]),
                    many="several")
    found = plan(replace(start(catalog), choices={"gate": Said(("web",), "a.yaml:7")}), catalog, "1.36")
    assert (found.at, found.instead) == ("1.36", ())


def test_to_stay_at_the_minor_is_no_way_out() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("1", ["1.35"])]),
                    tiny.component("plain", ["gate"]))
    answers = replace(start(catalog), choices={"gate": Said(("web",), "a.yaml:7")})
    found = plan(answers, catalog, "1.36")
    assert found.refused is not None
    words = Words(catalog)
    assert words.repairs(found.refused.repairs) == ("Choose Plain for “Gate” instead of Web.",)
    told = list(ending(found, catalog, words))
    assert "  1. You chose Web for “Gate”. [a.yaml:7]" in told
    assert "  to 1.36: Web: 1 is for 1.35" in told


def fleet(catalog: Catalog, **versions: str) -> Answers:
    clusters = [tiny.cluster(environment=environment, name=environment, settings={"kubernetes.version": "1.35"})
                for environment in ("dev", "prod")]
    return replace(start(catalog, **versions), settings={}, clusters=tuple(clusters))


def test_clusters_hop_one_kind_after_the_other_where_a_release_bridges_the_minors() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("2", ["1.36", "1.35"]), release("1", ["1.35"])]))
    found = plan(fleet(catalog, web="1"), catalog, "1.36")
    assert [(step.when, step.clusters or step.to) for step in found.steps] == [
        ("before", "2"), ("with", ("dev",)), ("with", ("prod",))]


def test_clusters_hop_at_once_where_no_release_bridges_the_minors() -> None:
    catalog = small(tiny.component("web", ["gate"], releases=[release("2", ["1.36"]), release("1", ["1.35"])]))
    found = plan(fleet(catalog, web="1"), catalog, "1.36")
    assert found.refused is None
    assert [(step.clusters or step.to, step.together) for step in found.steps] == [
        (("dev",), False), (("prod",), True), ("2", True)]
    assert "  2. at the same time, prod: Own-Platform 1.35 -> 1.36" in list(lines(found, catalog))


def test_parts_of_which_nobody_names_the_minors_are_listed() -> None:
    charted = {"namespace": "x", "pod-security": "baseline", "charts": [
        {"chart": "free", "repository": "https://charts.example.com", "version": "1.0.0", "release": "free", **tiny.SOURCE}]}
    catalog = small(tiny.component("free", ["other"], releases=[release("1", [])], install=charted))
    found = plan(start(catalog), catalog, "1.36")
    assert found.silent == ("free",)
    assert list(ending(found, catalog, Words(catalog))) == [
        "Nobody names the Kubernetes minors of Free: read their notes before a hop."]


def test_every_state_on_the_way_can_stand(catalog: Catalog, engine: Engine) -> None:
    """Replays the steps on the real catalog, independently of how they were found."""
    from wizard import answers_file

    answers = answers_file.load(Path(START_UP), catalog, "answers.yaml")
    found = plan(answers, catalog, "1.37", engine)
    assert found.refused is None
    assert found.steps
    minor, versions = "1.36", {}
    for step in found.steps:
        if step.clusters:
            minor = step.to
        else:
            versions[step.component] = Said(step.to)
        state = replace(answers, versions=versions, clusters=tuple(
            replace(entry, settings={**entry.settings, "kubernetes.version": Said(minor)}) for entry in answers.clusters))
        assert engine.space(state).stands


@pytest.mark.parametrize(("minor", "said"), [
    ("1.99", "the catalog knows 1.35, 1.36, 1.37"), ("soon", "the catalog knows"),
    ("1.35", "Kubernetes does not go back a minor"),
])
def test_a_minor_that_is_unknown_or_older_is_refused(capsys: Out, minor: str, said: str) -> None:
    assert main(["upgrade", START_UP, "--to-kubernetes", minor]) == 2
    assert said in capsys.readouterr().err


def test_the_verb_prints_steps_with_sources_and_the_reason_where_the_way_ends(capsys: Out) -> None:
    assert main(["upgrade", START_UP, "--to-kubernetes", "1.37", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["reached"]
    assert all(step["source"].startswith("https://") and step["because"] for step in shown["steps"])
    code = main(["upgrade", BANK, "--to-kubernetes", "1.37"])
    out = capsys.readouterr().out
    assert code in (0, 1)
    assert (code == 1) == ("The way ends before Kubernetes" in out)
