"""Records, overview, runbooks and the HTML page: what they say, and that hostile text stays text."""

from __future__ import annotations

import html.parser
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from catalog.design import OptionState, Waiver, Warning_
from catalog.reasons import Cause, Margin, Option, Reason, RuleRef
from catalog.words import RuleWords, as_read
from catalog.workloads import Workload
from exporters.base import Artifact, Earlier, Stamp
from exporters.records import exporter, overview, runbooks
from exporters.records.html import PAGE, page
from exporters.records.story import cited
from exporters.records.text import code, md, prose, seen, table
from tests.designs import design

WEB = Workload(name="web", image="registry.example.com/web:1", port=8080, host="shop.example.com")
HOSTILE = 'a|b <script>alert(1)</script> *b* [x](javascript:1) `c` ![i](http://e)\n# h\n\n- l \u202e "\' \\ 😀' + "x" * 300
STAMP = Stamp("Ann", "2026-11-23")


def pages(made: object, stamp: Stamp = STAMP) -> dict[str, str]:
    found = {}
    for module in (exporter, overview, runbooks):
        for artifact in module.EXPORTER.export(made, Earlier(), stamp):
            assert isinstance(artifact, Artifact)
            found[artifact.path] = artifact.data.decode()
    return found


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_escaped_text_shows_as_it_was_and_means_nothing(text: str) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for source in (md(text), f"- {md(text)}", f"### {md(text)}", f"**{md(text)}**"):
        inline = [child for token in parser.parse(source) for child in token.children or ()]
        kinds = {child.type for child in inline} - {"text", "strong_open", "strong_close", "softbreak", "text_special"}
        assert not kinds, (source, kinds)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_a_table_keeps_its_columns_whatever_stands_in_it(text: str) -> None:
    source = table(["A", "B"], [[md(text), code(text)]])
    rows = [token for token in MarkdownIt("commonmark").enable("table").parse(source) if token.type == "td_open"]
    assert len(rows) == 2


def test_prose_keeps_code_and_escapes_the_rest() -> None:
    assert prose("Use `kubectl a|b` for <x>.") == "Use `kubectl a|b` for \\<x\\>."


def test_hostile_names_break_no_page_and_inject_nothing() -> None:
    made = design(
        workloads=(Workload(name="web", title=HOSTILE[:300], image="x/web:1", port=80, host="a.example.com"),),
        waivers=(Waiver("archive-disks", HOSTILE, HOSTILE, date(2027, 1, 1)),), placeholders=("metrics.retention",),
    )
    found = pages(made, Stamp(HOSTILE, "2026-11-23"))
    for path, text in found.items():
        if path.endswith(".yml"):
            yaml.safe_load(text)
            continue
        if text.startswith("---\n"):
            front = yaml.safe_load(text.split("---\n")[1])
            assert isinstance(front["decision-makers"], list)
        body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(re.sub(r"<!--.*?-->", "", body))
        assert "<script" not in shown and "javascript:" not in re.sub(r">[^<]*<", "><", shown), path
    made_page = page(made, [Artifact(path, text.encode()) for path, text in found.items()])
    assert b"<script" not in made_page.data


def test_a_record_tells_problem_drivers_options_outcome_and_what_follows() -> None:
    reason = Reason(Option("log-store", "archive"), "excluded",
                    (Cause("choice", "kubernetes", "auto-cluster", "prod", "answers.yaml:7"),), (RuleRef("archive-disks"),))
    made = design(resolved={"log-store": {
        "margins": (("logbook", Margin("operations", "archive", 3, 1, "one binary and a bucket")),),
        "options": (OptionState("logbook", "available"), OptionState("archive", "excluded", reason),
                    OptionState("none", "available")),
    }})
    text = pages(made)["docs/decisions/0007-log-store.md"]
    for part in ("## Context and Problem Statement", "## Decision Drivers", "## Considered Options", "## Decision Outcome",
                 "### Consequences", "### Confirmation", "## Why not the others", "## When to look at it again"):
        assert f"\n{part}\n" in text
    assert "Chosen: **Logbook**, because it is less to operate than Archive (3 against 1): one binary and a bucket." in text
    assert "**Archive**: You chose Auto Cluster for “Kubernetes”. Archive keeps its index on raw disks of three nodes. (" in text
    assert "Logbook, 2027-05-01: Its makers move to Archive." in text


