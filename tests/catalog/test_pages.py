"""A step for people is of use where it is shown: its page, programs and names are those of the cluster's own cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from catalog.catalog import Catalog
from catalog.components import Component
from catalog.lint import Places
from catalog.loader import BUILT_IN, load
from catalog.pages import Readers, misleading
from tests import tiny

PLACES_OF_CLUSTERS = {**tiny.question("cloud", ["gcp", "aws", "cellar"], scope="cluster"), "values": [
    {"id": "gcp", "title": "G", "hosts": ["docs.g.example"], "words": ["gcli", "GKE"]},
    {"id": "aws", "title": "A", "hosts": ["docs.a.example", "a.example"], "words": ["acli"]},
    {"id": "cellar", "title": "Own"}]}
HERE, ELSEWHERE, NEUTRAL = "https://docs.g.example/page", "https://docs.a.example/page", "https://kubernetes.io/docs/"


def said(*others: Component, links: Mapping[str, str] | None = None, when: Sequence[Any] = (), link: str = HERE,
         do: str = "Do it.", command: str | None = None, **of_component: Any) -> list[tuple[str, str]]:
    """What one step of a component shows on a cloud that has no use for it, with that cloud."""
    step = {"do": do, "link": link, "links": dict(links or {}), "when": list(when), "command": command}
    always = {"do": "Look.", "link": NEUTRAL}
    part = tiny.component("part", ["gate"], support="hand-over", handover=[always, step], **of_component)
    layer = tiny.layer([tiny.decision("gate", "several")], [PLACES_OF_CLUSTERS])
    catalog = tiny.catalog(layer, [part, *others])
    return [*Readers(catalog, catalog.questions["cloud"]).misled(part, part.handover[1])]


def test_a_page_of_one_cloud_is_told_for_each_other() -> None:
    assert said() == [("docs.g.example", "aws"), ("docs.g.example", "cellar")]
    assert said(link=NEUTRAL) == []


def test_a_page_for_each_cloud_and_a_neutral_one_are_enough() -> None:
    assert said(links={"aws": ELSEWHERE}) == [("docs.g.example", "cellar")]
    assert said(links={"aws": ELSEWHERE, "cellar": NEUTRAL}) == []
    assert said(link=NEUTRAL, links={"aws": HERE}) == [("docs.g.example", "aws")]


def test_a_part_or_a_step_of_one_cloud_may_lead_there() -> None:
    assert said(clouds=["gcp"], clouds_because="It is theirs.") == []
    assert said(when=[{"context": {"cloud": "gcp"}}]) == []
    assert said(when=[{"not": {"context": {"cloud": ["aws", "cellar"]}}}]) == []
    assert said(rules=[tiny.rule("there", requires=[{"context": {"cloud": "gcp"}}])]) == []
    assert said(rules=[tiny.rule("not-there", excludes=[{"context": {"cloud": "aws"}}])]) == [("docs.g.example", "cellar")]


def test_where_a_part_can_be_follows_what_it_needs() -> None:
    base = tiny.component("base", ["gate"], clouds=["gcp"], clouds_because="It is theirs.")
    assert said(base, rules=[tiny.rule("needs", requires=[{"component": "base"}])]) == []
    assert said(base, when=[{"chosen": {"gate": "base"}}]) == []
    assert said(base, when=[{"not": {"chosen": {"gate": "base"}}}]) != []


def test_a_rule_that_only_sometimes_holds_or_only_warns_keeps_it_nowhere_out() -> None:
    there = [{"context": {"cloud": "gcp"}}]
    assert said(rules=[tiny.rule("sometimes", when=[{"component": "part"}], requires=there)]) == said()
    assert said(rules=[tiny.rule("warned", warns_without=there)]) == said()


def test_a_clouds_own_product_leads_to_its_maker_wherever_it_is_used() -> None:
    assert said(link=ELSEWHERE, homepage="https://a.example/registry") == []
    assert said(link=ELSEWHERE, homepage="https://a.example/way", licence={"spdx": "NONE", **tiny.SOURCE}) != []
    theirs = tiny.component("theirs", ["gate"], homepage="https://a.example/registry")
    assert said(theirs, link=NEUTRAL, links={"theirs": ELSEWHERE}) == []
    assert said(theirs, link=ELSEWHERE, when=[{"component": "theirs"}]) == []


def test_programs_and_names_of_one_cloud_are_told_too() -> None:
    assert said(link=NEUTRAL, command="gcli make <name>") == [("gcli", "aws"), ("gcli", "cellar")]
    assert said(link=NEUTRAL, do="Switch it on (GKE).", clouds=["aws"], clouds_because="There.") == [("GKE", "aws")]
    assert said(link=NEUTRAL, command="kubectl get gcli-things -n acli.example.org") == []


def test_lint_names_the_line_of_the_step(tmp_path: Path) -> None:
    folder = tmp_path / "components" / "registry"
    folder.mkdir(parents=True)
    text = (BUILT_IN / "components/registry/ghcr.yaml").read_text("utf-8").partition("handover:")[0]
    (folder / "ghcr.yaml").write_text(
        f"{text}handover:\n  - do: Look.\n    link: https://docs.aws.amazon.com/AmazonECR/\n", "utf-8")
    found = [*misleading(load([tmp_path], cached=False), Places([BUILT_IN, tmp_path]))]
    assert [(fault.file.rpartition("/")[2], fault.line) for fault in found] == [("ghcr.yaml", text.count("\n") + 2)]
    assert found[0].message == (
        "a step of ghcr shows docs.aws.amazon.com where cloud is azure, gcp, on-premises or other-cloud: give it a "
        "page of each in 'links' and words that fit all, or a 'when'")


@pytest.mark.parametrize("value", ["gcp", "aws", "azure"])
def test_the_catalog_says_whose_pages_and_programs_are_whose(catalog: Catalog, value: str) -> None:
    entry = next(entry for entry in catalog.questions["cloud"].values if entry.id == value)
    assert entry.hosts and entry.words
