"""Thinking in a process of its own, so that no key ever waits for a thought, however long that takes.

The process is started with a catalog, or with the function that loads it, and speaks with its parent over a pair of
sockets: questions in, news out, both pickled, between two processes of the same person. It ends with its parent.
"""

from __future__ import annotations

import gc
import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from wizard.tui.sparing import environment
from wizard.tui.thinking import News, Question, Thinker, Thinking, Thoughts

if TYPE_CHECKING:
    from catalog.catalog import Catalog

TRIES = 3
"""Processes that may die before thinking goes on in this one."""
BEGIN = "import gc; gc.disable(); from wizard.tui.apart import main; main()"
"""What the process does. Nothing that is made while it starts is garbage, so it does not look for any."""
PAUSE = 0.3
"""Seconds without a question after which there is time to look for garbage; a picture would wait for it before."""
BUSY = 20
"""Questions after which that is done without a pause."""
NICE = 5
"""The keys come first, also where there is one core for both."""


class Mind:
    """A running process that thinks."""

    def __init__(self, source: Catalog | Callable[[], Catalog]) -> None:
        mine, its = socket.socketpair()
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BEGIN, str(its.fileno())], pass_fds=(its.fileno(),),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, **environment()})
        self.line: Connection[Any, Any] = Connection(mine.detach())
        self.line.send(source)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError):
            self.line.close()


class ThinkerApart(Thinker):
    """Thinks in a Mind, as long as that lives."""

    def __init__(self, catalog: Catalog, tell: Callable[[Thoughts], None], mind: Mind | None,
                 source: Catalog | Callable[[], Catalog]) -> None:
        self._mind = mind
        self._source = source
        self._left = TRIES
        super().__init__(catalog, tell)
        if mind is not None:
            self._listen(mind)

    def close(self) -> None:
        """Stop thinking, and end the process."""
        self._stop = True
        if self._mind is not None:
            self._mind.close()
        super().close()

    def _work(self, question: Question) -> None:
        while self._left and not self._stop:
            try:
                if self._mind is None:
                    self._mind = Mind(self._source)
                    self._listen(self._mind)
                self._mind.line.send(question)
                return
            except OSError:
                self._left -= 1
                if self._mind is not None:
                    self._mind.close()
                self._mind = None
        super()._work(question)

    def _listen(self, mind: Mind) -> None:
        threading.Thread(target=self._hear, args=(mind,), name="listening", daemon=True).start()

    def _hear(self, mind: Mind) -> None:
        with suppress(OSError, EOFError):
            while True:
                number, news = mind.line.recv()
                if news.design is not None:
                    news = replace(news, design=replace(news.design, catalog=self.catalog))
                self._heard(number, news)
        self._again()

    def _again(self) -> None:
        """The process is gone; what was asked is asked again."""
        with self._wake:
            if not self._stop and self._wanted is None and self._asked is not None and not self._known.done:
                self._wanted = self._asked
                self._wake.notify()


def main() -> None:
    """The process."""
    line: Connection[Any, Any] = Connection(int(sys.argv[1]))
    with suppress(EOFError, OSError):
        os.nice(NICE)
        source = line.recv()
        thinking = Thinking(source() if callable(source) else source)
        gc.freeze()  # A catalog is large and never garbage.
        latest: Question | None = None
        left = 0  # questions since garbage was looked for

        def newer() -> Question | None:
            nonlocal latest
            while line.poll():
                latest = line.recv()
            return latest

        while True:
            if left and (left >= BUSY or not (latest or line.poll(PAUSE))):
                gc.collect()
                left = 0
            question = newer() or line.recv()
            left += 1
            latest = None
            try:
                for news in thinking.think(question, newer):
                    if news.design is not None:
                        # The catalog is on the other side already.
                        news = replace(news, design=replace(news.design, catalog=None))  # type: ignore[arg-type]
                    line.send((question.number, news))
            except Exception as error:
                if isinstance(error, OSError | EOFError):
                    raise
                line.send((question.number, News(done=True, problem=traceback.format_exc(limit=-1))))
