"""How fast the wizard starts and answers a key, on the real catalog. Run it as a program; prints what it measured."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static

KEYS = 60
"""Choices made and taken back while measuring."""


class Bare(App[None]):
    """As many widgets as the desk has, and nothing in them."""

    def compose(self) -> ComposeResult:
        """Widgets."""
        for _ in range(9):
            yield Static("x")
        yield Footer()


async def started(app: App[object]) -> float:
    """Seconds until the first screen is painted."""
    begun = time.perf_counter()
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        return time.perf_counter() - begun


async def measure() -> dict[str, float]:
    """Everything, in milliseconds and megabytes."""
    bare = await started(Bare())  # type: ignore[arg-type]
    from catalog.loader import load
    from wizard.answers_file import load as read
    from wizard.session import begin
    from wizard.tui.app import WizardApp
    from wizard.tui.rows import Rows

    begun = time.perf_counter()
    catalog = load()
    loading = time.perf_counter() - begun
    sample = Path(__file__).parents[2] / "samples" / "start-up" / "answers.yaml"
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        mine = await started(WizardApp(catalog, begin(read(sample, catalog)), state=state))
        app = WizardApp(catalog, begin(read(sample, catalog)), state=state)
        took: list[float] = []
        follows: list[float] = []
        async with app.run_test(size=(140, 45)) as pilot:
            await pilot.press("9")
            await pilot.pause(1)
            assert app.desk is not None
            rows = app.desk.query_one("#page", Rows)
            for _ in range(KEYS):
                rows.action_move(1)
                before = app.session
                begun = time.perf_counter()
                row = rows.current
                if row is None or not isinstance(row.key, tuple) or row.key[0] != "option":
                    continue
                view = app.desk.view
                if view.shown(row.key[1], row.key[2]) not in ("available", "recommended"):
                    continue
                app.desk._option(row.key[1], row.key[2])
                # What a key costs on our side: change, draft, states, rows. Painting a line is Textual's.
                took.append(time.perf_counter() - begun)
                while app.thoughts.answers is not app.session.answers or app.thoughts.design is None:
                    await asyncio.sleep(0.002)
                follows.append(time.perf_counter() - begun)
                app.put(before)
                await pilot.pause()
        app.thinker.close()
    took.sort()
    follows.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "start, bare app (ms)": bare * 1000, "load the catalog (ms)": loading * 1000, "start, wizard (ms)": mine * 1000,
        "start, wizard over bare (times)": mine / bare,
        "key to rows, median (ms)": took[len(took) // 2] * 1000, "key to rows, p99 (ms)": took[int(len(took) * 0.99)] * 1000,
        "key to picture, p99 (ms)": follows[int(len(follows) * 0.99)] * 1000, "keys": len(took),
        "memory at most (MB)": peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
    }


if __name__ == "__main__":
    print(json.dumps({key: round(value, 1) for key, value in asyncio.run(measure()).items()}, indent=2))
