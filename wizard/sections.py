"""Parts of the answers as text, and back: what a person types is read by the reader that reads answers files."""

from __future__ import annotations

import io
from typing import Any

from catalog.catalog import Catalog
from catalog.errors import FaultsError
from catalog.reading import parse
from wizard.answers import Answers
from wizard.answers_dump import plain
from wizard.answers_file import loads


def section_text(answers: Answers, section: str) -> str:
    """One part of the answers as YAML."""
    from ruamel.yaml import YAML

    found = plain(answers).get(section)
    if not found:
        return ""
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump({section: found}, out)
    return out.getvalue()


def merged(answers: Answers, section: str, text: str, catalog: Catalog) -> tuple[Answers | None, tuple[str, ...]]:
    """The answers with one part as typed, or what is wrong with it (lines count within the text)."""
    import json

    try:
        value = parse(text, section).value if text.strip() else {}
    except FaultsError as error:
        return None, tuple(str(fault) for fault in error.faults)
    part: Any = value.get(section) if isinstance(value, dict) and section in value else value
    found = plain(answers)
    found.pop(section, None)
    if part:
        found[section] = part
    try:
        if isinstance(value, dict) and set(value) == {section}:
            # What was typed stands first, so that the lines of faults are the lines that a person sees.
            rest = "".join(f"{key}: {json.dumps(each)}\n" for key, each in found.items() if key != section)
            return whole(f"{text.rstrip()}\n{rest}", catalog)
        json.dumps(found)
    except (TypeError, ValueError):
        return None, (f"{section}: only text, numbers, lists and mappings are read here",)
    return whole(json.dumps(found), catalog)


def with_entries(answers: Answers, section: str, entries: Any, catalog: Catalog) -> tuple[Answers | None, tuple[str, ...]]:
    """The answers with the entries of one part, or what is wrong with them, without places: a form has no lines."""
    import json

    from wizard.drafts import said_here

    found = plain(answers)
    found.pop(section, None)
    if entries:
        found[section] = entries
    try:
        return said_here(loads(json.dumps(found), catalog, "form")), ()
    except FaultsError as error:
        return None, tuple(dict.fromkeys(fault.message for fault in error.faults))


def whole(text: str, catalog: Catalog) -> tuple[Answers | None, tuple[str, ...]]:
    """All answers as typed, or what is wrong with them."""
    from wizard.drafts import said_here

    try:
        return said_here(loads(text, catalog, "line")), ()
    except FaultsError as error:
        return None, tuple(str(fault) for fault in error.faults)
