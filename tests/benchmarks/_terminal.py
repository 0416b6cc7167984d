"""A program in a terminal of its own (a pty), for measuring what a person would see: when something is on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

SIZE = (140, 45)


class Terminal:
    """A running program; what it prints is read and thrown away, but for what is waited for."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = SIZE) -> None:
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, *arguments], {**os.environ, **env, "TERM": "xterm-256color"})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.printed = b""

    def until(self, text: str, seconds: float = 120) -> float:
        """Seconds from the start until a text was printed. Raises TimeoutError with the last of what was printed."""
        wanted = text.encode()
        while wanted not in self.printed:
            if not self.read(seconds - (time.perf_counter() - self.begun)):
                raise TimeoutError(f"{text!r} was not printed: {self.printed[-300:]!r}")
        return time.perf_counter() - self.begun

    def ended(self, seconds: float = 3600) -> None:
        """Read until the program ends."""
        while self.read(seconds - (time.perf_counter() - self.begun)):
            self.printed = self.printed[-4000:]
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def read(self, seconds: float) -> bool:
        """Take what was printed, waiting for it; False where nothing came."""
        if seconds <= 0 or not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            read = os.read(self.fd, 65536)
        except OSError:
            return False
        self.printed += read
        return bool(read)

    def kill(self) -> None:
        """End the program at once, and whatever it has started: once this returns, nothing of it writes any more."""
        os.kill(self.pid, signal.SIGSTOP)  # so that it starts nothing between the look and its end
        started = below(self.pid)
        for each in (self.pid, *started):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        until = time.perf_counter() + 10
        while any(map(lives, started)) and time.perf_counter() < until:
            time.sleep(0.005)


def below(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    found = []
    for each in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, each.read_text().split()):
            found += [child, *below(child)]
    return found


def lives(process: int) -> bool:
    """Whether a process still does something: one that has ended and is waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
