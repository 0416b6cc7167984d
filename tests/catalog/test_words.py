"""Reasons become sentences that a person would say, the same every time, in one line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from catalog import words_json
from catalog.catalog import Catalog
from catalog.design import OptionState, Warning_
from catalog.reasons import Cause, Change, Conflict, Fact, Link, Margin, Option, Reason, Repair, RuleRef
from catalog.words import Words, clause, listed, plain, sentence
from tests.designs import small_catalog

WORDS = Words(small_catalog())
CHOSEN = Cause("choice", "kubernetes", "auto-cluster", "main", "answers.yaml:7")
SAID = Cause("context", "platform-team", "no", origin="answers.yaml:2")
NO_DISKS = Fact(False, "capability", "raw-disks", "")
REASON = Reason(
    Option("log-store", "archive"), "excluded", (CHOSEN,), (RuleRef("archive-disks"),),
    (Link((NO_DISKS,), RuleRef("archive-disks"), Fact(False, "choice", "log-store", "archive")),),
)


def test_the_short_form_goes_from_the_answer_to_the_rule() -> None:
    assert WORDS.line(REASON) == (
        "You chose Auto Cluster for “Kubernetes”; Archive keeps its index on raw disks of three nodes."
    )


def test_what_is_left_when_all_others_are_ruled_out_is_not_told_by_the_last_of_them(catalog: Catalog) -> None:
    words, decision = Words(catalog), "node-patching"
    *beside, left = sorted(catalog.options[decision])
    chain = tuple(Link((), RuleRef(f"not-{other}"), Fact(False, "choice", decision, other)) for other in beside)
    chosen = Cause("choice", "kubernetes", "gke-autopilot")
    reason = Reason(Option(decision, left), "implied", (chosen,), tuple(link.rule for link in chain), chain)
    assert words.line(reason) == "You chose GKE Autopilot for “Kubernetes”; every other option is ruled out."
    assert words.short(reason) == "Every other option is ruled out. You chose GKE Autopilot for “Kubernetes”."


def test_the_chain_names_where_each_step_was_said_or_read() -> None:
    steps = WORDS.steps(REASON)
    assert [step.text for step in steps] == [
        "You chose Auto Cluster for “Kubernetes”.",
        "Archive keeps its index on raw disks of three nodes. So Archive for “Log store” is ruled out.",
    ]
    assert steps[0].origin == "answers.yaml:7" and steps[1].source.startswith("https://")


def test_a_conflict_ends_with_numbered_ways_out() -> None:
    repairs = (
        Repair((Change(CHOSEN, "own-cluster"),)), Repair((Change(CHOSEN),)),
        Repair((Change(SAID, "yes"), Change(Cause("setting", "metrics.retention", "90d"), "15d"))),
    )
    text = WORDS.conflict(Conflict(Reason(None, "excluded", (CHOSEN, SAID), ()), repairs))
    assert text.splitlines()[0] == "These answers cannot stand together."
    assert text.splitlines()[-3:] == [
        "  1. Choose Own Cluster for “Kubernetes” instead of Auto Cluster.",
        "  2. Drop the choice of Auto Cluster for “Kubernetes”.",
        "  3. Answer “Yes” to “Is there a team dedicated to the platform?” instead of “No”; set Retention of metrics"
        " (metrics.retention) to 15d (now 90d).",
    ]


@pytest.mark.parametrize(("margin", "text"), [
    (Margin("operations", "archive", 3, 1, "one binary and a bucket"),
     "Logbook: less to operate than Archive (3 against 1): one binary and a bucket."),
    (Margin("only"), "Logbook is the only option left."),
    (Margin("recommended", "archive", because="Small teams do well with it."),
     "Logbook is recommended here: small teams do well with it."),
    (Margin("support", "archive"), "Logbook fits with a release that is supported and Archive does not."),
    (Margin("forced", "archive", reason=REASON),
     "Logbook, because Archive, which alone would rate better, does not fit the rest: "
     "You chose Auto Cluster for “Kubernetes”; Archive keeps its index on raw disks of three nodes."),
])
def test_a_margin_says_what_decided(margin: Margin, text: str) -> None:
    assert WORDS.margin("log-store", "logbook", margin) == text


def test_clusters_are_named_only_where_there_are_several_kinds() -> None:
    cause = Cause("choice", "kubernetes", "auto-cluster", "prod")
    one = Words(small_catalog(), {"prod": ("prod",)})
    two = Words(small_catalog(), {"prod": ("prod", "prod-2"), "dev": ("dev",)})
    assert one.cause(cause) == "you chose Auto Cluster for “Kubernetes”"
    assert two.cause(cause) == "you chose Auto Cluster for “Kubernetes” in prod and prod-2"
    many = Words(small_catalog(), {"a": ("a", "b", "c", "d", "e"), "z": ("z",)})
    assert many.cause(Cause("choice", "cdn", "bright-cdn", "a")).endswith("in a, b, c and 2 more")


def test_answers_of_one_sort_share_a_verb() -> None:
    other = Cause("choice", "mesh", "weave", "main")
    assert WORDS.causes((CHOSEN, other, SAID)) == (
        "you chose Auto Cluster for “Kubernetes”, Weave for “Service mesh” and "
        "answered “No” to “Is there a team dedicated to the platform?”"
    )


def test_the_same_answer_in_several_kinds_of_clusters_is_told_once() -> None:
    causes = tuple(Cause("context", "cloud", "gcp", kind) for kind in ("prod", "dev"))
    two, three = ({kind: (kind,) for kind in kinds} for kinds in (("prod", "dev"), ("prod", "dev", "lab")))
    said = "you answered “Google Cloud” to “Where does it run?”"
    assert Words(small_catalog(), two).causes(causes) == said
    assert Words(small_catalog(), three).causes(causes) == f"{said} in prod and dev"


def test_implicit_rules_are_worded_with_their_source() -> None:
    told = WORDS.rule("status:old-cdn")
    assert told.because == "Old CDN has not been available since 2024-06-16: All services were ended."
    assert WORDS.rule("clouds:auto-cluster").because == "Auto Cluster is a service of Google Cloud."


def test_warnings_and_states_read_as_sentences() -> None:
    assert WORDS.warning(Warning_("own-cluster-team", component="own-cluster")) == (
        "Own Cluster: Own Cluster needs people who patch and upgrade it."
    )
    assert WORDS.state("log-store", OptionState("archive", "excluded", REASON)).startswith("Archive: ruled out. You")
    assert WORDS.state("log-store", OptionState("logbook", "available")) == "Logbook: possible."


def test_unknown_ids_are_said_as_they_are() -> None:
    assert WORDS.option(("nothing", "nobody")) == "nobody for “nothing”"
    assert WORDS.rule("gone").because == "The rule gone says so."


@pytest.mark.parametrize("kind", ["context", "cluster", "choice", "reject", "setting", "version", "fact", "asked",
                                  "assumption", "waiver"])
def test_every_kind_of_answer_has_words_and_a_way_out(kind: str) -> None:
    cause = Cause(kind, "x", "line\nbreak \u202e")  # type: ignore[arg-type]
    for text in (WORDS.cause(cause), WORDS.change(Change(cause)), WORDS.change(Change(cause, "y"))):
        assert text and "\n" not in text and "\u202e" not in text


@pytest.mark.parametrize("about", ["context", "choice", "component", "capability", "setting", "fact", "asked", "release"])
def test_every_kind_of_literal_has_words_for_yes_and_no(about: str) -> None:
    said = {WORDS.fact(Fact(holds, about, "x", "y")) for holds in (True, False)}  # type: ignore[arg-type]
    assert len(said) == 2


def test_json_carries_ids_beside_the_words() -> None:
    data = json.loads(json.dumps(words_json.conflict(WORDS, Conflict(REASON, (Repair((Change(CHOSEN),)),)))))
    assert data["reason"]["rules"][0]["id"] == "archive-disks"
    assert data["reason"]["causes"][0] | {"text": ""} == {
        "answer": "choice", "subject": "kubernetes", "value": "auto-cluster", "kind": "main", "origin": "answers.yaml:7",
        "pinned": False, "text": "",
    }
    assert data["repairs"][0]["number"] == 1 and data["repairs"][0]["changes"][0]["to"] is None


def test_small_helpers_keep_names_and_lose_noise() -> None:
    assert clause("The nodes have disks.") == "the nodes have disks"
    assert clause("Istio needs them.") == "Istio needs them"
    assert sentence("it works") == "It works."
    assert sentence("gRPC keeps one connection") == "gRPC keeps one connection."
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert plain("a\u202eb\n c\x07") == "ab c" and len(plain("x" * 500)) == 300


@pytest.mark.parametrize(("reason", "pinned", "text"), [
    (replace(REASON, causes=()), ("kubernetes",),
     "No change of the answers would help: the catalog rules it out by itself."),
    (REASON, ("kubernetes",), "Every way out changes a pinned answer (Kubernetes)."),
    (REASON, (), "No change of a few answers would help."),
])
def test_where_no_way_leads_out_it_is_said_what_stands_in_it(reason: Reason, pinned: tuple[str, ...], text: str) -> None:
    assert WORDS.no_way([reason], pinned) == text


def test_a_sentence_starts_with_a_name_as_its_project_writes_it(catalog: Catalog) -> None:
    for component in catalog.components.values():
        assert sentence(component.title).startswith(component.title.split(" ")[0])


def test_a_contradiction_about_a_need_ends_with_that_nothing_gives_it() -> None:
    need = Link((), REASON.rules[0], Fact(True, "capability", "raw-disks", ""))
    last = WORDS.steps(Reason(None, "excluded", (CHOSEN,), REASON.rules, (need,)))[-1].text
    assert "So the design needs this, and nothing that is left gives it: " in last
    ruled = Link((), REASON.rules[0], Fact(False, "choice", "log-store", "archive"))
    last = WORDS.steps(Reason(None, "excluded", (CHOSEN,), REASON.rules, (ruled,)))[-1].text
    assert last.endswith("is ruled out, and with that these cannot stand together.")
