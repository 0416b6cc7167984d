"""A real terminal: tmux starts the wizard, types, looks, and kills it in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


class Terminal:
    """A tmux session of its own server."""

    def __init__(self, folder: Path, size: tuple[int, int] = (100, 30)) -> None:
        self.socket = str(folder / "tmux.sock")
        self.folder = folder
        self.size = size

    def tmux(self, *arguments: str) -> str:
        """Run tmux and give what it prints."""
        return subprocess.run(["tmux", "-S", self.socket, "-f", os.devnull, *arguments], check=True, capture_output=True,
                              text=True, timeout=30).stdout

    def start(self, *arguments: str) -> None:
        """Start the wizard."""
        command = f"exec {sys.executable} -c 'from wizard.main import run; run()' {' '.join(arguments)}"
        self.tmux("new-session", "-d", "-x", str(self.size[0]), "-y", str(self.size[1]), "-s", "w", "-c", str(self.folder),
                  "-e", f"K8S_WIZARD_STATE={self.folder / 'state'}", "-e", f"PYTHONPATH={ROOT}",
                  "-e", f"TMPDIR={self.folder}", command)

    def pid(self) -> int:
        """The wizard's process."""
        return int(self.tmux("list-panes", "-t", "w", "-F", "#{pane_pid}").split()[0])

    def type(self, *keys: str) -> None:
        """Send keys."""
        for key in keys:
            self.tmux("send-keys", "-t", "w", key)

    def screen(self) -> str:
        """What is seen."""
        return self.tmux("capture-pane", "-p", "-t", "w")

    def wait(self, text: str, seconds: float = 30) -> str:
        """Wait until a text is seen."""
        end = time.monotonic() + seconds
        seen = ""
        while time.monotonic() < end:
            seen = self.screen()
            if text in seen:
                return seen
            time.sleep(0.1)
        raise AssertionError(f"{text!r} is not on the screen:\n{seen}")

    def gone(self, seconds: float = 15) -> None:
        """Wait until the wizard has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if subprocess.run(["tmux", "-S", self.socket, "has-session", "-t", "w"], check=False,
                              capture_output=True).returncode:
                return
            time.sleep(0.1)
        raise AssertionError("still there")


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("t")
    made = Terminal(folder)
    yield made
    subprocess.run(["tmux", "-S", made.socket, "kill-server"], check=False, capture_output=True)


def test_after_kill_9_the_next_start_offers_exactly_the_last_state(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait("New design")
    terminal.type("Enter")
    terminal.wait("What matters most")
    terminal.type("/")
    terminal.wait("Search components")
    terminal.type("mesh=linkerd", "Enter")
    terminal.wait("Linkerd")
    terminal.type("Enter")
    terminal.wait("(●)")
    os.kill(terminal.pid(), signal.SIGKILL)
    terminal.gone()
    terminal.start()
    terminal.wait("Continue design")
    terminal.wait("last: Choose Link")
    terminal.type("Enter")
    terminal.wait("draft kept")
    terminal.type("H")
    terminal.wait("Choose Linkerd")
    terminal.type("Escape")
    time.sleep(1)  # Escape and a key right after it are one key to a terminal.
    terminal.type("s")
    terminal.wait("Save under which name")
    terminal.type("Enter")
    terminal.wait("(saved)")
    assert "mesh: linkerd" in (terminal.folder / "answers.yaml").read_text()
    terminal.type("q")
    terminal.gone()


def test_killed_in_the_middle_of_saving_the_file_is_whole(terminal: Terminal) -> None:
    path = terminal.folder / "answers.yaml"
    path.write_text("version: 1\nname: shop\n")
    for _ in range(3):
        terminal.start("edit", "answers.yaml")
        seen = terminal.wait("shop")
        if "not saved" in seen:
            terminal.type("Enter")
        terminal.wait("What matters most")
        terminal.type("8")
        terminal.wait("GKE")
        terminal.type("Down", "Enter", "s", "Down", "Enter", "s", "Down", "Enter", "s")
        os.kill(terminal.pid(), signal.SIGKILL)
        terminal.gone()
        assert path.read_text().startswith("version: 1\nname: shop\n")
        assert path.read_text().endswith("\n")


def test_two_sessions_on_one_file_notice_each_other(terminal: Terminal, tmp_path: Path) -> None:
    (terminal.folder / "answers.yaml").write_text("version: 1\nname: shop\n")
    terminal.start("edit", "answers.yaml")
    terminal.wait("What matters most")
    other = Terminal(tmp_path)
    other.folder = terminal.folder
    try:
        other.start("edit", "answers.yaml")
        other.wait("also open elsewhere")
        terminal.wait("also open elsewhere")
    finally:
        subprocess.run(["tmux", "-S", other.socket, "kill-server"], check=False, capture_output=True)


def test_without_a_terminal_it_says_what_to_use_and_exits_2(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "from wizard.main import run; run()"], check=False, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, env={**os.environ, "K8S_WIZARD_STATE": str(tmp_path)}, cwd=ROOT)
    assert done.returncode == 2
    assert "build" in done.stderr and "check" in done.stderr
    assert done.stdout == ""
