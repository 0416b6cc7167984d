"""Icons and glyphs."""

from __future__ import annotations

import pytest

from exporters.pictures import icons


@pytest.mark.parametrize("dotted", [*icons.ACTORS.values(), *icons.PLATFORM.values(), *icons.WORKLOADS.values(),
                                    *icons.EXTERNALS.values()])
def test_every_icon_named_here_exists(dotted: str) -> None:
    found = icons.path(dotted)
    assert found is not None
    assert found.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("dotted", ["onprem.monitoring.NoSuchThing", "no.such.module.Thing", "../../etc.Passwd",
                                    "os.path", ""])
def test_an_icon_that_does_not_exist_is_none_and_no_error(dotted: str) -> None:
    assert icons.path(dotted) is None
    assert icons.data_uri(dotted) is None


@pytest.mark.parametrize(("title", "letters"), [
    ("External Secrets Operator", "ESO"), ("Kyverno", "Ky"), ("CoreDNS", "CDN"), ("web", "We"), ("支付网关", "支"),
    ("", "?"), ("***", "?"), ("a-b", "AB"),
])
def test_a_glyph_is_at_most_three_letters_of_the_name(title: str, letters: str) -> None:
    assert icons.initials(title) == letters
