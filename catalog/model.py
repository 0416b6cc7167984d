"""The base of every model that is read from a file: frozen, closed to unknown keys, kebab-case outside."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=63)]
"""An id: lower-case words and numbers joined by hyphens (or dots, in settings)."""

DnsLabel = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=63)]
"""A name that becomes part of a Kubernetes object: an RFC 1035 label."""

Scalar = str | int | bool
"""A single value as files say it."""

Sentence = Annotated[str, StringConstraints(min_length=3, max_length=600, strip_whitespace=True)]

Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=400)]


def kebab(name: str) -> str:
    """`end_of_support` in Python is `end-of-support` in files; a trailing underscore avoids keywords."""
    return name.rstrip("_").replace("_", "-")


class Model(BaseModel):
    """Frozen, refuses unknown keys, kebab-case in files."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=kebab, populate_by_name=True, str_strip_whitespace=True,
        # A start that reads no component pays for none of their validators.
        defer_build=True,
    )


class Sourced(Model):
    """A fact about the world: where it was read and on which day."""

    source: Url
    """A page of the project's own documentation, release notes or repository."""
    checked: date
    """The day on which the source said so."""
    unverified: Sentence | None = None
    """Why nobody could confirm it: then `checked` is the day on which somebody looked in vain."""
