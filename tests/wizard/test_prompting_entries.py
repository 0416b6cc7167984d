"""Clusters, workloads and all else with entries, typed line by line; and all that the samples say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import tiny
from tests.wizard.test_prompting import prompted
from tests.wizard.tui.driving import real_catalog
from tests.wizard.tui.test_screens import CATALOG
from wizard.answers import Answers
from wizard.answers_dump import plain
from wizard.answers_file import load
from wizard.entries import MODELS
from wizard.fields import Field, fields, shown
from wizard.prompting import Prompting
from wizard.session import begin

ROOT = Path(__file__).parents[2]

WEB = {"name": "web", "image": "example.com/web:1"}


def said(path: Path) -> dict[str, Any]:
    """What a file says."""
    return plain(load(path, CATALOG))


def test_a_workload_is_typed_changed_and_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["workloads", "n", "web", "example.com/web:1", ""])
    assert said(path)["workloads"] == [WEB]
    prompted(path, ["workloads", "1", "port", "8080", "replicas", "at-least", "3", "", ""], load(path, CATALOG))
    assert said(path)["workloads"] == [{**WEB, "port": 8080, "replicas": {"at-least": 3}}]
    prompted(path, ["workloads", "web", "port", "-", "replicas", "at-least", "-", "", ""], load(path, CATALOG))
    assert said(path)["workloads"] == [WEB]
    prompted(path, ["workloads", "-1"], load(path, CATALOG))
    assert "workloads" not in said(path)


def test_node_pools_of_a_cluster_are_entries_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["clusters", "n", "prod", "pools", "n", "large", "nodes", "3", "", "n", "small", "", "-2", "1",
                    "spot", "yes", "", "", "cloud", "2", ""])
    assert said(path)["clusters"] == [{"name": "prod", "cloud": "aws", "pools": [{"name": "large", "nodes": 3, "spot": True}]}]


def test_what_a_cluster_decides_for_itself_stays_when_its_facts_change(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    answers = tiny.answers({}, {}, clusters=(
        tiny.cluster(name="prod", cloud="aws"), tiny.cluster(name="dev", environment="dev", cloud="gcp")))
    prompted(path, ["in dev", "/cni", "cilium", "clusters", "2", "region", "here", ""], answers)
    assert said(path)["clusters"][1] == {"name": "dev", "environment": "dev", "cloud": "gcp", "region": "here",
                                         "choices": {"cni": "cilium"}}


def test_what_is_wrong_with_an_entry_is_said_and_the_form_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["workloads", "n", "Web!", "example.com/web:1", "port", "many", "8080", "", "name", "web", ""])
    assert "'many' is not a whole number" in text and "name:" in text
    assert said(path)["workloads"] == [{**WEB, "port": 8080}]


def test_what_is_needed_is_asked_until_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["workloads", "n", "", "web", "", "example.com/web:1", ""])
    assert text.count("is needed; :x leaves the form.") == 2
    assert said(path)["workloads"] == [WEB]


def test_back_in_a_form_asks_the_field_before_and_leaving_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["workloads", "n", "wrong", ":b", "web", "example.com/web:1", ""])
    assert said(path)["workloads"] == [WEB]
    text = prompted(path, ["workloads", "1", "port", "80", "x", "n", "other", ":x"], load(path, CATALOG))
    assert text.count("Left as it was.") == 2
    assert said(path)["workloads"] == [WEB]


def test_an_entry_that_others_name_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["externals", "n", "db", "db.example.com", "5432", "", "", "workloads", "n", "web", "example.com/web:1",
                           "calls", "db", "", "externals", "-1"])
    assert "'db'" in text and len(said(path)["externals"]) == 1


def test_a_field_may_say_what_is_a_command_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["workloads", "n", "web", "example.com/web:1", "args", "q -u /x", "title", "b", ""])
    assert said(path)["workloads"] == [{**WEB, "title": "b", "args": ["q", "-u", "/x"]}]


def test_the_name_and_what_matters_most_are_said(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    prompted(path, ["name", "Not a label", "shop", "priorities", "2,cost,availability"])
    assert said(path)["name"] == "shop" and said(path)["priorities"] == ["cost", "availability"]
    prompted(path, ["priorities", "-"], load(path, CATALOG))
    assert "priorities" not in said(path)


def test_the_risk_of_a_rule_is_accepted_on_the_way_to_what_it_rules_out(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    text = prompted(path, ["/cni", "flannel", "2", "a single tenant", "ops", "2027-03-31", ""],
                    tiny.answers({"traffic": "high"}, {}))
    assert "Accept the risk, on the record" in text
    assert said(path)["waivers"] == [
        {"rule": "flannel-has-no-policy", "reason": "a single tenant", "owner": "ops", "until": "2027-03-31"}]
    assert said(path)["choices"] == {"cni": "flannel"}


@pytest.mark.slow
def test_a_version_is_fixed_and_let_go(tmp_path: Path) -> None:
    catalog, path = real_catalog(), tmp_path / "answers.yaml"
    version = catalog.components["cilium"].releases[-1].version
    prompted(path, ["versions", "cilium", version], catalog=catalog)
    assert plain(load(path, catalog))["versions"] == {"cilium": version}
    prompted(path, ["versions", "-1"], load(path, catalog), catalog=catalog)
    assert "versions" not in plain(load(path, catalog))


@pytest.mark.slow
def test_a_preset_answers_the_use_case(tmp_path: Path) -> None:
    catalog, path = real_catalog(), tmp_path / "answers.yaml"
    prompted(path, ["preset", "few-machines", "yes"], catalog=catalog)
    assert plain(load(path, catalog))["context"]
    assert "choices" not in plain(load(path, catalog))


class Typist:
    """Types lines one after the other; agrees to whatever else would change."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.rest = list(lines)
        self.said: list[str] = []

    def read(self, text: str) -> str:
        """The next line."""
        self.said.append(text)
        if "(yes or no)" in text:
            return "yes"
        if not self.rest:
            raise EOFError
        return self.rest.pop(0)


