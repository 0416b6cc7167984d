"""A catalog with mistakes: every fault at once, as file:line: message with the nearest name, exit 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import CatalogError
from catalog.loader import load
from wizard.main import main

GOOD = """\
title: Own gateway
summary: A gateway of our own.
homepage: https://example.com/
documentation: https://example.com/docs
checked: 2026-11-01
support: known
roles:
  ingress: {}
provides: [ingress]
licence: {spdx: Apache-2.0, source: "https://example.com/", checked: 2026-11-01}
maturity: {governed-by: us, source: "https://example.com/", checked: 2026-11-01}
lifecycle: {source: "https://example.com/", checked: 2026-11-01}
rules:
  - id: own-gateway-needs
    requires: [{capability: load-balancer}]
    because: Somebody has to bring the traffic.
    source: https://example.com/
    checked: 2026-11-01
good-at: [Being ours.]
bad-at: [Being ours alone.]
undo: {how: reversible, because: Another can stand beside it.}
"""

FAULTS = {
    "a typo in a key": ("summary:", "sumary:", 2, "unknown key 'sumary' (did you mean 'summary'?)"),
    "a wrong type": ("provides: [ingress]", "provides: {ingress: true}", 9, "provides"),
    "an unknown capability": ("provides: [ingress]", "provides: [ingres]", 9,
                              "unknown capability 'ingres' (did you mean 'ingress'?)"),
    "an unknown decision": ("  ingress: {}", "  ingres: {}", 8, "unknown decision 'ingres' (did you mean 'ingress'?)"),
    "a missing reason": ("    because: Somebody has to bring the traffic.\n", "", 14, "'because' is missing"),
    "a missing source": ("    source: https://example.com/\n", "", 14, "'source' is missing"),
    "a date that does not exist": ("checked: 2026-11-01\nsupport", "checked: 2026-02-30\nsupport", 5,
                                   "checked: '2026-02-30' is no day of the calendar; write one like 2026-11-23"),
    "a word that is none of the few": ("undo: {how: reversible", "undo: {how: reversibl", 21,
                                       "'reversibl' is not one of reversible, rebuild, never (did you mean 'reversible'?)"),
    "a step for no cloud that there is": (
        "good-at:", "handover: [{do: Ask., link: 'https://example.com/', links: {azur: 'https://example.com/'}}]\ngood-at:", 19,
        "unknown cloud or component 'azur' (did you mean 'azure'?)"),
    "a step for a setting": (
        "good-at:", "handover: [{do: Ask., link: 'https://example.com/'},\n  {do: Pay., link: 'https://example.com/', "
        "when: [{fact: canaries}]}]\ngood-at:", 20, "'when' of a step looks at context, choices and capabilities"),
    "steps that are all for some": (
        "good-at:", "handover: [{do: Ask., link: 'https://example.com/', when: [{capability: mesh}]}]\ngood-at:", 1,
        "one of the 'handover' steps has to be for every design, without 'when'"),
    "a condition of two kinds": ("[{capability: load-balancer}]", "[{capability: load-balancer, component: harbor}]", 15,
                                 "a condition is exactly one of"),
    "a cloud that nobody knows": ("provides: [ingress]", "clouds: [gpc]\nclouds-because: Only there.", 9,
                                  "unknown cloud 'gpc' (did you mean 'gcp'?)"),
    "a value that a question does not have": ("requires: [{capability: load-balancer}]",
                                              "requires: [{context: {availability: '99.8'}}]", 15, "'99.8' is not one of"),
    "a list with nothing in it": ("bad-at: [Being ours alone.]", "bad-at: []", 20, "needs at least 1 entry"),
    "a successor that is retired": ('lifecycle: {source', 'lifecycle: {successor: kubefed, source', 12,
                                    "the successor 'kubefed' is itself archived"),
    "an unknown successor": ('lifecycle: {source', 'lifecycle: {successor: harbour, source', 12,
                             "unknown component 'harbour' (did you mean 'harbor'?)"),
    "what nobody can follow": ('lifecycle: {source', 'lifecycle: {follows: kubefed, source', 12,
                               "'kubefed' has no releases whose last days could hold"),
    "a rule on an unknown id": ("{capability: load-balancer}", "{component: traefikk}", 15,
                                "unknown component 'traefikk' (did you mean 'traefik'?)"),
    "no rating where there must be": ("support: known", "support: hand-over", 1, "handover"),
    "a source that is no address": ('governed-by: us, source: "https://example.com/"', 'governed-by: us, source: hearsay',
                                    11, "source"),
}


def overlay(folder: Path, text: str, name: str = "own-gateway", layer: str = "cluster-network") -> Path:
    path = folder / "components" / layer / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def faults(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(CatalogError) as caught:
        load([folder], cached=False)
    return [tuple(fault) for fault in caught.value.faults]


def test_the_file_without_a_mistake_loads(tmp_path: Path) -> None:
    catalog = load([overlay(tmp_path / "own", GOOD)], cached=False)
    assert catalog.components["own-gateway"].title == "Own gateway"


@pytest.mark.parametrize("name", FAULTS)
def test_a_mistake_is_told_with_file_line_and_nearest_name(tmp_path: Path, name: str) -> None:
    before, after, line, said = FAULTS[name]
    assert before in GOOD
    found = faults(overlay(tmp_path / "own", GOOD.replace(before, after, 1)))
    hits = [entry for entry in found if said in entry[2]]
    assert hits, found
    assert hits[0][:2] == ("own/components/cluster-network/own-gateway.yaml", line)


def test_two_files_with_one_id_are_a_fault(tmp_path: Path) -> None:
    overlay(tmp_path / "own", GOOD)
    found = faults(overlay(tmp_path / "own", GOOD, layer="network"))
    assert [entry[2] for entry in found] == [
        "component 'own-gateway' is already described in own/components/cluster-network/own-gateway.yaml"]


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    overlay(folder, GOOD.replace("summary:", "sumary:").replace("support: known", "support: perhaps"))
    overlay(folder, GOOD.replace("undo: {how: reversible", "undo: {how: maybe"), name="other-gateway")
    found = faults(folder)
    assert {entry[0].rsplit("/", 1)[1] for entry in found} == {"own-gateway.yaml", "other-gateway.yaml"}
    assert len(found) >= 4


def test_a_mistake_in_a_file_does_not_hide_names_in_it_that_lead_nowhere(tmp_path: Path) -> None:
    text = GOOD.replace("summary:", "sumary:").replace("provides: [ingress]", "provides: [ingres]").replace(
        "    because: Somebody has to bring the traffic.\n", "").replace(
        "good-at:", '  - {id: more, requires: [{component: traefikk}], because: So it is., source: "https://example.com/", '
        "checked: 2026-11-01}\ngood-at:")
    overlay(tmp_path / "own", GOOD.replace("provides: [ingress]", "goes-with: [own-gateway]"), name="other-gateway")
    found = faults(overlay(tmp_path / "own", text))
    assert [(line, message.partition(" (")[0]) for _, line, message in found] == [
        (1, "'summary' is missing"), (2, "unknown key 'sumary'"), (9, "unknown capability 'ingres'"),
        (14, "'because' is missing"), (18, "unknown component 'traefikk'")]


@pytest.mark.parametrize(("text", "line", "said"), [
    ("title: Ours\nforbid:\n- {component: harbour, because: It is so., source: 'https://example.com/'}\n", 3,
     "unknown component 'harbour' (did you mean 'harbor'?)"),
    ("title: Ours\nallow-only: [harbor]\n", 1, "'allow-only' needs 'source': where that list is kept"),
    ("title: Ours\nsource: https://example.com/\nallow-only:\n- harbor\n- gitea-registri\n", 5,
     "unknown component 'gitea-registri'"),
    ("title: Ours\nforbid:\n- {because: It is so., source: 'https://example.com/'}\n", 3, "exactly one of component, licence"),
    ("title: Ours\nforbidden: []\n", 2, "unknown key 'forbidden' (did you mean 'forbid'?)"),
])
def test_a_mistake_in_what_a_company_forbids_is_told(tmp_path: Path, text: str, line: int, said: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/overlay.yaml").write_text(text, "utf-8")
    found = faults(tmp_path / "own")
    assert [entry[:2] for entry in found] == [("own/overlay.yaml", line)]
    assert said in found[0][2]


@pytest.mark.parametrize(("text", "line", "said"), [
    ("remove-rules:\n- harbor-volumes\n- harbor-databas\n", 2, "there is no rule 'harbor-volumes' to remove"),
    ("remove-rules: harbor-volume\n", 1, "'remove-rules' must be a list of ids"),
    ("rules: {}\n", 1, "'rules' must be a list"), ("rules: [soon]\n", 1, "a rule is a mapping of keys to values"),
])
def test_a_mistake_in_what_an_overlay_takes_away_is_told(tmp_path: Path, text: str, line: int, said: str) -> None:
    found = faults(overlay(tmp_path / "own", text, "harbor", "registry"))
    assert said in [entry[2].partition(" (")[0] for entry in found if entry[1] == line]


def test_mistakes_in_a_catalog_end_with_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = overlay(tmp_path / "own", GOOD.replace("summary:", "sumary:"))
    assert main(["catalog", "lint", "--catalog", str(folder)]) == 3
    assert "own/components/cluster-network/own-gateway.yaml:2: unknown key 'sumary'" in capsys.readouterr().err


def test_a_cycle_of_layers_is_told(tmp_path: Path) -> None:
    for one, other in (("left", "right"), ("right", "left")):
        path = tmp_path / "own/layers" / f"{one}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"title: {one}\nsummary: A layer.\nafter: {other}\n", "utf-8")
    assert {entry[2] for entry in faults(tmp_path / "own")} == {
        "'after' goes in a circle: left -> right -> left", "'after' goes in a circle: right -> left -> right"}


def test_what_an_overlay_forbids_and_allows_at_once_is_told(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(
        "title: House\nsource: https://example.com/\nforbid:\n"
        "  - {component: cilium, because: We do not use it., source: https://example.com/}\nallow-only: [cilium]\n", "utf-8")
    with pytest.raises(CatalogError) as error:
        load([tmp_path], cached=False)
    assert [(fault.line, fault.message) for fault in error.value.faults] == [
        (4, "'cilium' is on the list of 'allow-only' as well")]


@pytest.mark.parametrize("verb", ["check", "recommend", "explain"])
def test_rules_that_leave_no_design_are_the_catalogs_fault_and_not_that_of_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    options = load().options["kubernetes"]
    (tmp_path / "overlay.yaml").write_text("title: House\nforbid:\n" + "".join(
        f"  - {{component: {name}, because: We do not use it., source: https://example.com/}}\n" for name in options), "utf-8")
    (tmp_path / "answers.yaml").write_text("version: 1\nname: any\n", "utf-8")
    what = ["mesh"] if verb == "explain" else []
    assert main([verb, str(tmp_path / "answers.yaml"), *what, "--catalog", str(tmp_path)]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(options)
    assert lines[0].startswith(f"{tmp_path.name}/overlay.yaml:3: We do not use it. With the other rules named here ")