def test_a_record_of_what_was_asked_for_says_what_speaks_for_it_beside_the_other_answers() -> None:
    made = design(resolved={"log-store": {"origin": "answered", "margins": (
        ("logbook", Margin("operations", "archive", 3, 1, "one binary and a bucket")),)}})
    text = pages(made)["docs/decisions/0007-log-store.md"]
    assert ("Chosen: **Logbook**, because it was asked for; beside the other answers it is less to operate than Archive "
            "(3 against 1): one binary and a bucket.") in text
    assert "The reason for asking for it is gone" not in text


def test_no_page_says_a_thing_twice_in_a_row_or_leaves_a_section_empty() -> None:
    for path, text in pages(design(workloads=(WEB,))).items():
        lines = [line for line in text.splitlines() if line.strip()]
        assert not [a for a, b in pairwise(lines) if a == b and a.startswith("-")], path
        assert not re.search(r"(?m)^(#+) .*\n\n(?=\1 )", text), path


def test_every_relative_link_leads_to_something_exported() -> None:
    found = pages(design(workloads=(WEB,)))
    for path, text in found.items():
        for target in re.findall(r"\]\(([^)#]+?)\)", text):
            if "://" in target:
                continue
            parts = path.split("/")[:-1]
            for part in target.rstrip("/").split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            where = "/".join(parts)
            known = where in found or where == "manifests" or where.startswith("docs/architecture/diagrams")
            assert known, f"{path}: {target}"


def test_the_overview_lists_what_was_asked_assumed_warned_and_handed_over() -> None:
    made = design(workloads=(WEB,), warnings=(Warning_("own-cluster-team", component="own-cluster"),),
                  waivers=(Waiver("archive-disks", "One tenant only", "ops", date(2027, 3, 31)),))
    text = pages(made)["docs/architecture/README.md"]
    for part in ("## What was asked", "## Assumptions", "## Decisions", "## Accepted risks", "## Warnings",
                 "## Bill of materials", "## Flows and ports", "## Availability", "## One-way doors",
                 "## Left to people"):
        assert part in text
    assert "accepted by ops until 2027-03-31: One tenant only." in text


class Tags(html.parser.HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60).map(lambda text: f"x{text}"))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_page_holds_no_tag_or_address_that_a_name_brought(text: str) -> None:
    def shown(name: str) -> Tags:
        made = design(workloads=(WEB.model_copy(update={"title": name}),), placeholders=("metrics.retention",), waivers=(
            Waiver("archive-disks", name, name, date(2027, 1, 1)),))
        found = Tags()
        found.feed(page(made, [Artifact(path, said.encode()) for path, said in pages(made, Stamp(name, "2026-11-23")).items()]
                        ).data.decode())
        return found

    plain, hostile = shown("x"), shown(text)
    assert (hostile.tags, hostile.attributes) == (plain.tags, plain.attributes)
    assert hostile.addresses == plain.addresses


