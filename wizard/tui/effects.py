"""What else a change would change: two completed designs compared, in lines."""

from __future__ import annotations

from catalog.words import Words, listed
from wizard.changes import Change
from wizard.solver import Engine, Resolution, Space


def effects(engine: Engine, space: Space, change: Change, words: Words, most: int = 12) -> list[str]:
    """Lines that say how the design would differ after a change; a last line counts what is left out.

    Raises Unchangeable where only a person can make it."""
    after = engine.space(change.make(space.answers))
    if not after.stands:
        return ["The answers could not stand together."]
    if not space.stands:
        return []
    found = differences(space.complete(), after.complete(), words)
    return found if len(found) <= most else [*found[:most], f"… and {len(found) - most} more"]


def differences(before: Resolution, after: Resolution, words: Words) -> list[str]:
    """How two completed designs differ: decisions, then settings that both have."""
    found = []
    old = {(choice.decision, choice.kind): choice for choice in before.choices}
    for choice in after.choices:
        was = old.get((choice.decision, choice.kind))
        if was is None or was.chosen != choice.chosen or was.asked != choice.asked:
            place = f" ({choice.kind})" if choice.kind and choice.kind != "main" else ""
            found.append(f"{words.decision(choice.decision)}{place}: {_names(was.chosen if was else (), choice.decision, words)} "
                         f"→ {_names(choice.chosen, choice.decision, words)}")
    for key, value in after.settings.items():
        told = before.settings.get(key)
        if told is not None and told.value != value.value:
            found.append(f"{words.setting(key[0])}: {told.value} → {value.value}")
    return found


def _names(chosen: tuple[str, ...], decision: str, words: Words) -> str:
    return listed([words.component(name, decision) for name in chosen]) or "nothing"
