"""Pictures in a terminal."""

from __future__ import annotations

import pytest

from catalog.errors import UsageError
from exporters.pictures import terminal
from exporters.pictures.faults import PictureError
from exporters.pictures.subject import subject
from tests.exporters.pictures.landscape import media, shop


def test_the_views_of_a_design_are_those_with_something_to_show() -> None:
    assert "regions" not in terminal.views(subject(shop()))
    assert "regions" in terminal.views(subject(media()))


def test_the_text_names_frames_boxes_and_connections() -> None:
    text = terminal.source(subject(shop()), "request-path", "text")
    assert "[prod] (GKE, europe-west1)" in text
    assert "  web - shop.example.com" in text
    assert "-> Cloud CDN: request (HTTPS 443)" in text


def test_the_text_holds_no_control_characters() -> None:
    text = terminal.source(subject(shop(title="\x1b[31mred\x1b[0m \u202e")), "request-path", "text")
    assert all(char.isprintable() or char == "\n" for char in text)


def test_every_view_can_be_had_as_text_and_in_every_source() -> None:
    for view in terminal.views(subject(media())):
        for form in ("text", *terminal.SOURCES):
            assert terminal.source(subject(media()), view, form), (view, form)


def test_a_view_can_be_had_as_an_image() -> None:
    assert terminal.image(subject(shop()), "logs").read(4) == b"\x89PNG"


def test_an_unknown_view_and_one_with_nothing_to_show_are_told_apart() -> None:
    with pytest.raises(UsageError, match="there is no view 'everything'"):
        terminal.source(subject(shop()), "everything", "text")
    with pytest.raises(PictureError, match="nothing to show in the view regions; it has overview"):
        terminal.source(subject(shop()), "regions", "text")


@pytest.mark.parametrize("columns", [80, 200])
def test_lines_end_between_words_at_the_width_of_the_terminal_and_go_on_further_in(columns: int) -> None:
    for view in terminal.views(subject(media())):
        text = terminal.source(subject(media()), view, "text")
        shown = terminal.broken(text, columns)
        assert max(map(len, shown.splitlines())) < columns, view
        assert shown.split() == text.split(), view
    assert terminal.broken("  Platform - " + "part, " * 12 + "part", 40).splitlines()[1].startswith("      part")
