"""Thinking about answers that are not those of now any more is left, and about those of now it is not."""

from __future__ import annotations

from dataclasses import replace

from tests.wizard.tui.driving import on_gcp, real_catalog
from wizard.tui.drawing import Wanted
from wizard.tui.thinking import Question, Thinking


def test_a_design_that_nobody_waits_for_any_more_is_left_and_the_next_is_the_same_as_ever() -> None:
    catalog = real_catalog()
    first, second = Question(on_gcp(), number=1), Question(on_gcp(cdn="none"), number=2)
    thinking = Thinking(catalog)
    asked = 0

    def newer() -> Question | None:
        nonlocal asked
        asked += 1
        return second if asked > 20 else None

    assert not [news for news in thinking.think(first, newer) if news.made]
    assert asked == 21  # left at once
    made = [news.made for news in thinking.think(second, lambda: None) if news.made]
    assert made == [news.made for news in Thinking(catalog).think(second, lambda: None) if news.made]
    again = [news.made for news in thinking.think(first, lambda: None) if news.made]
    assert again == [news.made for news in Thinking(catalog).think(first, lambda: None) if news.made]


def test_another_question_about_the_same_answers_leaves_no_design_halfway() -> None:
    first = Question(on_gcp(), number=1)
    found = list(Thinking(real_catalog()).think(first, lambda: replace(first, decisions=("cdn",))))
    assert [news for news in found if news.made]
    assert not any(news.done for news in found)


def test_what_is_asked_more_about_is_not_done_and_goes_on_from_the_design() -> None:
    first = Question(on_gcp(), number=1, more=True)
    thinking = Thinking(real_catalog())
    found = list(thinking.think(first, lambda: None))
    assert [news for news in found if news.made]
    assert not any(news.done for news in found)
    more = list(thinking.think(replace(first, more=False), lambda: None))
    assert not any(news.made for news in more)
    assert more[-1].done


def test_a_picture_that_nobody_waits_for_any_more_is_left_and_the_newest_is_the_same_as_ever() -> None:
    catalog, wanted = real_catalog(), Wanted(width=400)
    first, second = Question(on_gcp(), picture=wanted, number=1), Question(on_gcp(cdn="none"), picture=wanted, number=2)
    thinking = Thinking(catalog)
    designed = False

    def newer() -> Question | None:
        return second if designed and newer_asked() else None

    asks = iter(range(100))

    def newer_asked() -> bool:  # not at the first look after the design, but while it is drawn
        return next(asks) > 0

    found = []
    for news in thinking.think(first, newer):
        designed = designed or news.design is not None
        found.append(news)
    assert designed and not any(news.drawn for news in found)
    drawn = [news.drawn for news in thinking.think(second, lambda: None) if news.drawn]
    assert drawn and drawn == [news.drawn for news in Thinking(catalog).think(second, lambda: None) if news.drawn]
