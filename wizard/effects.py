"""What else a change would change: two completed designs compared, in lines."""

from __future__ import annotations

from catalog.reasons import Option
from catalog.words import Words, listed
from wizard.answers import Answers
from wizard.solver import Resolution, Space


def effects(space: Space, answers: Answers, words: Words, most: int = 12) -> list[str]:
    """Lines that say how the design would differ under the answers after a change; a last line counts what is left out."""
    after = space.engine.space(answers)
    if not after.stands:
        return ["The answers could not stand together."]
    if not space.stands:
        return []
    found = differences(space.complete(), after.complete(), words)
    return found if len(found) <= most else [*found[:most], f"… and {len(found) - most} more"]


LARGE = 5
"""So many other decisions have to change before a choice is shown first."""


def shaken(made: Resolution, after: Space) -> list[str]:
    """Decisions that certainly change: what was recommended for them is ruled out by the answers after a change. Found
    from states alone, so that it costs a key press nothing."""
    found: dict[str, None] = {}
    after.judge_open()
    for choice in made.choices:
        if choice.origin == "recommended" and choice.asked and (
                choice.kind is None or choice.kind in after.kind_names) and any(
                after.state(Option(choice.decision, name, choice.kind)) == "excluded" for name in choice.chosen):
            found[choice.decision] = None
    return list(found)


def differences(before: Resolution, after: Resolution, words: Words) -> list[str]:
    """How two completed designs differ: decisions, then settings that both have."""
    found = []
    old = {(choice.decision, choice.kind): choice for choice in before.choices}
    several = len({choice.kind for choice in after.choices if choice.kind}) > 1
    for choice in after.choices:
        was = old.get((choice.decision, choice.kind))
        if was is None or was.chosen != choice.chosen or was.asked != choice.asked:
            place = f" ({choice.kind})" if several and choice.kind else ""
            found.append(f"{words.decision(choice.decision)}{place}: {_names(was.chosen if was else (), choice.decision, words)} "
                         f"→ {_names(choice.chosen, choice.decision, words)}")
    for key, value in after.settings.items():
        told = before.settings.get(key)
        if told is not None and told.value != value.value:
            found.append(f"{words.setting(key[0])}: {told.value} → {value.value}")
    return found


def _names(chosen: tuple[str, ...], decision: str, words: Words) -> str:
    return listed([words.component(name, decision) for name in chosen]) or "nothing"
