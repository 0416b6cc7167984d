"""How long pictures take: every view as SVG against the layout engine alone on the same DOT, and painting as PNG.

Run `python -m tests.benchmarks.pictures`; exits 1 when a budget is missed. Imports and the first reading of fonts and
icons are apart, and so is the topology, which all exporters share: what is measured is the second and later designs of
a process, and each run starts with empty caches of text and measures.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.design import Design
from exporters.pictures import engine, exporter, measure, raster, svg, text
from exporters.pictures.subject import Subject, subject

TIMES_THE_ENGINE = 1.5
"""All views in SVG may take this many times the engine's own time."""


def timed(*works: Callable[[], object], runs: int = 9) -> list[float]:
    """The median times of pieces of work in seconds, taken in turns after one run to warm up."""
    found: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(runs):
        for times, work in zip(found, works, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in found]


def forget() -> None:
    """Empty the caches that a design fills with its own words."""
    for cached in (text.clean, text.wrapped, measure.box, measure.label, measure.group):
        cached.cache_clear()


def draw_all(about: Subject) -> list[str]:
    """Every view of a design as SVG."""
    forget()

    def finish(drawn: exporter.Drawn) -> str:
        return svg.draw(drawn.placed) if drawn.placed else ""

    return [found for _, found in exporter.finish_all(about, finish)]


def sources(about: Subject) -> list[str]:
    """The DOT graphs that drawing a design hands to the engine."""
    found: list[str] = []
    run, run_all = engine.run, engine.run_all

    def noted(source: str) -> Mapping[str, Any]:
        found.append(source)
        return run(source)

    def noted_all(several: Sequence[str]) -> list[Mapping[str, Any] | None]:
        found.extend(several)
        return run_all(several)

    engine.run, engine.run_all = noted, noted_all
    try:
        draw_all(about)
    finally:
        engine.run, engine.run_all = run, run_all
    return found


def measure_design(name: str, design: Design) -> bool:
    """Print the figures of one design; False when the budget is missed."""
    about = subject(design)
    graphs = sources(about)
    own, ours, deriving = timed(lambda: [engine.run(source) for source in graphs], lambda: draw_all(about),
                                lambda: subject(design))
    drawn = [entry.placed for entry in exporter.place_all(about, exporter.PAINTED) if entry.placed]
    jobs = [(svg.draw(placed, "light", embed=False), 1) for placed in drawn]
    pixels = sum(svg.size(placed)[0] * svg.size(placed)[1] for placed in drawn) / 1e6
    (painting,) = timed(lambda: [raster.png(*job) for job in jobs], runs=3)
    good = ours <= TIMES_THE_ENGINE * own
    print(
        f"{name}: {len(draw_all(about))} views as SVG {ours * 1000:.0f} ms, the engine alone {own * 1000:.0f} ms on "
        f"{len(graphs)} graphs: {ours / own:.2f} times (at most {TIMES_THE_ENGINE}) {'ok' if good else 'TOO SLOW'}; "
        f"the topology {deriving * 1000:.0f} ms; painting {pixels:.1f} megapixels {painting * 1000:.0f} ms"
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
