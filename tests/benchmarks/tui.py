"""How fast the wizard starts and answers, in real terminals, beside a bare Textual app with as many widgets.

Every number is measured from outside or at the frame that a person sees: see `_terminal`, `_bare` and `_keys`.
TUI_KEYS, TUI_SETTLED, TUI_PICTURES, TUI_STARTS and TUI_WALK say how many keys, pictures and starts are measured for each
design.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks._bare import READY
from tests.benchmarks._terminal import SIZE, Terminal

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(ROOT.glob("samples/*/answers.yaml"))
SAMPLE = ROOT / "samples" / "start-up" / "answers.yaml"
WIZARD = ("-c", "from wizard.main import run; run()")


def count(name: str, usual: int) -> int:
    """How many times something is measured."""
    return int(os.environ.get(f"TUI_{name}", usual))


def line(title: str, value: str, aim: str = "") -> None:
    """One number beside its aim."""
    print(f"{title:<64} {value:>16}   {aim}", flush=True)


async def widgets(screen: str) -> dict[str, int]:
    """How many widgets of each kind are on a first usable screen, by the kind of Textual that each is; what draws lines of
    its own in another way counts as a Static, which does the same."""
    from tests.benchmarks._bare import KINDS
    from wizard.tui.app import WizardApp
    from wizard.tui.glimpse import Glimpse
    from wizard.tui.screens.waiting import FirstSight

    with tempfile.TemporaryDirectory() as state:
        from catalog.loader import load
        from wizard.answers_file import load as read
        from wizard.session import begin

        catalog = load()
        app = WizardApp(catalog, begin(read(SAMPLE, catalog)) if screen == "desk" else None, state=Path(state))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            if screen == "first page":
                await app.push_screen(FirstSight(Glimpse("", (), ()), lambda _: None))
            shown = [app.screen] if screen == "first page" else app.screen_stack
            found = Counter(next((base.__name__ for base in type(widget).__mro__ if base.__name__ in KINDS), "Static")
                            for each in shown for widget in each.walk_children())
            app.stop(discard=True)
    return dict(found)


def readied(cache: Path) -> dict[str, str]:
    """Where catalog and code are kept ready between starts, as those of an installed program are; also on a machine whose
    environment has Python compile everything anew each time."""
    return {"K8S_WIZARD_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(cache / "code"), "PYTHONDONTWRITEBYTECODE": ""}


def started(arguments: Sequence[str], text: str, cache: Path, key: str = "", then: str = "") -> float:
    """Milliseconds from starting a process until a text is on its screen; or until a key that is pressed at that moment
    has brought another."""
    with tempfile.TemporaryDirectory() as state:
        terminal = Terminal(arguments, {"K8S_WIZARD_STATE": state, **readied(cache)})
        try:
            shown = terminal.until(text)
            if key:
                os.write(terminal.fd, key.encode())
                shown = terminal.until(then)
            return shown * 1000
        finally:
            terminal.kill()


def seen(cache: Path) -> None:
    """Have the file opened once, until its first page is kept."""
    with tempfile.TemporaryDirectory() as state:
        terminal = Terminal((*WIZARD, "edit", str(SAMPLE)), {"K8S_WIZARD_STATE": state, **readied(cache)})
        try:
            while not list(cache.glob("glimpse-*")):
                terminal.read(0.5)
        finally:
            terminal.kill()


def starts(times: int) -> None:
    """The start window, and a design opened from a file, each beside a bare app with as many widgets."""
    edit = (*WIZARD, "edit", str(SAMPLE))
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        seen(cache)
        for title, screen, arguments, text in (
            ("start window", "window", WIZARD, "New design"),
            ("a file seen before", "first page", edit, "What matters most"),
            ("a file never seen", "desk", edit, "What matters most"),
        ):
            counts = asyncio.run(widgets(screen))
            started(("-m", "tests.benchmarks._bare", json.dumps(counts)), READY, cache)  # compiled by now
            bare, mine, answered = [], [], []
            for _ in range(times):
                bare.append(started(("-m", "tests.benchmarks._bare", json.dumps(counts)), READY, cache))
                if screen == "desk":
                    for kept in cache.glob("glimpse-*"):
                        kept.unlink()
                mine.append(started(arguments, text, cache))
                if screen != "window":
                    answered.append(started(arguments, text, cache, "2", "Authoritative DNS"))
            one, other = statistics.median(bare), statistics.median(mine)
            line(f"bare app, {sum(counts.values())} widgets: start, median (least)", f"{one:.0f} ms ({min(bare):.0f})")
            line(f"wizard, {title}: start, median (least)", f"{other:.0f} ms ({min(mine):.0f})", "aim: under 1,000 ms")
            line(f"wizard, {title}: over bare", f"{other / one:.2f} times", "aim: at most 1.5 times")
            if answered:
                line("  a key pressed at once, answered, median (least)",
                     f"{statistics.median(answered):.0f} ms ({min(answered):.0f})")


def run(sample: Path, mode: str, times: int, seed: int = 1) -> dict[str, list[Any]]:
    """One run of `_keys`."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        terminal = Terminal(("-m", "tests.benchmarks._keys", str(out), str(sample), mode, str(times), str(seed)),
                            {"K8S_WIZARD_STATE": folder}, (220, 50) if mode in ("picture", "image", "sixel") else SIZE)
        terminal.ended()
        if not out.exists():
            raise RuntimeError(f"{mode} on {sample.parent.name} ended early: {terminal.printed[-2000:].decode(errors='replace')}")
        found: dict[str, list[Any]] = json.loads(out.read_text())
        return found


