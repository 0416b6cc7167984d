"""A real terminal: tmux starts the wizard, types, looks, and kills it in the middle."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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

    def start(self, *arguments: str, before: str = "", **env: str) -> None:
        """Start the wizard, after some shell commands."""
        command = f"{before} exec {sys.executable} -c 'from wizard.main import run; run()' {' '.join(arguments)}"
        env = {"K8S_WIZARD_STATE": str(self.folder / "state"), "PYTHONPATH": str(ROOT), "TMPDIR": str(self.folder), **env}
        self.tmux("new-session", "-d", "-x", str(self.size[0]), "-y", str(self.size[1]), "-s", "w", "-c", str(self.folder),
                  *(part for name, value in env.items() for part in ("-e", f"{name}={value}")), command)

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

    def wait(self, text: str, seconds: float = 60, reading: Callable[[str], str] = str) -> str:
        """Wait until a text is seen, or is in what is read of the screen."""
        end = time.monotonic() + seconds
        seen = ""
        while time.monotonic() < end:
            seen = self.screen()
            if text in reading(seen):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"{text!r} is not on the screen:\n{seen}")

    def closed(self, text: str, seconds: float = 60) -> None:
        """Wait until a text is seen no more."""
        end = time.monotonic() + seconds
        while text in self.screen():
            assert time.monotonic() < end, f"{text!r} is still on the screen"
            time.sleep(0.1)

    def shows(self, text: str, seconds: float) -> bool:
        """Whether a text is seen within some time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.screen():
                return True
            time.sleep(0.1)
        return False

    def gone(self, seconds: float = 60) -> None:
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
    for number in range(3):
        terminal.start("edit", "answers.yaml")
        terminal.wait("What matters most")
        # Killed right after a save there is nothing to continue.
        if number and terminal.shows("Continue where it stopped", 5):
            terminal.type("Down", "Down", "Enter")
            terminal.closed("Continue where it stopped")
        terminal.type("/")
        terminal.wait("Search components")
        terminal.type("mesh=linkerd", "Enter")
        terminal.wait("Linkerd")
        terminal.type("Enter")
        terminal.wait("draft kept")
        terminal.type("s", "Down", "Enter", "s", "Down", "Enter", "s", "Down", "Enter")
        os.kill(terminal.pid(), signal.SIGKILL)
        terminal.gone()
        assert path.read_text().startswith("version: 1\nname: shop\n")
        assert path.read_text().endswith("\n")


SAVING = """
import sys
from dataclasses import replace
from pathlib import Path
from wizard import drafts
from wizard.answers import Answers
from wizard.answers_dump import dump
from wizard.changes import Change
from wizard.session import begin

folder = Path(sys.argv[1])
draft, session = drafts.start(folder / "state"), begin(Answers(name="a" * 63), path=folder / "answers.yaml")
print("on", flush=True)
number = 0
while True:
    number += 1
    session = session.apply(Change(f"to {number}", lambda answers: replace(answers, name=f"n{number}" + "x" * 50)))
    draft.save(session)
    drafts.replace_text(folder / "answers.yaml", dump(session.answers) + "# " + "y" * 200_000 + "\\n")
"""


def test_killed_at_any_moment_of_saving_the_file_and_the_draft_are_whole(tmp_path: Path) -> None:
    from catalog.loader import load as load_catalog
    from wizard import drafts
    from wizard.answers_file import load

    chance = random.Random(5)
    for number in range(8):
        folder = tmp_path / str(number)
        process = subprocess.Popen([sys.executable, "-c", SAVING, str(folder)], stdout=subprocess.PIPE, cwd=ROOT)
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        while not (folder / "answers.yaml").exists():
            time.sleep(0.001)
        time.sleep(chance.random() * 0.1)
        process.kill()
        process.wait()
        process.stdout.close()
        assert (folder / "answers.yaml").read_text().endswith("y\n")
        saved = load(folder / "answers.yaml", load_catalog()).name
        left, = drafts.left(folder / "state")
        session = drafts.recover(left, load_catalog())
        # The draft is saved first: it is what the file says, or one change further.
        assert saved in (session.answers.name, session.past[-1].answers.name)


def toasts(screen: str) -> str:
    """What the toasts on a screen say, as one text."""
    return " ".join(line.rpartition("▌")[2].strip(" ─│▁▂▃▄▅▆▇") for line in screen.splitlines() if "▌" in line)


@pytest.mark.parametrize("before, state, place, why", [
    ("ulimit -f 0;", "", "", "File too large"), ("", "/dev/null/state", "/dev/null/", "/dev/null is no folder"),
], ids=["nothing-more-fits", "not-writable"])
def test_where_nothing_can_be_written_the_wizard_says_so_and_stays(
    terminal: Terminal, before: str, state: str, place: str, why: str
) -> None:
    terminal.start(before=before, **({"K8S_WIZARD_STATE": state} if state else {}))
    terminal.wait("New design")
    terminal.type("Enter")
    terminal.wait("cannot be kept")
    terminal.type("/")
    terminal.wait("Search components")
    terminal.type("mesh=linkerd", "Enter")
    terminal.wait("Linkerd")
    terminal.type("Enter")
    terminal.wait("(●)")
    terminal.type("s")
    terminal.wait("Save under which name")
    terminal.type("C-u", f"{place}answers.yaml", "Enter")
    told = f"Not saved: {place}answers.yaml: cannot be written: {why}; it is as it was"
    assert "not saved yet (NOT KEPT)" in terminal.wait(told, reading=toasts)
    terminal.type("H")
    terminal.wait("Choose Linkerd")
    assert not (terminal.folder / "answers.yaml").exists()


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


def test_a_terminal_that_becomes_too_small_is_told_and_waited_for(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait("New design")
    terminal.type("Down")
    terminal.wait("▸ ▤")  # it has begun to listen
    for size, told in ((("60", "15"), "This needs 80 x 24."), (("90", "26"), "New design"), (("79", "40"), "This needs 80 x 24."),
                       (("50", "10"), "The terminal has 50 x 10."), (("120", "40"), "New design")):
        terminal.tmux("resize-window", "-t", "w", "-x", size[0], "-y", size[1])
        terminal.wait(told)


def test_the_terminal_is_followed_from_its_start_on_whatever_a_shell_has_exported(terminal: Terminal) -> None:
    terminal.size = 140, 45
    terminal.start("edit", "answers.yaml", before="echo started;", COLUMNS="140", LINES="45")
    terminal.wait("started")
    terminal.tmux("resize-window", "-t", "w", "-x", "100", "-y", "30")

    def foot(screen: str) -> str:
        return screen.splitlines()[-1] if len(screen.splitlines()) == 30 else ""

    terminal.wait("? Why / Find", reading=foot)
    terminal.wait("What matters most")
    terminal.tmux("resize-window", "-t", "w", "-x", "120", "-y", "40")
    terminal.wait("? Why / Find", reading=lambda screen: screen.splitlines()[-1] if len(screen.splitlines()) == 40 else "")
    assert max(map(len, terminal.screen().splitlines())) > 100


def test_without_a_terminal_it_says_what_to_use_and_exits_2(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "from wizard.main import run; run()"], check=False, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, env={**os.environ, "K8S_WIZARD_STATE": str(tmp_path)}, cwd=ROOT)
    assert done.returncode == 2
    assert "build" in done.stderr and "check" in done.stderr
    assert done.stdout == ""
