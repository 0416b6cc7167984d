"""How long decision records take: the whole set of a large design, imports and the design itself apart.

Run `python -m tests.benchmarks.records`; exits 1 when forty records would take longer than the budget. The largest
sample is measured as it is; a design of forty records and more of medium size beside it.
"""

from __future__ import annotations

import sys

from catalog.design import Design
from exporters.base import Earlier, Stamp
from exporters.records import exporter, overview, text
from tests.benchmarks.pictures import sample, timed

BUDGET = 0.1
"""Seconds for a set of forty records."""
RECORDS = 40


def measure_design(name: str, design: Design) -> bool:
    """Print the figures of one design; False when forty of its records would take longer than the budget."""
    made = list(exporter.EXPORTER.export(design, Earlier(), Stamp()))
    count = len(made) - 1

    def records_alone() -> None:
        text.prose.cache_clear()
        list(exporter.EXPORTER.export(design, Earlier(), Stamp()))

    def page_alone() -> None:
        text.prose.cache_clear()
        list(overview.EXPORTER.export(design, Earlier(), Stamp()))

    records, page = timed(records_alone, page_alone)
    each = records / count
    good = each * RECORDS <= BUDGET
    print(f"{name}: {count} records and their index {records * 1000:.0f} ms, {each * 1000:.2f} ms each, so forty "
          f"{each * RECORDS * 1000:.0f} ms (at most {BUDGET * 1000:.0f}) {'ok' if good else 'TOO SLOW'}; "
          f"the overview {page * 1000:.0f} ms")
    return good


def main() -> int:
    """Measure the samples from the smallest to the largest."""
    results = [measure_design(name, sample(name)) for name in ("small-team", "bank", "media-house")]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
