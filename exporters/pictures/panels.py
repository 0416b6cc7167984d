"""Lays out pictures without flows like a page: cards on shelves, in reading order, boxes in columns on the cards.

Each shelf is as wide as the page; how many columns a card gets is chosen so that little stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from exporters.pictures import measure
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Box, Group, Picture
from exporters.pictures.layout import Placed

_PAD, _GAP, _BETWEEN, _HEAD = 13.0, 8.0, 16.0, 30.0
_CELL = 2 * measure.PAD + measure.ICON + measure.GAP + measure.WIDEST + 3
_EMPTY = 60.0
"""Pixels of height that an empty column is worth."""
_TALL = 1600.0
"""Pages that would be taller get one more column, and are then wider than a web page."""


def place(picture: Picture) -> Placed:
    """Cards on shelves, three columns of boxes wide, or four where that would be too tall."""
    cards = [group for group in picture.groups if any(box.group == group.id for box in picture.boxes)]
    inside = {group.id: [box for box in picture.boxes if box.group == group.id] for group in cards}
    placed = _page(picture, cards, inside, 3)
    return placed if placed.height <= _TALL else _page(picture, cards, inside, 4)


def _page(picture: Picture, cards: Sequence[Group], inside: dict[str, list[Box]], columns: int) -> Placed:
    boxes: dict[str, Rect] = {}
    groups: dict[str, Rect] = {}
    y, wide = 0.0, 0.0
    for shelf in _shelves([_talls(card, inside[card.id], columns) for card in cards], columns):
        x = 0.0
        tall = max(_height(inside[cards[index].id], count) for index, count in shelf)
        for index, count in shelf:
            card = cards[index]
            area = Rect(x, y, _width(card, count), tall)
            groups[card.id] = area
            _fill(inside[card.id], count, x + _PAD, y + _HEAD, boxes)
            x += area.w + _BETWEEN
        wide = max(wide, x - _BETWEEN)
        y += tall + _BETWEEN
    return Placed(picture, wide, max(y - _BETWEEN, 0.0), boxes, groups, ())


def _talls(card: Group, inside: Sequence[Box], columns: int) -> tuple[float, ...]:
    """How tall a card is with one column, two, and so on; as many as it can use. Where its title has no room, very."""
    return tuple(_height(inside, count) + (0 if _width(card, count) <= _columns(count) else 2 * _TALL)
                 for count in range(1, min(len(inside), columns) + 1))


def _shelves(talls: Sequence[tuple[float, ...]], columns: int) -> list[list[tuple[int, int]]]:
    """Cards, each with its columns, shelf by shelf: of all ways the lowest page."""

    @cache
    def best(start: int) -> tuple[float, tuple[tuple[tuple[int, int], ...], ...]]:
        if start == len(talls):
            return 0.0, ()
        found: tuple[float, tuple[tuple[tuple[int, int], ...], ...]] = (float("inf"), ())
        for shelf in _ways(talls, start, columns):
            tall = max(talls[index][count - 1] for index, count in shelf)
            unused = columns - sum(count for _, count in shelf)
            rest, after = best(start + len(shelf))
            cost = tall + _BETWEEN + _EMPTY * unused + rest
            if cost < found[0] - 1e-9:
                found = (cost, (shelf, *after))
        return found

    return [list(shelf) for shelf in best(0)[1]]


def _ways(talls: Sequence[tuple[float, ...]], start: int, room: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every way to fill a shelf with cards from `start` on."""
    if start == len(talls):
        return
    for count in range(min(len(talls[start]), room), 0, -1):
        yield ((start, count),)
        for more in _ways(talls, start + 1, room - count):
            yield ((start, count), *more)


def _height(inside: Sequence[Box], columns: int) -> float:
    rows = [inside[start : start + columns] for start in range(0, len(inside), columns)]
    return _HEAD + _PAD - _GAP + sum(max(measure.box(box).height for box in row) + _GAP for row in rows)


def _width(card: Group, columns: int) -> float:
    """Cards of several columns are as wide as as many cards side by side, so that columns stand below each other."""
    return max(_columns(columns), measure.group(card)[0] + 2 * _PAD)


def _columns(count: int) -> float:
    return count * (_CELL + 2 * _PAD) + (count - 1) * _BETWEEN


def _fill(inside: Sequence[Box], columns: int, x: float, y: float, boxes: dict[str, Rect]) -> None:
    wide = (columns * (_CELL + 2 * _PAD) + (columns - 1) * (_BETWEEN - _GAP) - 2 * _PAD) / columns
    for start in range(0, len(inside), columns):
        row = inside[start : start + columns]
        tall = max(measure.box(box).height for box in row)
        for index, box in enumerate(row):
            boxes[box.id] = Rect(x + index * (wide + _GAP), y, wide, tall)
        y += tall + _GAP
