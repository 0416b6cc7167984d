"""Settings: typed values under a decision, with bounds and a default that depends on the context."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from catalog.conditions import Condition, Scalar
from catalog.model import Model, Sentence, Slug

SettingType = Literal["integer", "duration", "quantity", "percent", "choice", "boolean", "text", "url", "domain", "cidr"]

NUMERIC: frozenset[str] = frozenset({"integer", "duration", "quantity", "percent"})
"""Types whose values have an order, so that rules may bound them."""

KUBERNETES_VERSION = "kubernetes.version"
"""The setting whose value is the Kubernetes minor of a cluster: releases of components are tied to it."""

KUBERNETES = "kubernetes"
"""The capability of what brings a control plane: a release of its provider is a Kubernetes minor."""

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


class SettingDefault(Model):
    """A default that applies when all conditions (context and choices only) hold; the last one has none."""

    when: tuple[Condition, ...] = ()
    value: Scalar


class Setting(Model):
    """A typed value under a decision. Its id is `<word>.<word>` and unique in the catalog."""

    id: Slug
    title: str
    type: SettingType
    why: Sentence
    """One sentence: why it is asked and what it changes."""
    at_least: Scalar | None = None
    at_most: Scalar | None = None
    choices: tuple[str, ...] = ()
    """The values of a `choice`, in the order in which they are preferred when nothing else decides."""
    steps: tuple[Scalar, ...] = ()
    """Values a screen offers for a numeric setting; others within the bounds are allowed too."""
    default: tuple[SettingDefault, ...] = ()
    """Tried in order; the first whose conditions hold is taken."""
    placeholder: str | None = None
    """For an input without a sensible default: a visible, type-valid stand-in that `check` lists."""

    @model_validator(mode="after")
    def complete(self) -> Setting:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("'choices' goes with type choice, and only with it")
        if (self.placeholder is None) == (not self.default):
            raise ValueError("a setting has either a default or a placeholder")
        if self.default and self.default[-1].when:
            raise ValueError("the last default must have no condition")
        for entry in self.default:
            self.check(entry.value)
        return self

    def check(self, value: Scalar) -> None:
        """Raise ValueError, in a plain sentence, when `value` is not one that this setting takes."""
        if self.type in NUMERIC:
            size = magnitude(value, self.type)
            if self.at_least is not None and size < magnitude(self.at_least, self.type):
                raise ValueError(f"{value} is below {self.at_least}, the least that {self.id} takes")
            if self.at_most is not None and size > magnitude(self.at_most, self.type):
                raise ValueError(f"{value} is above {self.at_most}, the most that {self.id} takes")
        elif self.type == "choice" and str(value) not in self.choices:
            raise ValueError(f"{value!r} is not one of {', '.join(self.choices)}")
        elif self.type == "boolean" and not isinstance(value, bool):
            raise ValueError(f"{value!r} is not true or false")
        elif self.type in ("text", "url", "domain", "cidr"):
            _check_text(str(value), self.type)


_TEXT_PATTERNS = {
    "text": (r"[^\x00-\x1f\x7f]{1,253}", "a line of text"),
    "url": (r"(https?|ssh|git|oci|s3|gs)://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,2000}", "a URL"),
    "domain": (r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", "a domain name"),
    "cidr": (r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}", "an address range such as 10.0.0.0/16"),
}


def _check_text(value: str, type_: str) -> None:
    pattern, meaning = _TEXT_PATTERNS[type_]
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{value!r} is not {meaning}")
