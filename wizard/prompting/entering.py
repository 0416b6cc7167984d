"""Forms line by line: the fields of an entry, parts of it in forms of their own. Gives plain data; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wizard.entries import Offers
from wizard.fields import HINTS, Field, shown, titled, understood
from wizard.prompting.dialogue import Back, Dialogue, Does

Check = Callable[[dict[str, Any]], Sequence[str]]


class _Left(Exception):
    """The form is left as it was."""


def fill(
    talk: Dialogue, title: str, fields: Sequence[Field], before: Mapping[str, Any], check: Check = lambda value: (),
    offers: Offers | None = None, about: str = "",
) -> dict[str, Any] | None:
    """Fill in the fields of one entry: first those that are needed, then any by number or name. None leaves it."""
    value = dict(before)
    talk.say(f"\n{title}. {about}".rstrip())
    try:
        missing = [field for field in fields if field.required and field.name not in value]
        at = 0
        while at < len(missing):
            try:
                _ask(talk, missing[at], value, offers or {}, needed=True)
                at += 1
            except Back:
                at = max(at - 1, 0)
        return _any(talk, fields, value, check, offers or {})
    except (_Left, Back):
        talk.say("Left as it was.")
        return None


class _Cleared(Exception):
    """A field is left without a value."""


def _clear(_: str) -> None:
    raise _Cleared


def _any(
    talk: Dialogue, fields: Sequence[Field], value: dict[str, Any], check: Check, offers: Offers,
) -> dict[str, Any]:
    """Any field, until somebody takes it and nothing is wrong with it."""
    known = {name: field for at, field in enumerate(fields, 1) for name in (str(at), field.name)}

    def every(_: str = "") -> None:
        for number, field in enumerate(fields, 1):
            now = _now(field, value)
            talk.say(f"  {number}. {field.name}{f': {now}' if now else ''}")

    every()
    while True:
        typed = talk.text("A field by number or name, Enter takes it, x leaves it: ", {
            "?": lambda _: every(), "x": _leave, "l": every, "b": _back})
        if typed in known:
            try:
                _ask(talk, known[typed], value, offers)
            except Back:
                continue
        elif typed:
            talk.say(f"There is no field {typed}. l lists them.")
        else:
            # In the order of the fields, whatever was filled in first.
            made = {field.name: value[field.name] for field in fields if field.name in value}
            problems = [f"{field.name} is needed" for field in fields if field.required and field.name not in made]
            problems = problems or list(check(made))
            if not problems:
                return made
            for problem in problems:
                talk.say(f"{problem}.")


def _leave(_: str) -> None:
    raise _Left


def _back(_: str) -> None:
    raise Back


def _now(field: Field, value: Mapping[str, Any]) -> str:
    """What a field says, or would be without."""
    if field.name in value:
        return shown(field, value[field.name])
    return "needed" if field.required else f"{shown(field, field.default)} unless said" if field.default else ""


def _ask(talk: Dialogue, field: Field, value: dict[str, Any], offers: Offers, *, needed: bool = False) -> None:
    """One field. Raises Back where somebody goes back."""
    now = value.get(field.name)
    if field.kind == "part":
        found = fill(talk, field.name, field.parts, now or {}, about=field.means)
        if found is not None:
            _put(field, value, found)
        return
    if field.kind == "parts":
        _put(field, value, several(talk, field, list(now or [])))
        return
    offered = list(offers.get(field.name, ())) or [(name, "") for name in field.choices]
    offered = offered or ([("yes", ""), ("no", "")] if field.kind == "switch" else [])
    free = field.kind not in ("choice", "switch") and not field.choices
    for number, (name, told) in enumerate(offered, 1):
        talk.say(f"  {number}. {name}{f', {told}' if told else ''}")

    def why(_: str) -> None:
        talk.say(f"{field.means or field.name} {HINTS.get(field.kind, '')}".strip())

    own: dict[str, Does] = {"?": why, "-": _clear, "b": _back, "x": _leave}
    if free and not offered:
        # What is typed may say anything: only a hyphen alone and a question mark alone mean something else.
        own = {"?": why, "-": _clear, ":b": _back, ":x": _leave}
    leave = "x" if "x" in own else ":x"
    while True:
        hint = "needed" if needed else _now(field, value)
        try:
            typed = talk.text(f"{field.name}{f' ({hint})' if hint else ''}: ", own)
            if typed:
                _put(field, value, _meant(field, typed, [name for name, _ in offered], free))
                return
        except _Cleared:
            value.pop(field.name, None)
            return
        except ValueError as error:
            talk.say(f"{error}.")
            continue
        if not needed or field.name in value:
            return
        talk.say(f"{field.name} is needed; {leave} leaves the form.")


def _meant(field: Field, typed: str, offered: Sequence[str], free: bool) -> Any:
    """What was typed, as a value. Raises ValueError with a sentence."""
    if offered:
        parts = typed.replace(",", " ").split() if field.kind == "words" else [typed]
        named = [offered[int(part) - 1] if part.isdigit() and 0 < int(part) <= len(offered) else part for part in parts]
        if not free and any(name not in offered for name in named):
            raise ValueError(f"A number from 1 to {len(offered)}, or one of {', '.join(offered)}")
        if field.kind == "switch":
            return named[0] == "yes"
        return named if field.kind == "words" else named[0]
    return understood(field, typed)


def _put(field: Field, value: dict[str, Any], found: Any) -> None:
    if found in (None, "", [], {}):
        value.pop(field.name, None)
    else:
        value[field.name] = found


def several(talk: Dialogue, field: Field, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a list, each in a form of its own."""
    def told(entry: Mapping[str, Any]) -> str:
        return ", ".join(f"{part.name} {shown(part, entry[part.name])}" for part in field.parts if part.name in entry)

    def one(entry: Mapping[str, Any]) -> dict[str, Any] | None:
        title = f"{field.name}: {titled(entry)}" if entry else f"One of {field.name}"
        return fill(talk, title, field.parts, entry, about=field.means)

    while True:
        for number, entry in enumerate(entries, 1):
            talk.say(f"  {number}. {told(entry)}")
        typed = talk.text(f"{field.name}: {entry_keys(len(entries))}: ").lower()
        gone = typed[1:].strip() if typed.startswith("-") else ""
        if typed in ("", "b"):
            return entries
        if typed == "n":
            found = one({})
            entries += [found] if found else []
        elif typed.isdigit() and 0 < int(typed) <= len(entries):
            entries[int(typed) - 1] = one(entries[int(typed) - 1]) or entries[int(typed) - 1]
        elif gone.isdigit() and 0 < int(gone) <= len(entries):
            del entries[int(gone) - 1]


def entry_keys(count: int) -> str:
    """What can be typed at a list of entries."""
    return "n adds one, Enter goes on" if not count else \
        "a number changes one, n adds one, - and a number takes one away, Enter goes on"