def spread(values: Sequence[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    if not values:
        return "never"
    ordered = sorted(values)
    return f"{statistics.median(ordered) * 1000:.0f} / {ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)] * 1000:.0f} ms"


def both_lines(title: str, values: Sequence[Sequence[float]]) -> None:
    """By the clock, and of the processor."""
    line(f"{title}, {len(values)} keys: median / p99", spread([clock for clock, _ in values]),
         f"aim: p99 under 50 ms   (of the processor {spread([work for _, work in values])})")


def keys(times: int) -> None:
    """Every kind of key on every sample, pressed while the wizard still thinks about the keys before."""
    every: dict[str, list[Any]] = {}
    for seed, sample in enumerate(SAMPLES, 1):
        found = run(sample, "keys", times, seed)
        both = [value for values in found.values() for value in values]
        both_lines(f"key to repainted options, {sample.parent.name}", both)
        for kind, values in found.items():
            every.setdefault(kind, []).extend(values)
    for kind, values in every.items():
        both_lines(f"  {kind}", values)
    both = [value for values in every.values() for value in values]
    both_lines("key to repainted options, every design", both)


def settled(times: int) -> None:
    """From a key to the last frame that it changes: with details, reasons and recommendation, or what a window finds out."""
    every: list[float] = []
    for sample in SAMPLES:
        every += run(sample, "settled", times)["settled"]
    line(f"key to all settled, every design, {len(every)} keys: median / p99", spread(every))


def pictures(times: int) -> None:
    """From a key that changes the answers to the picture that follows: as text, and as an image in either way."""
    for mode, title in (("picture", "key to picture as text"), ("image", "key to picture as an image"),
                        ("sixel", "key to picture as Sixels")):
        for sample in SAMPLES:
            values = run(sample, mode, times)["picture"]
            line(f"{title}, {sample.parent.name}, {len(values)} changes: median / p99", spread(values), "aim: 300 ms")


def memory(times: int) -> None:
    """A long random walk."""
    from tests.benchmarks._keys import EVERY

    found = run(SAMPLES[-1], "walk", times)
    for name, values in found.items():
        if name != "changes":
            told = " ".join(f"{value:.0f}" for value in values)
            line(f"memory of {name} in {times} random keys", f"{max(values):.0f} MB at most", f"as it went: {told}")
    both = [*map(sum, zip(*(values for name, values in found.items() if name != "changes"), strict=False))]
    at = [*range(0, times, EVERY), times]
    line(f"memory of both, {found['changes'][0]:.0f} changes", f"{max(both, default=0.0):.0f} MB at most",
         "aim: under 200 MB, not growing")
    third = len(both) // 3
    if third:
        middle, last = statistics.mean(both[third:2 * third]), statistics.mean(both[-third:])
        apart = statistics.mean(at[-third:]) - statistics.mean(at[third:2 * third])
        line("growth for a thousand keys, middle third to last", f"{(last - middle) * 1000 / apart:.1f} MB", "aim: 0")


def main() -> None:
    """Everything."""
    starts(count("STARTS", 5))
    keys(count("KEYS", 120))
    settled(count("SETTLED", 40))
    pictures(count("PICTURES", 15))
    memory(count("WALK", 6000))


if __name__ == "__main__":
    sys.exit(main())
