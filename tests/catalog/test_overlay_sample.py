"""The sample overlay: two licences forbidden, a registry of the company's own, and where each fact came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.lint import Places
from catalog.loader import BUILT_IN, load
from catalog.reasons import Option
from tests import tiny
from wizard.main import main
from wizard.solver import Engine

OVERLAY = Path(__file__).parents[2] / "samples/overlay"
FORBIDDEN = ("BUSL-1.1", "AGPL-3.0-only")


@pytest.fixture(scope="module")
def company() -> Catalog:
    return load([OVERLAY], cached=False)


def test_every_component_under_a_forbidden_licence_is_excluded_with_the_companys_own_words(company: Catalog) -> None:
    space = Engine(company).space(tiny.answers())
    forbidden = [component for component in company.components.values() if component.licence.spdx in FORBIDDEN]
    assert len(forbidden) > 5
    for component in forbidden:
        for decision in component.roles:
            kind = None if company.decisions[decision].scope == "design" else space.kinds[0].name
            assert space.states(decision, kind)[Option(decision, component.id, kind)] == "excluded"
    kind = None if company.decisions["secret-store"].scope == "design" else space.kinds[0].name
    reason = space.why(Option("secret-store", "vault", kind))[0]
    because = [company.rules[rule.id].rule.because for rule in reason.rules if rule.id in company.rules]
    assert "Our lawyers allow no software under the Business Source License." in because


def test_the_companys_registry_can_be_chosen_and_is_not_in_the_built_in_catalog(company: Catalog, catalog: Catalog) -> None:
    assert "company-registry" in company.options["registry"]
    assert "company-registry" not in catalog.components
    assert set(company.components) - set(catalog.components) == {"company-registry"}


def test_the_file_behind_each_fact_is_told(company: Catalog) -> None:
    places = Places([BUILT_IN, OVERLAY])
    assert places.place("component:company-registry", ("service-level",)) == (
        "overlay/components/registry/company-registry.yaml", 37)
    assert places.place("component:harbor", ("licence",))[0] == "components/registry/harbor.yaml"


def test_a_field_that_an_overlay_replaces_is_told_as_the_overlays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "ours/components/registry/harbor.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("summary: Our Harbor.\nrules:\n  - {id: harbor-ours, warns: [], because: Ask us first., "
                    'source: "https://docs.example.com/", checked: 2026-11-02}\n', "utf-8")
    catalog = load([tmp_path / "ours"], cached=False)
    assert catalog.components["harbor"].summary == "Our Harbor."
    assert catalog.origins["component:harbor:summary"] == "ours/components/registry/harbor.yaml:1"
    assert catalog.origins["rule:harbor-ours"] == "ours/components/registry/harbor.yaml:3"
    assert main(["catalog", "show", "harbor", "--catalog", str(tmp_path / "ours")]) == 0
    shown = capsys.readouterr().out
    assert "said by an overlay:\n  summary  ours/components/registry/harbor.yaml:1\n" in shown
    assert "  rule harbor-ours  ours/components/registry/harbor.yaml:3\n" in shown
    places = Places([BUILT_IN, tmp_path / "ours"])
    assert places.place("component:harbor", ("summary",)) == ("ours/components/registry/harbor.yaml", 1)
    assert places.place("component:harbor", ("licence",))[0] == "components/registry/harbor.yaml"


def test_the_command_line_shows_overlays_with_their_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "show", "company-registry", "--json", "--catalog", str(OVERLAY)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {entry["place"].rsplit(":", 1)[0] for entry in shown["origins"]} == {
        "overlay/components/registry/company-registry.yaml"}
    assert main(["catalog", "lint", "--catalog", str(OVERLAY)]) == 0


def test_what_a_company_forbids_is_cited_with_its_file_and_line_wherever_it_is_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bank = str(OVERLAY.parent / "bank/answers.yaml")
    assert main(["explain", bank, "log-store=loki", "--catalog", str(OVERLAY)]) == 0
    assert "[https://legal.example.com/licences; overlay/overlay.yaml:7]" in capsys.readouterr().out
    assert main(["explain", bank, "log-store=loki", "--catalog", str(OVERLAY), "--json"]) == 0
    rules = [rule for entry in json.loads(capsys.readouterr().out) for reason in entry["reasons"] for rule in reason["rules"]]
    assert [rule["overlay"] for rule in rules] == ["overlay/overlay.yaml:7"]


def test_only_components_on_a_list_are_allowed_where_one_of_them_answers(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/overlay.yaml").write_text(
        "title: Ours\nallow-only: [harbor]\nsource: https://example.com/list\n", "utf-8")
    only = load([tmp_path / "ours"], cached=False)
    space = Engine(only).space(tiny.answers())
    states = {option.component: state for option, state in space.states("registry").items()}
    assert {name for name, state in states.items() if state != "excluded"} <= {"harbor", "none"}
    assert only.rules["forbidden.quay"].rule.source == "https://example.com/list"
    assert not any(rule.startswith("forbidden.") and only.rules[rule].component == "cilium" for rule in only.rules)
    assert only.overlaid("rule:forbidden.quay") == "ours/overlay.yaml:2"
