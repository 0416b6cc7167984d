"""Conditions: the literals that rules are made of.

A condition is exactly one of: a context value, a choice, a selected component, a capability, a setting against a
bound, or a named fact; or the negation of one. There are no expressions: a rule that needs more than three literals
lacks a capability or a named fact.

    {context: {cloud: gcp}}                          {context: {availability: {at-least: "99.95"}}}
    {chosen: {mesh: istio}}                          {chosen: {kubernetes: [gke-standard, gke-autopilot]}}
    {chosen: {mesh: none}}                           {component: prometheus}
    {capability: network-policy}                     {setting: {metrics.retention: {at-most: 30d}}}
    {setting: {backup.interval: {at-most: recovery-point}}}      (another setting or an ordered context question)
    {fact: raw-disks-on-three-nodes}                 {fact: {zones: {at-least: 3}}}
    {not: {capability: network-policy}}
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from catalog.model import Model, Scalar

__all__ = ["Bound", "Condition", "Scalar"]


class Bound(Model):
    """A comparison with a value (a number, a quantity, a duration, an ordered context value) or an equality."""

    at_least: Scalar | None = None
    at_most: Scalar | None = None
    equals: Scalar | None = None

    @model_validator(mode="after")
    def one_bound(self) -> Bound:
        if sum(value is not None for value in (self.at_least, self.at_most, self.equals)) != 1:
            raise ValueError("a bound is exactly one of at-least, at-most, equals")
        return self


class Condition(Model):
    """One literal. Exactly one field is set; dictionaries have exactly one key."""

    context: dict[str, Scalar | tuple[Scalar, ...] | Bound] | None = Field(default=None, min_length=1, max_length=1)
    chosen: dict[str, str | tuple[str, ...]] | None = Field(default=None, min_length=1, max_length=1)
    component: str | None = None
    capability: str | None = None
    setting: dict[str, Bound] | None = Field(default=None, min_length=1, max_length=1)
    fact: str | dict[str, Bound] | None = None
    not_: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="before")
    @classmethod
    def plain_setting(cls, data: Any) -> Any:
        """`{setting: {ingress.redirect: true}}` is short for `{equals: true}`."""
        if isinstance(data, dict) and isinstance(data.get("setting"), dict):
            short = {key: value if isinstance(value, dict | Bound) else {"equals": value}
                     for key, value in data["setting"].items()}
            return {**data, "setting": short}
        return data

    @model_validator(mode="after")
    def one_literal(self) -> Condition:
        # Asked of every condition of a catalog, so without a loop: exactly one field is not None.
        values = [*self.__dict__.values()]
        if len(values) - values.count(None) != 1:
            raise ValueError("a condition is exactly one of context, chosen, component, capability, setting, fact, not")
        if self.not_ is not None and self.not_.not_ is not None:
            raise ValueError("a double negation says nothing")
        return self

    @property
    def positive(self) -> bool:
        """False for a negated literal."""
        return self.not_ is None

    @property
    def atom(self) -> Condition:
        """The literal without its negation."""
        return self.not_ if self.not_ is not None else self
