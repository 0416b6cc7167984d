"""Every file in tests/cases: answers, and what the engine has to say about them (the format is in its README)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.catalog import Catalog
from catalog.loader import load
from catalog.reasons import Change, Option, Reason
from tests import tiny
from wizard.answers_file import loads
from wizard.solver import Engine, Space

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*.yaml"))


@lru_cache
def real() -> Catalog:
    return load()


def described(said: dict[str, Any]) -> Catalog:
    """A tiny catalog: lists of arguments for the functions of tests/tiny.py."""
    layer = tiny.layer(
        [tiny.decision(**entry) for entry in said["decisions"]],
        [tiny.question(**entry) for entry in said["questions"]],
        [tiny.rule(**entry) for entry in said.get("rules", ())],
    )
    components = [
        tiny.component(**{**entry, "rules": [tiny.rule(**rule) for rule in entry.get("rules", ())]})
        for entry in said["components"]
    ]
    return tiny.catalog(layer, components)


def option(text: str) -> Option:
    place, _, rest = text.rpartition("/")
    decision, _, component = rest.partition("=")
    return Option(decision, component, place or None)


def shown(reason: Reason) -> dict[str, list[str]]:
    causes = [f"{cause.kind_of_cluster}/" * bool(cause.kind_of_cluster) + f"{cause.subject}={cause.value}"
              for cause in reason.causes]
    return {"causes": causes, "rules": [rule.id for rule in reason.rules]}


def change(entry: Change) -> str:
    before = f"{entry.cause.subject}={entry.cause.value}" if entry.cause.value else ""
    after = (entry.to or "") if before else f"{entry.cause.subject}={entry.to}"
    return f"{before} -> {after}".strip()


def space_of(case: dict[str, Any]) -> Space:
    catalog = described(case["catalog"]) if "catalog" in case else real()
    text = yaml.safe_dump({"version": 1, "name": "case", **case["answers"]})
    return Engine(catalog).space(loads(text, catalog))


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_case(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    space, expect = space_of(case), case["expect"]
    assert set(expect) <= {"stands", "options", "why", "repairs", "chosen", "releases", "settings", "warnings", "margins"}
    if "stands" in expect:
        assert space.stands == expect["stands"]
    for name, state in expect.get("options", {}).items():
        assert space.state(option(name)) == state, name
    for name, reason in expect.get("why", {}).items():
        found = space.why_conflict() if name == "conflict" else space.why(option(name))
        assert shown(found[0]) == reason, name
    for name, repairs in expect.get("repairs", {}).items():
        offered = space.repairs(None if name == "conflict" else option(name))
        assert [[change(entry) for entry in repair.changes] for repair in offered] == repairs, name
    for decision, chosen in expect.get("chosen", {}).items():
        place, _, name = decision.rpartition("/")
        assert list(space.complete().chosen(name, place or None)) == chosen, decision
    for component, version in expect.get("releases", {}).items():
        assert space.complete().release(component) == version, component
    for setting, value in expect.get("settings", {}).items():
        place, _, name = setting.rpartition("/")
        assert space.complete().settings[name, place or None].value == value, setting
    for name, level in expect.get("margins", {}).items():
        assert space.margin(option(name)).level == level, name
    if "warnings" in expect:
        assert [warning.rule for warning in space.warnings()] == expect["warnings"]


def test_there_are_cases() -> None:
    assert CASES
