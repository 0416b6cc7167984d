"""How long decision records take: the whole set of a large design, imports and the design itself apart.

Run `python -m tests.benchmarks.records`; exits 1 when the records of forty decisions would take longer than the budget.
What counts is decisions: small ones share a record of their layer. The samples are measured as they are.
"""

from __future__ import annotations

import sys

from catalog.design import Design
from exporters.base import Earlier, Stamp
from exporters.records import exporter, overview, text
from tests.benchmarks.pictures import sample, timed

BUDGET = 0.1
"""Seconds for the records of forty decisions."""
DECISIONS = 40


def measure_design(name: str, design: Design) -> bool:
    """Print the figures of one design; False when forty of its decisions would take longer than the budget."""
    made = list(exporter.EXPORTER.export(design, Earlier(), Stamp()))
    count = len({entry.decision for entry in design.decisions if entry.asked and entry.chosen})

    def records_alone() -> None:
        text.prose.cache_clear()
        list(exporter.EXPORTER.export(design, Earlier(), Stamp()))

    def page_alone() -> None:
        text.prose.cache_clear()
        list(overview.EXPORTER.export(design, Earlier(), Stamp()))

    records, page = timed(records_alone, page_alone)
    each = records / count
    good = each * DECISIONS <= BUDGET
    print(f"{name}: {count} decisions in {len(made) - 1} records and their index {records * 1000:.0f} ms, so forty "
          f"{each * DECISIONS * 1000:.0f} ms (at most {BUDGET * 1000:.0f}) {'ok' if good else 'TOO SLOW'}; "
          f"the overview {page * 1000:.0f} ms")
    return good


def main() -> int:
    """Measure the samples from the smallest to the largest."""
    results = [measure_design(name, sample(name)) for name in ("small-team", "bank", "media-house")]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
