"""Running exporters over a design: one list of artifacts, the lock last, and what could not be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.design import Design
from exporters.base import Artifact, Earlier, Missing, Stamp
from exporters.lock import lock
from exporters.registry import PAGE, exporters
from exporters.registry import formats as further


@dataclass(frozen=True)
class Built:
    """Everything that an export consists of."""

    artifacts: tuple[Artifact, ...]
    missing: tuple[Missing, ...]


def artifacts(
    design: Design, earlier: Earlier, stamp: Stamp, *, only: Sequence[str] = (), formats: Sequence[str] = (),
    step: Callable[[str], None] = lambda name: None,
) -> Built:
    """All artifacts of the exporters named (or of all), with the lock; every picture also in the `formats` named, and all
    on one page where `html` is. `step` is told each exporter before it runs. Raises UsageError for an unknown name."""
    pictured = further(formats)
    made: list[Artifact] = []
    missing: list[Missing] = []
    for exporter in exporters(only, pictured):
        step(exporter.name)
        for each in exporter.export(design, earlier, stamp):
            if isinstance(each, Missing):
                missing.append(each)
            else:
                made.append(each)
    if PAGE in formats:
        from exporters.records.html import page

        made.append(page(design, made))
    if not only:
        made.append(lock(design, made, earlier))
    return Built(tuple(made), tuple(missing))