def filled(parts: Sequence[Field], entry: Mapping[str, Any]) -> list[str]:
    """What is typed into a form: what is needed in order, the rest by name."""
    lines = [typed for part in parts if part.required for typed in given(part, entry[part.name])]
    for part in parts:
        if not part.required and part.name in entry:
            lines += [part.name, *given(part, entry[part.name])]
    return [*lines, ""]


def given(part: Field, value: Any) -> list[str]:
    """What is typed into a field."""
    if part.kind == "part":
        return filled(part.parts, value)
    if part.kind == "parts":
        return [typed for each in value for typed in ("n", *filled(part.parts, each))] + [""]
    return [shown(part, value)]


def typed(said: Mapping[str, Any]) -> list[str]:
    """The lines that say what a file says."""
    def listed(value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else str(value)

    lines = [":name", said["name"], "priorities", listed(said.get("priorities", []))]
    for section, model in MODELS.items():
        for entry in said.get(section, []) if section != "waivers" else []:
            # What a workload calls is said once that is there.
            facts = {key: value for key, value in entry.items() if key not in ("choices", "rejects", "settings", "calls")}
            lines += [section, "n", *filled(fields(model), facts), ""]
    for entry in said.get("workloads", []):
        if "calls" in entry:
            lines += ["workloads", entry["name"], "calls", " ".join(entry["calls"]), "", ""]
    for entry in said.get("waivers", []):
        lines += ["waivers", "n", *filled(fields(MODELS["waivers"]), entry), ""]
    for place, answers in [("all", said), *((entry["name"], entry) for entry in said.get("clusters", []))]:
        lines += [f"in {place}"]
        for name, value in answers.get("context", {}).items():
            lines += [f"/{name}", listed(value)]
        for name, value in answers.get("choices", {}).items():
            lines += [f"/{name}", listed(value)]
        for name, value in answers.get("rejects", {}).items():
            lines += [line for each in value for line in (f"/{name}", f"no {each}")]
        for name, value in answers.get("settings", {}).items():
            lines += [f"/{name}", str(value) if not isinstance(value, bool) else "yes" if value else "no"]
    for component, version in said.get("versions", {}).items():
        lines += ["versions", component, version]
    return [*lines, *(line for name in said.get("pinned", []) for line in (f"/{name}", "pin", "skip"))]


@pytest.mark.slow
@pytest.mark.parametrize("sample", sorted(ROOT.glob("samples/*/answers.yaml")), ids=lambda path: path.parent.name)
def test_all_that_a_file_says_can_be_said_line_by_line(tmp_path: Path, sample: Path) -> None:
    catalog = real_catalog()
    said = plain(load(sample, catalog))
    typist = Typist(typed(said))
    path = tmp_path / "answers.yaml"
    Prompting(catalog, begin(Answers(name="design"), path=path), typist.read, typist.said.append).run()
    assert not typist.rest
    assert ordered(plain(load(path, catalog))) == ordered(said), "\n".join(typist.said[-40:])


def ordered(said: Mapping[str, Any]) -> dict[str, Any]:
    """A file whose lists of names are sorted: their order means nothing."""
    return {key: sorted(value) if key in ("pinned",) else value for key, value in said.items()}
