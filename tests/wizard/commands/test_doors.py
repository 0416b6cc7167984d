"""One-way doors: what cannot be undone in a running cluster is said before it is chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from wizard.main import main

ROOT = Path(__file__).parents[3]
BANK = str(ROOT / "samples/bank/answers.yaml")
Out = pytest.CaptureFixture[str]


def test_a_check_names_the_open_decisions_with_an_option_that_cannot_be_undone(capsys: Out, catalog: Catalog) -> None:
    assert main(["check", BANK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[0]
    doors = {entry["decision"]: entry for entry in found["one-way"]}
    assert set(doors) <= set(found["open"])
    for decision, entry in doors.items():
        for option in entry["options"]:
            assert catalog.components[option["component"]].undo.how == option["how"] != "reversible", decision
            assert option["because"]
    assert {entry["how"] for entry in doors.values()} <= {"rebuild", "never"}
    assert main(["check", BANK]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "  still open and hard to undo:" in said
    ageing = len(found["ageing"])
    assert len(said) == 2 + len(doors) + 1 + len(found["placeholders"]) + (ageing and 1 + ageing)


def test_a_check_says_nothing_of_doors_that_are_closed(capsys: Out) -> None:
    """The sample has chosen its CNI and its Kubernetes."""
    main(["check", BANK, "--json"])
    found = json.loads(capsys.readouterr().out)[0]
    assert not {"cni", "kubernetes"} & {entry["decision"] for entry in found["one-way"]}


def test_options_and_explanations_say_what_undoing_takes(capsys: Out) -> None:
    assert main(["options", BANK, "pod-addressing"]) == 0
    assert "means rebuilding the cluster to undo: " in capsys.readouterr().out
    assert main(["options", BANK, "pod-addressing", "--json"]) == 0
    assert {entry["undo"]["how"] for entry in json.loads(capsys.readouterr().out)} == {"rebuild"}
    assert main(["explain", BANK, "pod-addressing"]) == 0
    assert " means rebuilding the cluster to undo: " in capsys.readouterr().out
    assert main(["explain", BANK, "mesh=none", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["undo"] is None


def test_a_recommendation_ends_with_what_the_path_gives_and_with_the_doors_behind_it(capsys: Out) -> None:
    assert main(["recommend", BANK, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {door["how"] for door in found["one-way"]} <= {"rebuild", "never"} and found["one-way"]
    for path in found["availability"]:
        product = 100.0
        for link in path["links"]:
            product *= float(link["percent"]) / 100
        assert float(path["percent"]) == pytest.approx(product, abs=0.0002)
        reached = float(path["together"] or path["percent"])
        assert path["met"] == (reached >= float(path["target"])) == (path["breaks"] is None) == (path["mends"] is None)
    assert main(["recommend", BANK]) == 0
    said = capsys.readouterr().out
    assert "Availability, asked for: 99.95 %" in said and "\nOne-way doors\n" in said
