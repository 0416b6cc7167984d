"""Changing single values in a YAML file that people wrote: comments, order, quotes and line breaks stay as they are.

ruamel.yaml tells where a value stands; the text around it is not touched. What came out is read again before it is
handed back, so that a file is never left saying something else than was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from catalog.errors import OutputError, WizardError
from catalog.reading import Where, parse

_PLAIN = re.compile(r"[^,}\]#\n]*")


def rewrite(text: str, changes: Iterable[tuple[Where, str]], name: str) -> str:
    """The text with each value at its place. A key that is not there yet is put before the `source` of its
    mapping, or before its first key.

    Raises OutputError when a place does not exist or the result would not read back."""
    from ruamel.yaml import YAML

    wanted = list(changes)
    tree = YAML(typ="rt").load(text)
    lines = text.split("\n")
    places: list[tuple[int, int, str, bool]] = []
    for where, value in wanted:
        parent: Any = _walk(tree, where[:-1], name)
        key = where[-1]
        mapping = hasattr(parent, "keys")
        if mapping and key not in parent:
            line, column = parent.lc.key("source" if "source" in parent else next(iter(parent)))
            flow = parent.fa.flow_style()
            places.append((line, column, f"{key}: {value}, " if flow else f"{key}: {value}\n{' ' * column}", True))
        else:
            line, column = parent.lc.value(key) if mapping else parent.lc.item(key)
            places.append((line, column, value, False))
    for line, column, value, new in sorted(places, reverse=True):
        row = lines[line]
        if new:
            lines[line] = row[:column] + value + row[column:]
            continue
        end = _end(row, column)
        quote = row[column] if row[column] in "'\"" else ""
        lines[line] = row[:column] + quote + value + quote + row[end:]
    made = "\n".join(lines)
    _confirm(made, wanted, name)
    return made


def _walk(tree: Any, where: Where, name: str) -> Any:
    for part in where:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            raise OutputError(f"{name}: there is no {'.'.join(str(each) for each in where)} to change") from None
    return tree


def _end(row: str, column: int) -> int:
    if row[column] in "'\"":
        return row.index(row[column], column + 1) + 1
    found = _PLAIN.match(row, column)
    return column + len(found.group().rstrip()) if found else len(row)


def _confirm(text: str, wanted: Iterable[tuple[Where, str]], name: str) -> None:
    try:
        value = parse(text, name).value
    except WizardError as error:
        raise OutputError(f"{name}: the change would break the file ({error}); change it by hand") from None
    for where, meant in wanted:
        found = _walk(value, where, name)
        if str(found) != meant:
            raise OutputError(f"{name}: {'.'.join(map(str, where))} would read {found!r}; change it by hand")
