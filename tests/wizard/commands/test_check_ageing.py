"""A check warns of what is out of support or retired among the parts that are sure, and of what will be soon."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.ageing import SOON, lasting, soon
from catalog.catalog import Catalog
from tests import tiny
from wizard.main import main

Out = pytest.CaptureFixture[str]
TODAY = date(2027, 1, 1)


def release(version: str, until: date | None) -> dict[str, Any]:
    return {"version": version, **tiny.SOURCE, **({"end-of-support": until} if until else {})}


def warned(tmp_path: Path, capsys: Out, text: str) -> tuple[int, list[dict[str, Any]], str]:
    answers = tmp_path / "answers.yaml"
    answers.write_text("version: 1\nname: shop\n" + text, encoding="utf-8")
    code = main(["check", str(answers), "--json"])
    found = json.loads(capsys.readouterr().out)[0]["ageing"]
    assert main(["check", str(answers)]) == code
    return code, found, capsys.readouterr().out


def test_soon_is_what_is_past_or_ends_within_half_a_year() -> None:
    for days, told in ((-1, ["ended"]), (0, ["ends"]), (SOON.days, ["ends"]), (SOON.days + 1, [])):
        web = tiny.component("web", ["gate"], releases=[release("1", TODAY + timedelta(days=days))])
        assert [entry.what for entry in soon(web, web.releases[0], TODAY)] == told


def test_the_release_that_lives_longest_speaks_for_a_part_unless_a_version_is_named() -> None:
    web = tiny.component("web", ["gate"], releases=[release("2", date(2027, 2, 1)), release("3", None), release("1", TODAY)])
    assert lasting(web) is web.releases[1]
    assert lasting(web, "1") is web.releases[2]
    assert lasting(web, "9") is None


def test_a_release_that_is_asked_for_and_past_is_warned_of_with_its_day_and_source(
        tmp_path: Path, capsys: Out, catalog: Catalog) -> None:
    old = next(entry for entry in catalog.components["prometheus"].releases if not entry.supported(catalog.as_of))
    assert old.end_of_support is not None
    code, found, text = warned(tmp_path, capsys, f"choices: {{metrics: prometheus}}\nversions: {{prometheus: '{old.version}'}}\n")
    assert code == 0
    told = next(entry for entry in found if entry["component"] == "prometheus")
    assert (told["on"], told["what"], told["source"]) == (old.end_of_support.isoformat(), "ended", old.source)
    assert f"    {told['on']}  {told['text']} ({told['source']})" in text.splitlines()


def test_nothing_is_warned_of_where_nothing_is_chosen(tmp_path: Path, capsys: Out) -> None:
    code, found, text = warned(tmp_path, capsys, "")
    assert (code, found) == (0, [])
    assert "warning" not in text


def test_only_parts_with_something_to_tell_are_looked_at(catalog: Catalog) -> None:
    told = {component.id for component in catalog.components.values()
            for each in component.releases or (None,) if soon(component, each, catalog.as_of, catalog.components)}
    assert catalog.ageing.keys() == told
    assert 0 < len(told) < len(catalog.components) / 2
