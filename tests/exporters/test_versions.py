"""Versions are facts: they stand in the catalog, with a source and a day, and no code knows one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from catalog.catalog import Catalog
from catalog.dated import facts_of_component

ROOT = Path(__file__).parents[2]
FOLDERS = ("catalog", "exporters", "wizard")
VERSION = re.compile(r"/[\w.-]+:v?\d+(?:\.\d+)+[\w.-]*|(?<![\w.:])v?\d+\.\d+\.\d+(?![.\d])|@[0-9a-f]{40}")
EXAMPLES = ("wizard/commands/catalog_new.py", "wizard/commands/new.py")
"""Files that write an example for a person to replace."""


def written(text: str) -> list[str]:
    """What looks like the version of something in a program's strings; what only explains code is not looked at."""
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [found[0] for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in told for found in VERSION.finditer(node.value)]


@pytest.mark.parametrize(("line", "found"), [
    ('image = "docker.io/rclone/rclone:1.71.2"', ["/rclone:1.71.2"]),
    ('HOLDER = "registry.k8s.io/pause:3.10"', ["/pause:3.10"]),
    ('PLUGIN = "v1.14.0"', ["v1.14.0"]),
    ('CHECKOUT = "actions/checkout@' + "3d" * 20 + '"', ["@" + "3d" * 20]),
    ('text = view.setting("announcement.range", "192.0.2.0/24")', []),
    ('front = ("35.191.0.0/16", "130.211.0.0/22")', []),
    ('endpoint = "0.0.0.0:13133"', []),
    ('"""As `1.35.2` is."""', []),
])
def test_a_version_is_told_from_an_address(line: str, found: list[str]) -> None:
    assert written(line) == found


def test_no_code_knows_the_version_of_anything() -> None:
    said = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            if where not in EXAMPLES:
                said += [f"{where}: {found}" for found in written(path.read_text("utf-8"))]
    assert said == []


def test_what_comes_along_ages_as_a_release_does(catalog: Catalog) -> None:
    component = catalog.components["velero"]
    facts = {fact.what: fact for fact in facts_of_component(component, catalog.as_of)}
    for name, extra in component.extras.items():
        assert facts[f"{name} {extra.version}"].kind == "version"
        assert (facts[f"{name} {extra.version}"].expires - extra.checked).days == 90
