"""The wizard in a terminal with its frames timed: `python -m tests.benchmarks._keys OUT SAMPLE MODE COUNT SEED`.

Keys are posted as the terminal would post them. A key is answered by the first frame written after what it changed
(session, page, cursor, a typed line, a window) has changed: with all rows of the page and all marks of the map by the
exact states of now, and with the draft kept; so engine, draft, rows and painting are in the number. Not in it is what
follows: the line on top, the details of the row under the cursor, reasons, the recommendation, what a window that is open
has to find out.
Mode `keys` presses on while the wizard still thinks about the keys before; `settled` waits after each key until the last
frame with all of that is written; `picture`, `image` (by Kitty's protocol) and `sixel` wait for the frame with the picture
after each change; `walk` presses at random and looks at the memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from wizard.session import Session
from wizard.tui.app import WizardApp
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.rows import Rows
from wizard.tui.screens.frame import HUGE

GAP = 0.08
"""Seconds between two keys: about as fast as a key that is held down after its first repeat."""

LOOK = 0.01
"""Seconds between two looks whether the picture of now is there already."""
STILL = 0.3
"""Seconds without a frame after which none is under way."""

EVERY = 500
"""Keys of a walk between two looks at the memory."""

NAMED = {"-": "minus", "+": "plus"}
CHARACTERS = {"minus": "-", "plus": "+", "slash": "/", "question_mark": "?", "equals_sign": "="}
PAGES = [NAMED.get(key, key) for key in JUMPS]
KEYS = {
    "choose": ["enter"] * 10, "move": ["down"] * 12 + ["up"] * 3 + ["pagedown"] * 2, "clear": ["backspace"] * 3 + ["x"] * 2,
    "undo": ["u"] * 3 + ["U"] * 2, "layer": [*PAGES, "n", "p"], "search": ["slash"],
    "why": ["question_mark"], "whole": ["C", "A", "H", "r"], "ways out": ["enter"], "values": ["enter"],
    "compare": ["equals_sign"], "travel": ["enter"],
}
OFTEN = (20, 24, 10, 10, 12, 2, 4, 4, 3, 3, 2, 2)
"""How often each kind of key is pressed beside the others."""
WORDS = ("istio", "retention", "availability", "mesh=linkerd", "storage", "gateway", "backup", "kms")
SKIPPED = {"quit", "save", "save_as", "export", "picture"}


class Timed(WizardApp):
    """Tells when each frame was written, and what had changed by then."""

    frames: list[tuple[float, float, tuple[Any, ...], bool]]
    frame: asyncio.Event
    sixels = False

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        self.frames.append((time.perf_counter(), time.thread_time(), self.now(), self.drawn))
        self.frame.set()

    def now(self) -> tuple[Any, ...]:
        """What a key may change, by identity or value. The row under the cursor, and not its place: reasons that come in
        later move it."""
        if self.desk is None or not self.desk.is_mounted:
            return ()
        focused = self.screen.focused
        typed = focused.value if isinstance(focused, Input) else ""
        current = next((rows.current for rows in self.screen.query(Rows) if rows.id != "map"), None)
        cursor = current.key if current is not None else None
        return id(self.session), id(self.screen), self.desk.page, cursor, typed

    @property
    def drawn(self) -> bool:
        """Whether the picture of the session of now is beside the page; where there is no room for it, whether it could be."""
        if self.desk is None:
            return False
        known = self.thinker._known
        picture = known.drawn if self.images else known.design
        return known.answers is self.session.answers and picture is not None and (
            self.size.width < HUGE or (self.desk.pictured is picture and self.painted))

    @property
    def painted(self) -> bool:
        """Whether Sixels, where they are asked for, are those of the image that is shown."""
        assert self.desk is not None
        kept = [vars(each)["_cached_sixels"] for each in self.desk.query("#side *") if "_cached_sixels" in vars(each)]
        return all(each is not None and each.image.getvalue() == self.desk._drawn for each in kept) and bool(kept) >= self.sixels


async def press(app: Timed, key: str, patience: float = 0.4) -> tuple[float, float] | None:
    """Seconds until the frame that answers a key, and seconds of the processor in the thread of the keys meanwhile
    (what a quiet machine would take at least); None for a key that changes nothing."""
    before = app.now()
    character = key if len(key) == 1 else CHARACTERS.get(key)
    app.frames.clear()
    begun, worked = time.perf_counter(), time.thread_time()
    app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, character))
    while True:
        for at, work, now, _ in app.frames:
            if now != before:
                return at - begun, work - worked
        app.frame.clear()
        try:
            await asyncio.wait_for(app.frame.wait(), patience)
        except TimeoutError:
            if app.now() == before:
                return None
            patience = 5.0


async def settled(app: Timed, before: Session | None = None) -> float:
    """The time at which the frame with everything was written; of another session than the one before. Where nothing of the
    picture has changed, no frame need come: then it is when that was found out."""
    found = 0.0
    while True:
        for at, _, now, drawn in app.frames:
            if drawn and (before is None or now[0] != id(before)):
                return at
        app.frame.clear()
        try:
            await asyncio.wait_for(app.frame.wait(), STILL if found else LOOK)
        except TimeoutError:
            if found or not app.space.stands:
                return found or time.perf_counter()
            if app.drawn:
                found = time.perf_counter()


async def back(app: Timed) -> None:
    """Close whatever window is open."""
    while app.desk is not None and app.screen is not app.desk:
        app.post_message(events.Key("escape", None))
        await asyncio.sleep(0.05)


async def keys(app: Timed, count: int, chance: random.Random) -> dict[str, list[tuple[float, float]]]:
    """Kind of key to seconds, by the clock and of the processor."""
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KEYS} | {"typing": []}
    while sum(map(len, took.values())) < count:
        kind = chance.choices(list(KEYS), OFTEN)[0]
        if not await prepared(app, kind, chance):
            continue
        spent = await press(app, chance.choice(KEYS[kind]))
        if spent is not None:
            took[kind].append(spent)
        if kind == "search":
            for letter in chance.choice(WORDS):
                await asyncio.sleep(GAP)
                if (spent := await press(app, letter)) is not None:
                    took["typing"].append(spent)
            await press(app, "enter")
        elif app.screen is not app.desk:
            await back(app)
        await asyncio.sleep(GAP)
    return took


async def prepared(app: Timed, kind: str, chance: random.Random) -> bool:
    """Go where a kind of key does what it is for; False where there is no such place on the page."""
    assert app.desk is not None
    rows, view = app.desk.query_one("#page", Rows), app.desk.view
    keys = [row.key for row in rows.rows if isinstance(row.key, tuple)]
    options = [key for key in keys if key[0] == "option"]
    if kind == "ways out":
        places = [key for key in options if view.shown(key[1], key[2]) == "excluded"]
    elif kind == "values":
        places = [key for key in keys if key[0] in ("question", "setting")]
    elif kind == "compare":
        decision = chance.choice(options)[1] if options else ""
        places = [key for key in options if key[1] == decision][:2]
        app.desk.marks = frozenset((key[1], key[2]) for key in places)
    elif kind == "travel":
        for key in ("H", "up", "up", "up"):
            await press(app, key)
            await asyncio.sleep(GAP)
        return app.screen is not app.desk
    else:
        return True
    if places:
        place = chance.choice(places)
        rows.go(next(number for number, row in enumerate(rows.rows) if row.key == place))
        await asyncio.sleep(GAP)
    return bool(places)


async def whole(app: Timed, count: int, chance: random.Random) -> dict[str, list[float]]:
    """Seconds from a key to the last frame that anything of it changes."""
    took: list[float] = []
    while len(took) < count:
        kind = chance.choices(list(KEYS), OFTEN)[0]
        if not await prepared(app, kind, chance):
            continue
        begun = time.perf_counter()
        if await press(app, chance.choice(KEYS[kind])) is not None:
            took.append(await last(app) - begun)
        await back(app)
        await last(app)
    return {"settled": took}


async def last(app: Timed) -> float:
    """The time of the last frame; there is none any more once nothing follows, nothing is thought of and nothing found out."""
    at = time.perf_counter()
    quiet = 0
    while quiet < 8:
        await asyncio.sleep(0.01)
        at = app.frames[-1][0] if app.frames else at
        busy = not (app.typed.rest and app.afterwards.rest and app.thinker.idle and getattr(app.screen, "complete", True))
        quiet = 0 if busy else quiet + 1
    return at


async def picture(app: Timed, count: int, chance: random.Random) -> dict[str, list[float]]:
    """Seconds from keys that change the answers to the frame that has the picture that follows."""
    took: list[float] = []
    while len(took) < count:
        await press(app, chance.choice(PAGES[1:]))
        for _ in range(chance.randrange(12)):
            await press(app, "down", 0.1)
        await settled(app)
        before = app.session
        begun = time.perf_counter()
        await press(app, "enter")
        if app.screen is not app.desk:
            await back(app)
        elif app.session.answers is not before.answers and app.space.stands:
            took.append(await settled(app, before) - begun)
    return {"picture": took}


async def walk(app: Timed, count: int, chance: random.Random) -> dict[str, list[float]]:
    """Megabytes in use after every so many random keys."""
    every = [*(command.keys.split(",")[0] for command in COMMANDS if command.action not in SKIPPED), *PAGES,
             *["down"] * 30, *["up"] * 8, *["enter"] * 22, *["escape"] * 12, *["pagedown"] * 6, *["x"] * 4, *["u"] * 4]
    mine: list[float] = []
    its: list[float] = []

    def look() -> None:
        mine.append(resident("self"))
        its.append(resident(str(app._mind.process.pid)) if app._mind is not None else 0.0)

    for number in range(count):
        key = chance.choice(every)
        if isinstance(app.screen.focused, Input | TextArea):
            key = chance.choice(["a", "b", "1", "enter", "escape", "escape", "ctrl+s", "down"])
        app.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.sleep(0.01)
        while not app.typed.rest:  # keys that wait their turn have done nothing yet
            await asyncio.sleep(0.005)
        if number % EVERY == 0:
            await settled(app)
            look()
    look()
    return {"the wizard": mine, "its second process": its, "changes": [float(len(app.session.past))]}


def resident(process: str) -> float:
    """Megabytes of a process, what it shares with others counted in proportion."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def measured(out: Path, sample: Path, mode: str, count: int, seed: int) -> None:
    """Run, and write what was found."""
    from catalog.loader import load
    from wizard.answers_file import load as read
    from wizard.session import begin

    app = Timed(load, lambda catalog: begin(read(sample, catalog)), images=mode in ("image", "sixel"))
    if mode == "sixel":  # as where the terminal has said so
        from textual_image.widget import sixel

        from wizard.tui import graphics

        vars(graphics)["Best"], app.sixels = sixel.Image, True
    app.frames, app.frame = [], asyncio.Event()

    async def run() -> None:
        while app.desk is None or not app.desk.is_mounted:
            await asyncio.sleep(0.05)
        await settled(app)
        chance = random.Random(seed)
        modes: dict[str, Any] = {"keys": keys, "settled": whole, "picture": picture, "image": picture, "sixel": picture,
                                "walk": walk}
        found = await modes[mode](app, count, chance)
        out.write_text(json.dumps(found))
        app.stop(discard=True)
        app.exit(0)

    task = asyncio.create_task(run())
    await app.run_async()
    await task


if __name__ == "__main__":
    os.chdir(Path(sys.argv[1]).parent)  # random keys may save something under a name
    asyncio.run(measured(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