def test_the_page_loads_nothing_and_its_links_stay_within_it() -> None:
    found = pages(design(workloads=(WEB,)))
    picture = Artifact("docs/architecture/diagrams/overview.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    made = page(design(workloads=(WEB,)), [*(Artifact(path, text.encode()) for path, text in found.items()), picture])
    text = made.data.decode()
    assert made.path == PAGE and "data:image/svg+xml;base64," in text

    class Links(html.parser.HTMLParser):
        ids: set[str] = set()
        wanted: set[str] = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            told = dict(attrs)
            if told.get("id"):
                self.ids.add(str(told["id"]))
            if tag == "a" and str(told.get("href")).startswith("#"):
                self.wanted.add(str(told["href"])[1:])

    links = Links()
    links.feed(text)
    assert links.wanted and links.wanted <= links.ids


@pytest.mark.parametrize("name", ["bootstrap", "upgrade", "restore", "removal"])
def test_each_runbook_names_its_clusters_and_says_what_to_see(name: str) -> None:
    text = pages(design(workloads=(WEB,)))[f"docs/runbooks/{name}.md"]
    assert "`prod`" in text and "You then see:" in text


def test_what_a_command_shows_keeps_its_small_letter_and_gets_a_full_stop() -> None:
    assert seen("kubectl get nodes lists them Ready") == "kubectl get nodes lists them Ready."
    assert seen("The zone lists four name servers.") == "The zone lists four name servers."


def test_the_overview_says_what_breaks_the_target_and_what_mends_it() -> None:
    made = design(workloads=(WEB,))
    asked = replace(made, context={**made.context, "availability": replace(made.context["availability"], value="99.95")})
    text = pages(asked)["docs/architecture/README.md"]
    assert "**That misses the target** of 99.95 %. The link that costs most is" in text
    assert "The cheapest change that mends it: " in text


def test_reasons_that_several_options_share_are_told_once() -> None:
    for path, text in pages(design()).items():
        if path.startswith("docs/decisions/0"):
            told = text.partition("## Why not the others")[2].partition("\n## ")[0]
            bodies = [part.split("\n", 1)[1].strip() for part in told.split("\n### ")[1:]]
            assert len(bodies) == len(set(bodies)), path


def test_options_that_the_same_answers_rule_out_are_told_together_and_no_name_twice() -> None:
    causes = (Cause("choice", "kubernetes", "auto-cluster", "prod", "answers.yaml:7"),)
    reasons = {id_: Reason(Option("log-store", id_), "excluded", causes, (RuleRef("archive-disks"),))
               for id_ in ("archive", "none")}
    made = design(resolved={"log-store": {"options": (
        OptionState("logbook", "available"), *(OptionState(id_, "excluded", reason) for id_, reason in reasons.items()))}})
    text = pages(made)["docs/decisions/0007-log-store.md"]
    assert text.count("You chose Auto Cluster for “Kubernetes”. That rules out:") == 1
    assert text.count("raw disks of three nodes") == 1 and "- **Archive** and **None at all**: " in text


def test_the_overview_leads_with_what_has_to_be_known_and_each_way_there_exists() -> None:
    text = pages(design(workloads=(WEB,)))["docs/architecture/README.md"]
    head = text[: text.index("![")]
    wanted = re.findall(r"\]\(#([^)]+)\)", head)
    headings = {re.sub(r"[^\w-]", "", title.lower().replace(" ", "-")) for title in re.findall(r"(?m)^#+ (.+)$", text)}
    assert wanted and set(wanted) <= headings


def test_what_many_open_to_one_place_shares_a_row() -> None:
    text = pages(design(workloads=(WEB,)))["docs/architecture/README.md"]
    rows = [line for line in text[text.index("## Flows and ports"):].splitlines() if line.startswith("| ")]
    assert len(rows) == len(set(rows)) and all(row.count("|") == 4 for row in rows)


def test_what_nobody_could_confirm_is_marked_beside_its_source_alone() -> None:
    read = RuleWords("a", "It holds.", "https://example.com/a", date(2026, 11, 1))
    doubtful = RuleWords("b", "So they say.", "https://example.org/b", date(2026, 11, 1), unverified="The page was shut.")
    assert cited(read, doubtful) == " ([example.com](https://example.com/a), [example.org](https://example.org/b) unverified)"
    assert as_read(doubtful.checked, doubtful.unverified) == " (unverified)"
    assert as_read(read.checked) == " (read 2026-11-01)"
