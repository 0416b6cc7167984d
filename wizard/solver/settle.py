"""From cuts back to values: the wanted value of a number where it is allowed, else the nearest one that is.

Used for defaults in completion and for the new value that a repair proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from catalog.conditions import Scalar
from catalog.settings import NUMERIC, Setting, magnitude
from wizard.solver.assumptions import setting_literals
from wizard.solver.encode import Encoded
from wizard.solver.numbers import Line, written

Allowed = Callable[[Sequence[int]], bool]
"""Whether literals can hold with everything fixed so far."""


def nearest_number(line: Line, wanted: Fraction, steps: Sequence[Fraction], allowed: Allowed) -> Fraction | None:
    """The allowed value nearest to the wanted one (of two as near the lower); None when nothing is allowed."""
    if line.inside(wanted) and allowed(line.exactly(wanted)):
        return wanted
    candidates = []
    for literals, low, high in line.regions():
        value = line.nearest(wanted, low, high, steps)
        if line.inside(value):
            candidates.append((abs(value - wanted), value, literals))
    for _, value, literals in sorted(candidates):
        if allowed(literals):
            return value
    return None


def settle_setting(encoded: Encoded, setting: Setting, scope: int, wanted: Scalar, allowed: Allowed) -> Scalar | None:
    """The value of a setting nearest to the wanted one; of words the first allowed in the catalog's order."""
    if setting.type in NUMERIC:
        line = encoded.lines[scope, setting.id]
        steps = [magnitude(step, setting.type) for step in setting.steps]
        number = nearest_number(line, magnitude(wanted, setting.type), steps, allowed)
        if number is None:
            return None
        if number == magnitude(wanted, setting.type):
            return wanted
        return written(number, setting.type, encoded.thresholds.written.get(setting.id))
    if allowed(setting_literals(encoded, setting.id, wanted, scope)):
        return wanted
    for value in words_of(encoded, setting, scope):
        if allowed(setting_literals(encoded, setting.id, value, scope)):
            return value
    return None


def words_of(encoded: Encoded, setting: Setting, scope: int) -> tuple[Scalar, ...]:
    """The values that a setting without order can be given, in the catalog's order."""
    if setting.type == "boolean":
        return (True, False)
    if setting.choices:
        return setting.choices
    return tuple(value for value in encoded.texts.get((scope, setting.id), {}) if not value.startswith("("))
