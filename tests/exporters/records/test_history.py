"""Records are numbered once, superseded when a choice changes, and otherwise left as they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from catalog.workloads import Cluster
from exporters.base import Artifact, Earlier, Stamp
from exporters.lock import lock
from exporters.records.exporter import EXPORTER
from exporters.records.history import YOURS, links, status
from tests.designs import CHOICES, design, small_catalog

STAMP = Stamp("Ann", "2026-11-23")
INDEX = "docs/decisions/README.md"


def export(made: object = None, earlier: Earlier | None = None, stamp: Stamp = STAMP) -> dict[str, str]:
    told = EXPORTER.export(made or design(), earlier or Earlier(), stamp)  # type: ignore[arg-type]
    return {artifact.path: artifact.data.decode() for artifact in told if isinstance(artifact, Artifact)}


def number(texts: dict[str, str], slug: str) -> list[int]:
    return sorted(int(match[1]) for path in texts if (match := re.fullmatch(rf".*/(\d+)-{slug}\.md", path)))


def test_building_twice_is_a_fixed_point() -> None:
    first = export()
    assert export(earlier=Earlier(texts=first)) == first


def test_an_accepted_record_is_never_touched_even_by_another_author_or_wording() -> None:
    first = export()
    path = "docs/decisions/0004-mesh.md"
    edited = {**first, path: first[path].replace("because", "since")}
    assert edited != first
    again = export(earlier=Earlier(texts=edited), stamp=Stamp("Bob", "2027-01-01", "proposed"))
    assert again[path] == edited[path]


OTHER = {"log-store": ("archive",)}


def test_a_changed_choice_gets_a_new_number_and_links_both_ways() -> None:
    first = export()
    second = export(design(OTHER), Earlier(texts=first), Stamp("Bob", "2027-01-01"))
    assert number(second, "log-store") == [7, len(first)]
    old, new = second["docs/decisions/0007-log-store.md"], second[f"docs/decisions/{len(first):04d}-log-store.md"]
    assert status(old) == f"superseded by [{len(first):04d}]({len(first):04d}-log-store.md)"
    assert f"> Superseded by [{len(first):04d}]" in old and "> Supersedes [0007](0007-log-store.md)." in new
    kept = first["docs/decisions/0007-log-store.md"]
    assert set(kept.splitlines()) - set(old.splitlines()) == {"status: accepted"}
    assert {path: text for path, text in first.items() if "log-store" not in path and path != INDEX}.items() <= second.items()


def test_a_record_that_superseded_another_says_in_one_quote_what_it_superseded_and_what_supersedes_it() -> None:
    first = export()
    second = export(design(OTHER), Earlier(texts=first))
    third = export(design(), Earlier(texts=second))
    (path,) = [path for path in second if path.endswith("-log-store.md") and path not in first]
    (_, new) = sorted(set(number(third, "log-store")) - {7})
    quote = third[path].split("## Context")[0].partition("\n\n> ")[2]
    assert quote == f"Superseded by [{new:04d}]({new:04d}-log-store.md).\n>\n> Supersedes [0007](0007-log-store.md).\n\n"


def test_a_superseded_record_stays_superseded_and_untouched() -> None:
    second = export(design(OTHER), Earlier(texts=export()))
    assert export(design(OTHER), Earlier(texts=second)) == second
    third = export(design(), Earlier(texts=second))
    assert len(number(third, "log-store")) == 3
    assert third["docs/decisions/0007-log-store.md"] == second["docs/decisions/0007-log-store.md"]


def test_having_nothing_is_told_with_the_layers_small_choices_and_the_old_record_leads_there_and_back() -> None:
    first = export()
    assert number(first, "mesh") == [4] and number(first, "kubernetes-smaller-choices") == [3]
    without = export(design({"mesh": ("none",)}), Earlier(texts=first))
    told = number(without, "kubernetes-smaller-choices")[-1]
    path = f"docs/decisions/{told:04d}-kubernetes-smaller-choices.md"
    assert "### Service mesh" in without[path] and told == len(first)
    for ended in ("0004-mesh.md", "0003-kubernetes-smaller-choices.md"):
        assert status(without[f"docs/decisions/{ended}"]).startswith(f"superseded by [{told:04d}]")
    again = export(design(), Earlier(texts=without))
    assert number(again, "mesh")[0] == 4 and len(number(again, "mesh")) == 2
    assert status(again[path]).startswith("superseded by [")


def test_what_cannot_be_taken_back_has_a_record_of_its_own_however_small_its_decision() -> None:
    known = small_catalog()
    scaler = known.components["autoscaler"]
    stuck = replace(known, components=known.components | {
        "autoscaler": scaler.model_copy(update={"undo": scaler.undo.model_copy(update={"how": "never"})})})
    assert number(export(), "pod-autoscaling") == []
    assert len(number(export(design(CHOICES, catalog=stuck)), "pod-autoscaling")) == 1


def test_a_decision_that_is_no_longer_made_is_deprecated_and_kept() -> None:
    second = export(design({"mesh": ()}), Earlier(texts=export()))
    assert status(second["docs/decisions/0004-mesh.md"]) == "deprecated"
    assert "(deprecated)" in second[INDEX]


def test_numbers_are_never_given_twice_even_beside_records_written_by_hand() -> None:
    hand = {"docs/decisions/0042-why-we-like-tea.md": "# Why we like tea\n"}
    texts = export(earlier=Earlier(texts=hand))
    assert min(int(path.rsplit("/", 1)[1][:4]) for path in texts if path != INDEX) == 43
    assert not set(hand) & set(texts)
    assert "[0042 Why we like tea](0042-why-we-like-tea.md)" in texts[INDEX]


def test_what_somebody_wrote_below_the_line_is_kept_while_a_record_is_proposed() -> None:
    first = export(stamp=Stamp("Ann", "2026-11-23", "proposed"))
    path = "docs/decisions/0004-mesh.md"
    edited = {**first, path: first[path] + "\n## Notes\n\nAsk Bob.\n"}
    again = export(earlier=Earlier(texts=edited), stamp=Stamp(status="accepted"))
    assert again[path].endswith(f"{YOURS}\n\n## Notes\n\nAsk Bob.\n")
    assert status(again[path]) == "accepted" and "date: 2026-11-23" in again[path]


def test_notes_below_the_line_of_a_superseded_record_stay_in_it() -> None:
    first = export()
    path = "docs/decisions/0004-mesh.md"
    edited = {**first, path: first[path] + "\n## Notes\n\nAsk Bob.\n"}
    second = export(design({"mesh": ("none",)}), Earlier(texts=edited))
    assert status(second[path]).startswith("superseded")
    assert second[path].endswith("## Notes\n\nAsk Bob.\n")


def test_the_lock_remembers_numbers_where_a_file_is_gone() -> None:
    first = export()
    locked = json.loads(lock(design(), [], Earlier()).data)
    texts = {path: text for path, text in first.items() if "mesh" not in path}
    assert number(export(earlier=Earlier(locked, texts)), "mesh") == [4]


def test_another_cluster_with_the_same_choice_changes_no_record() -> None:
    first = export()
    two = design(clusters=(Cluster(name="prod", cloud="gcp"), Cluster(name="dev", cloud="gcp")))
    assert export(two, Earlier(texts=first)) == first


def test_every_decision_leads_to_a_record_that_exists() -> None:
    texts = export()
    assert set(links(design(), Earlier()).values()) <= set(texts)


@pytest.mark.parametrize("broken", [
    "<!-- k8s-wizard:record {} -->", "<!-- k8s-wizard:record {\"slug\":\"mesh\",\"chosen\":3} -->",
    "<!-- k8s-wizard:record {\"slug\":7,\"chosen\":{}} -->",
])
def test_a_spoilt_comment_makes_a_record_hand_written_not_an_error(broken: str) -> None:
    texts = export(earlier=Earlier(texts={"docs/decisions/0007-mesh.md": f"# Mesh\n\n{broken}\n"}))
    assert number(texts, "mesh") == [int(path.rsplit("/", 1)[1][:4]) for path in texts if "-mesh" in path]
    assert "docs/decisions/0007-mesh.md" not in texts
