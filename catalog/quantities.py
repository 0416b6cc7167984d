"""Quantities and durations as exact numbers: the sizes that settings, workloads and facts compare."""

from __future__ import annotations

import re
from fractions import Fraction

from catalog.model import Scalar

_DURATION = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_QUANTITY: dict[str, int | Fraction] = {
    "": 1, "m": Fraction(1, 1000), "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50,
}


def magnitude(value: Scalar, type_: str) -> Fraction:
    """The number behind a numeric setting: seconds of a duration, bytes or units of a quantity, a plain number.

    Raises ValueError with a plain sentence when the text is not of that type.
    """
    text = str(value).strip()
    if isinstance(value, bool):
        raise ValueError(f"{text!r} is not a number")
    if type_ == "duration":
        match = re.fullmatch(r"(\d+)(s|m|h|d|w|y)", text)
        if not match:
            raise ValueError(f"{text!r} is not a duration (such as 30s, 15m, 4h, 30d)")
        return Fraction(int(match[1]) * _DURATION[match[2]])
    if type_ == "quantity":
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGTP]i|[mkMGTP]?)", text)
        if not match:
            raise ValueError(f"{text!r} is not a quantity (such as 500m, 20Gi, 100)")
        return Fraction(match[1]) * _QUANTITY[match[2]]
    if type_ in ("integer", "percent"):
        if not re.fullmatch(r"-?\d+(\.\d+)?", text) or (type_ == "integer" and "." in text):
            raise ValueError(f"{text!r} is not {'a whole number' if type_ == 'integer' else 'a percentage'}")
        return Fraction(text)
    raise ValueError(f"values of type {type_} have no order")
