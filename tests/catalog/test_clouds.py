"""Where a component can be had is a fact with a source of its own, where its documentation is about something else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.dated import facts_of_component
from catalog.implicit import rule
from tests import tiny

GKE = {"clouds": ["aws"], "clouds_because": "GKE routes pod addresses.",
       "clouds_source": "https://example.com/gke", "clouds_checked": "2026-11-28"}


def test_the_limit_names_its_own_page_where_one_is_given() -> None:
    catalog = tiny.catalog((), [
        tiny.component("overlay", ["gate"], **GKE),
        tiny.component("other", ["gate"], clouds=["aws"], clouds_because="It is Amazon's.")])
    own, documented = rule(catalog, "clouds:overlay"), rule(catalog, "clouds:other")
    assert own is not None
    assert documented is not None
    assert (own.source, own.checked.isoformat()) == ("https://example.com/gke", "2026-11-28")
    assert documented.source == catalog.components["other"].documentation


def test_the_page_ages_like_any_other_fact() -> None:
    component = tiny.component("overlay", ["gate"], **GKE)
    ages = {fact.what: fact.source for fact in facts_of_component(component, component.checked)}
    assert ages["where it can be had"] == "https://example.com/gke"


def test_what_was_read_elsewhere_cites_that_page() -> None:
    read = "https://example.com/read"
    component = tiny.component("overlay", ["gate"], source=read, clouds=["aws"], clouds_because="It is Amazon's.")
    assert [fact.source for fact in facts_of_component(component, component.checked)
            if fact.what == "description, ratings, flows"] == [read]
    limit = rule(tiny.catalog((), [component]), "clouds:overlay")
    assert limit is not None
    assert limit.source == read
    assert component.documentation != read


@pytest.mark.parametrize("left_out", ["clouds_source", "clouds_checked"])
def test_a_page_without_a_day_is_refused(left_out: str) -> None:
    with pytest.raises(ValidationError, match="go together"):
        tiny.component("overlay", ["gate"], **{key: value for key, value in GKE.items() if key != left_out})
