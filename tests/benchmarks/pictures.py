"""How long pictures take: every view as SVG against the layout engine alone on the same DOT, and painting as PNG.

Run `python -m tests.benchmarks.pictures`; exits 1 when a budget is missed. Imports and the first reading of fonts and
icons are apart: what is measured is the second and later designs of a process, and each run starts with empty caches
of text and measures.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from catalog.design import Design
from exporters.pictures import engine, exporter, fonts, measure, raster, svg, text
from exporters.pictures.subject import subject

TIMES_THE_ENGINE = 1.5
"""All views in SVG may take this many times the engine's own time."""


def timed(work: Callable[[], object], runs: int = 7) -> float:
    """The median time of a piece of work in seconds, after one run to warm up."""
    work()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def forget() -> None:
    """Empty the caches that a design fills with its own words."""
    for cached in (fonts._advance, text.clean, text.wrapped, measure.box, measure.label, measure.group):
        cached.cache_clear()


def draw_all(design: Design) -> list[str]:
    """Every view of a design as SVG."""
    forget()

    def finish(drawn: exporter.Drawn) -> str:
        return svg.draw(drawn.placed) if drawn.placed else ""

    return [found for _, found in exporter.finish_all(subject(design), finish)]


def sources(design: Design) -> list[str]:
    """The DOT graphs that drawing a design hands to the engine."""
    found: list[str] = []
    run = engine.run

    def noted(source: str) -> Mapping[str, Any]:
        found.append(source)
        return run(source)

    engine.run = noted
    try:
        draw_all(design)
    finally:
        engine.run = run
    return found


def measure_design(name: str, design: Design) -> bool:
    """Print the figures of one design; False when the budget is missed."""
    graphs = sources(design)
    own = timed(lambda: [engine.run(source) for source in graphs])
    ours = timed(lambda: draw_all(design))
    drawn = [entry.placed for entry in exporter.place_all(subject(design), exporter.PAINTED) if entry.placed]
    jobs = [(svg.draw(placed, "light", embed=False), 1) for placed in drawn]
    pixels = sum(svg.size(placed)[0] * svg.size(placed)[1] for placed in drawn) / 1e6
    painting = timed(lambda: [raster.png(*job) for job in jobs], 3)
    good = ours <= TIMES_THE_ENGINE * own
    print(
        f"{name}: {len(draw_all(design))} views as SVG {ours * 1000:.0f} ms, the engine alone {own * 1000:.0f} ms on "
        f"{len(graphs)} graphs: {ours / own:.2f} times (at most {TIMES_THE_ENGINE}) {'ok' if good else 'TOO SLOW'}; "
        f"painting {pixels:.1f} megapixels {painting * 1000:.0f} ms"
    )
    return good


def sample(name: str) -> Design:
    """A sample of the product, resolved."""
    from catalog.loader import load
    from wizard.commands.common import read
    from wizard.complete import resolve

    catalog = load()
    answers = Path(__file__).parents[2] / "samples" / name / "answers.yaml"
    return resolve(read(answers, catalog), catalog, reasons=False)


def main() -> int:
    """Measure the largest samples, and a design of sixty parts and forty services."""
    from tests.exporters.pictures.landscape import crowd

    designs = {"media-house": sample("media-house"), "bank": sample("bank"), "sixty parts": crowd()}
    results = [measure_design(name, design) for name, design in designs.items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
