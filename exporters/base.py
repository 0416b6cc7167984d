"""What an exporter is: a pure function from (Design, Earlier, Stamp) to artifacts. Same three in, same bytes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from catalog.design import Design


@dataclass(frozen=True)
class Artifact:
    """One output file. `path` is relative to the output folder, with forward slashes, from `exporters/paths.py`."""

    path: str
    data: bytes


@dataclass(frozen=True)
class Missing:
    """An output file that could not be made; the others of its exporter still are."""

    path: str
    why: str
    """One plain line: what does not work and what to try."""


@dataclass(frozen=True)
class Stamp:
    """Front matter of records; no clock is ever read."""

    author: str = ""
    date: str = ""
    """ISO day as given on the command line, or empty."""
    status: Literal["proposed", "accepted"] = "accepted"


@dataclass(frozen=True)
class Earlier:
    """What an earlier export left: the parsed lock and the text of the files that must outlive a rebuild."""

    lock: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Path to text of previously written records and other hand-edited files."""
    delivered: Mapping[str, str] = field(default_factory=dict)
    """Path to text of files that a pipeline has written to since, or people sealed values in: an export keeps what they say."""


class Exporter(Protocol):
    """A target. `name` is what `--only` takes."""

    name: str
    title: str

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterable[Artifact | Missing]:
        """Produce every artifact of this target, and a Missing for each file that could not be made."""
        ...
