"""Lays out pictures without flows like a page: cards of equal width in columns, boxes below each other in the cards."""

from __future__ import annotations

from exporters.pictures import measure
from exporters.pictures.geometry import Rect
from exporters.pictures.graph import Box, Group, Picture
from exporters.pictures.layout import Placed

_PAD, _GAP, _BETWEEN, _HEAD = 12.0, 8.0, 16.0, 30.0
_CELL = 2 * measure.PAD + measure.ICON + measure.GAP + measure.WIDEST + 3
_WIDEST = 1120.0


def place(picture: Picture) -> Placed:
    """Cards in columns, in reading order; `columns` cards side by side where the view says so."""
    cards = [group for group in picture.groups if any(box.group == group.id for box in picture.boxes)]
    if not cards:
        return Placed(picture, 0.0, 0.0, {}, {}, ())
    if picture.columns:
        return _beside(picture, cards)
    card = _CELL + 2 * _PAD
    fit = max(1, int((_WIDEST + _BETWEEN) // (card + _BETWEEN)))
    tall = [_card(picture, group, 0, 0, 1, {}).h + _BETWEEN for group in cards]
    boxes: dict[str, Rect] = {}
    groups: dict[str, Rect] = {}
    x, height = 0.0, 0.0
    for column in _split(tall, fit):
        y = 0.0
        for group in (cards[index] for index in column):
            area = _card(picture, group, x, y, 1, boxes)
            groups[group.id] = area
            y += area.h + _BETWEEN
        height = max(height, y)
        x += card + _BETWEEN
    return Placed(picture, x - _BETWEEN, height - _BETWEEN, boxes, groups, ())


def _split(tall: list[float], columns: int) -> list[list[int]]:
    """Cards in reading order, cut into columns so that the tallest column is as short as can be."""
    spans = {sum(tall[start:end]) for start in range(len(tall)) for end in range(start + 1, len(tall) + 1)}
    for limit in sorted(spans):
        found: list[list[int]] = [[]]
        filled = 0.0
        for index, height in enumerate(tall):
            if filled + height > limit and found[-1]:
                found.append([])
                filled = 0.0
            found[-1].append(index)
            filled += height
        if len(found) <= columns and max(tall) <= limit:
            return found
    return [list(range(len(tall)))]


def _beside(picture: Picture, cards: list[Group]) -> Placed:
    """All cards in one row; those with many boxes get more columns inside, four altogether."""
    counts = [sum(box.group == group.id for box in picture.boxes) for group in cards]
    inner = [1] * len(cards)
    while sum(inner) < 4 and max(counts) > 4:
        tallest = max(range(len(cards)), key=lambda index: (-(-counts[index] // inner[index]), -index))
        inner[tallest] += 1
    boxes: dict[str, Rect] = {}
    groups: dict[str, Rect] = {}
    x = 0.0
    for group, columns in zip(cards, inner, strict=True):
        area = _card(picture, group, x, 0.0, columns, boxes)
        groups[group.id] = area
        x += area.w + _BETWEEN
    tall = max(area.h for area in groups.values())
    groups = {id_: Rect(area.x, area.y, area.w, tall) for id_, area in groups.items()}
    return Placed(picture, x - _BETWEEN, tall, boxes, groups, ())


def _card(picture: Picture, group: Group, x: float, y: float, columns: int, boxes: dict[str, Rect]) -> Rect:
    inside: list[Box] = [box for box in picture.boxes if box.group == group.id]
    top = y + _HEAD
    for start in range(0, len(inside), columns):
        row = inside[start : start + columns]
        tall = max(measure.box(box).height for box in row)
        for index, box in enumerate(row):
            boxes[box.id] = Rect(x + _PAD + index * (_CELL + _GAP), top, _CELL, tall)
        top += tall + _GAP
    wide = max(columns * (_CELL + _GAP) - _GAP + 2 * _PAD, measure.group(group)[0] + 2 * _PAD)
    return Rect(x, y, wide, top - _GAP + _PAD - y)
