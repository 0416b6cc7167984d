"""The chart of how long the parts of a design are supported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from catalog.errors import UsageError
from catalog.lifecycle import Release
from exporters import paths
from exporters.base import Artifact, Earlier, Stamp
from exporters.pictures import exporter, lifecycle, terminal
from exporters.pictures.subject import subject
from exporters.records import overview
from tests.designs import CHOICES, design, small_catalog, sourced


def tips(text: str) -> list[str]:
    """What each bar says when it is pointed at, from the top down."""
    root = ElementTree.fromstring(text)
    return [title.text or "" for group in root.iter("{http://www.w3.org/2000/svg}g")
            for title in group.findall("{http://www.w3.org/2000/svg}title")]


def test_what_ends_first_stands_on_top_and_what_has_no_day_is_left_out() -> None:
    text = lifecycle.draw(design())
    assert text is not None
    assert tips(text) == [
        "Weave 1.30.0: supported from 2026-08-01 until 2027-02-01", "Weave 1.30.0: out of support from 2027-02-02",
        "Logbook as a product: supported until 2027-04-30", "Logbook as a product: deprecated from 2027-05-01",
        "Auto Cluster 1.36: supported until 2027-10-01", "Auto Cluster 1.36: out of support from 2027-10-02",
    ]
    assert "deprecated, then Archive" in text
    assert "3 of 7 parts have a published end of support" in text and "Ends within half a year: Weave." in text


def test_a_newer_release_that_is_supported_longer_stands_below_the_chosen_one() -> None:
    catalog = small_catalog()
    newer = Release.model_validate(sourced(version="1.31.1", released=date(2026, 10, 1), end_of_support=date(2027, 6, 30)))
    older = Release.model_validate(sourced(version="1.24.9", released=date(2025, 10, 1), end_of_support=date(2027, 6, 30)))
    weave = catalog.components["weave"]
    grown = replace(catalog, components={
        **catalog.components, "weave": weave.model_copy(update={"releases": (newer, *weave.releases, older)})})
    made = replace(design(), catalog=grown, releases={"weave": "1.30.0"})
    text = lifecycle.draw(made)
    assert text is not None and "1.31.1" in text and "1.24.9" not in text
    assert tips(text)[2] == "Weave 1.31.1: a newer release, supported longer from 2026-10-01 until 2027-06-30"


def test_the_line_is_the_catalogs_day_and_the_bytes_are_the_same_whenever_it_is_drawn() -> None:
    assert "2026-11-01" in str(lifecycle.draw(design()))
    assert lifecycle.draw(design()) == lifecycle.draw(design())
    assert lifecycle.draw(design(), theme="dark") != lifecycle.draw(design(), theme="light")


def test_past_ends_are_named() -> None:
    text = lifecycle.draw(design(), date(2027, 6, 1))
    assert text is not None and "Past its end: Weave, Logbook." in text


def test_a_design_without_days_has_no_chart_and_no_link_to_one() -> None:
    choices = {**CHOICES, "kubernetes": ("own-cluster",), "mesh": ("none",), "ingress": ("gate",), "log-store": ("none",)}
    made = design(choices)
    assert lifecycle.draw(made) is None and not lifecycle.dated(made)
    page = next(iter(overview.EXPORTER.export(made, Earlier(), Stamp())))
    assert isinstance(page, Artifact) and b"lifecycle.svg" not in page.data


def test_the_export_has_the_chart_and_the_overview_shows_it() -> None:
    only = exporter.Diagrams(views=("lifecycle",))
    assert [entry.path for entry in only.export(design(), Earlier(), Stamp())] == [paths.diagram("lifecycle", "svg")]
    page = next(iter(overview.EXPORTER.export(design(), Earlier(), Stamp())))
    assert isinstance(page, Artifact)
    assert b"![How long the parts are supported](diagrams/lifecycle.svg)" in page.data
    every = exporter.Diagrams(views=("lifecycle",), formats=("svg", "dark.svg", "png", "2x.png", "dot"))
    made = {entry.path.rsplit("/", 1)[1] for entry in every.export(design(), Earlier(), Stamp())}
    assert made == {"lifecycle.svg", "lifecycle.dark.svg", "lifecycle.png", "lifecycle.2x.png"}


def test_the_chart_is_a_view_of_the_terminal_too() -> None:
    assert "lifecycle" in terminal.views(subject(design()))
    assert terminal.source(subject(design()), "lifecycle", "text").splitlines() == [
        "shop: how long the parts are supported",
        "As known on 2026-11-01; 3 of 7 parts have a published end of support. Ends within half a year: Weave.", "",
        "Weave 1.30.0: supported from 2026-08-01 until 2027-02-01; out of support from 2027-02-02",
        "Logbook as a product: supported until 2027-04-30; deprecated from 2027-05-01",
        "Auto Cluster 1.36: supported until 2027-10-01; out of support from 2027-10-02"]
    assert terminal.source(subject(design()), "lifecycle", "svg") == lifecycle.draw(design())
    assert terminal.image(subject(design()), "lifecycle").read(4) == b"\x89PNG"
    with pytest.raises(UsageError, match="it is there as text, image and svg"):
        terminal.source(subject(design()), "lifecycle", "dot")
