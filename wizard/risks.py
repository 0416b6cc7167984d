"""Risks that somebody may accept: which rules of a reason, once waived, leave what is wanted possible."""

from __future__ import annotations

from datetime import date

from catalog.design import Waiver
from catalog.reasons import Option, Reason
from catalog.words import Words
from wizard import changes
from wizard.solver import Engine, Space


def waivable(engine: Engine, space: Space, words: Words, reason: Reason, wanted: Option) -> list[str]:
    """The rules of a reason whose risk somebody could accept, so that what is wanted then stands; in catalog order."""
    found = []
    for rule in reason.rules:
        if words.rule(rule).waivable:
            trial = changes.waive(Waiver(rule.id, "…", "…", date.max)).make(space.answers)
            if engine.space(changes.choose(words, wanted, space).make(trial)).stands:
                found.append(rule.id)
    return found
