"""The compiled formula of a catalog, kept beside the catalog's cache: a start that only solves need not encode again.

Plain data under the cache's key and digest; what does not fit is encoded anew. Owns how a formula is written and read,
nothing of what it means.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from catalog.catalog import Catalog
from catalog.kept import entry, keep
from wizard.solver.encode import Encoded
from wizard.solver.formula import Meaning, RuleKey
from wizard.solver.numbers import Cut, Line
from wizard.solver.thresholds import Extra, Thresholds

T = TypeVar("T")

_FORMULAS = 24
"""Formulas kept: those of the repositories that somebody works in."""


def stored_formula(
    catalog: Catalog, kinds: int, found: Thresholds, extra: Extra, make: Callable[[], Encoded]
) -> Encoded:
    """The formula as it was kept, or as `make` encodes it."""
    said = f"{kinds} {sorted((name, str(value)) for name, value in extra)}"
    return _stored(catalog, "formula", said, make, _dump, lambda data: _formula(data, catalog, found))


def stored_thresholds(catalog: Catalog, make: Callable[[], Thresholds]) -> Thresholds:
    """The thresholds as they were kept, or as `make` finds them."""
    return _stored(catalog, "thresholds", "", make, _dump_thresholds, _thresholds)


def _stored(
    catalog: Catalog, sort: str, about: str, make: Callable[[], T], dump: Callable[[T], Any], read: Callable[[Any], T]
) -> T:
    if not catalog.key:
        return make()
    wanted = hashlib.sha256(f"{catalog.key} {_code()} {about}".encode()).hexdigest()
    text = entry(f"{sort}-{wanted[:24]}", wanted)
    if text is not None:
        try:
            return read(json.loads(text))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            pass  # as good as none
    made = make()
    keep(f"{sort}-{wanted[:24]}", wanted, json.dumps(dump(made), separators=(",", ":")).encode(), _FORMULAS)
    return made


@cache
def _code() -> str:
    """Changes whenever the code that encodes does."""
    with os.scandir(Path(__file__).parent) as entries:
        files = sorted((file.name, file.stat().st_size, file.stat().st_mtime_ns)
                       for file in entries if file.name.endswith(".py"))
    return repr(files)


def _rows(table: Mapping[tuple[Any, ...], Any]) -> list[list[Any]]:
    return [[*key, value] for key, value in table.items()]


def _table(rows: Iterable[list[Any]]) -> dict[Any, Any]:
    return {tuple(row[:-1]): row[-1] for row in rows}


def _number(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def _fraction(said: list[int] | None) -> Fraction | None:
    return None if said is None else Fraction(*said)


def _dump_cuts(cuts: Iterable[Cut]) -> list[list[int]]:
    return [[value.numerator, value.denominator, strict] for value, strict in cuts]


def _cuts(said: Iterable[list[int]]) -> tuple[Cut, ...]:
    return tuple((Fraction(above, below), strict) for above, below, strict in said)


def _dump(encoded: Encoded) -> Any:
    state = vars(encoded)
    return {
        "plain": {name: state[name] for name in ("kinds", "true", "structure", "clauses", "observed", "meanings", "rules")},
        "waivable": sorted(encoded.waivable),
        "tables": {name: _rows(state[name]) for name in _TABLES},
        "gates": [[sorted(literals), either, gate] for (_, literals, either), gate in state["_gates"].items()],
        "cuts": {name: _dump_cuts(sorted(cuts)) for name, cuts in encoded.cuts.items()},
        "lines": [
            [*key, line.discrete, _number(line.lowest), _number(line.highest), _dump_cuts(line.cuts), line.literals]
            for key, line in encoded.lines.items()
        ],
    }


_TABLES = ("context", "facts", "texts", "choice", "release", "asked", "_rising", "_said")


def _formula(data: Any, catalog: Catalog, found: Thresholds) -> Encoded:
    encoded = Encoded.__new__(Encoded)
    state = vars(encoded)
    state.update(data["plain"], catalog=catalog, thresholds=found, waivable=frozenset(data["waivable"]))
    state.update({name: _table(rows) for name, rows in data["tables"].items()})
    meanings = state["meanings"] = [None if row is None else Meaning(*row) for row in data["plain"]["meanings"]]
    rules = state["rules"] = [RuleKey(*row) for row in data["plain"]["rules"]]
    state["clauses"] = [(rule, clause) for rule, clause in data["plain"]["clauses"]]
    state["_rule_index"] = {key: index for index, key in enumerate(rules)}
    state["_gates"] = {(meanings[gate], frozenset(literals), either): gate for literals, either, gate in data["gates"]}
    state["cuts"] = {name: frozenset(_cuts(cuts)) for name, cuts in data["cuts"].items()}
    state["lines"] = {
        (scope, name): Line(name, discrete, _fraction(low), _fraction(high), _cuts(cuts), tuple(literals), encoded.true)
        for scope, name, discrete, low, high, cuts, literals in data["lines"]
    }
    return encoded


def _dump_thresholds(found: Thresholds) -> Any:
    return {
        "cuts": {name: _dump_cuts(sorted(cuts)) for name, cuts in found.cuts.items()},
        "texts": dict(found.texts), "compared": sorted(found.compared), "facts": found.facts,
        "written": {name: [[_number(value), word] for value, word in entry.items()]
                    for name, entry in found.written.items()},
    }


def _thresholds(data: Any) -> Thresholds:
    return Thresholds(
        {name: frozenset(_cuts(cuts)) for name, cuts in data["cuts"].items()},
        {name: tuple(texts) for name, texts in data["texts"].items()},
        frozenset(data["compared"]), tuple(data["facts"]),
        {name: {Fraction(*value): word for value, word in entry} for name, entry in data["written"].items()},
    )
