"""The wizard line by line in a real terminal that knows no more than lines: from nothing to an exported design."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.wizard.tui.driving import real_catalog
from wizard.answers_dump import plain
from wizard.answers_file import load

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


class Teletype:
    """`k8s-wizard prompts` on a pty."""

    def __init__(self, folder: Path) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, "-c", "from wizard.main import run; run()", "prompts"], {
                **os.environ, "TERM": "dumb", "PYTHONPATH": str(ROOT), "K8S_WIZARD_STATE": str(folder / "state")})
        self.seen = ""

    def answer(self, prompt: str, *lines: str) -> None:
        """Wait for a prompt after what was seen already, and type; each further line waits for the same prompt."""
        for line in lines:
            self.until(prompt)
            self.seen = ""
            os.write(self.fd, f"{line}\n".encode())

    def until(self, text: str, seconds: float = 60) -> str:
        """Read until a text was printed."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.fd], [], [], max(end - time.monotonic(), 0))
            assert ready, f"{text!r} was not said: {self.seen[-2000:]}"
            try:
                self.seen += os.read(self.fd, 65536).decode(errors="replace").replace("\r\n", "\n")
            except OSError:
                raise AssertionError(f"it ended before it said {text!r}: {self.seen[-2000:]}") from None
            assert "\x1b" not in self.seen and "\a" not in self.seen
        return self.seen

    def ended(self) -> int:
        """Its exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_from_nothing_to_an_exported_design(tmp_path: Path) -> None:
    shell = Teletype(tmp_path)
    shell.answer("Name, Enter leaves it: ", "tea-house")
    shell.answer("Answer: ", "google", "1", "b", "?", "1", "priorities")
    shell.answer("Numbers in order, Enter goes on: ", "cost")
    shell.answer("Workloads: ", "clusters")
    shell.answer("Clusters: ", "main")
    shell.answer("leaves it: ", "name")
    shell.answer("name (main): ", "prod")
    shell.answer("leaves it: ", "")
    shell.answer("Clusters: ", "workloads")
    shell.answer("Workloads: ", "n")
    shell.answer("name (needed): ", "shop")
    shell.answer("image (needed): ", "registry.example.com/shop:1.0.0")
    shell.answer("leaves it: ", "port")
    shell.answer("port: ", "8080")
    shell.answer("leaves it: ", "")
    shell.answer("Workloads: ", "/cni")
    shell.answer("Answer: ", "cilium", "u", "c")
    shell.answer("(yes or no) ", "yes")
    shell.answer("Answer: ", "e")
    shell.answer("which folder? (Enter leaves it) ", "out")
    shell.answer("Enter takes all: ", "")
    shell.answer("(yes or no) ", "yes")
    shell.until("Written: ")
    shell.answer("Answer: ", "q")
    shell.until("Kept in answers.yaml.")
    assert shell.ended() == 0
    said = plain(load(tmp_path / "answers.yaml", real_catalog()))
    assert said["name"] == "tea-house" and said["priorities"] == ["cost"]
    assert [entry["name"] for entry in said["clusters"]] == ["prod"]
    assert said["workloads"] == [{"name": "shop", "image": "registry.example.com/shop:1.0.0", "port": 8080}]
    assert (tmp_path / "out" / "design.lock.json").exists()


def test_what_was_answered_is_there_after_a_kill(tmp_path: Path) -> None:
    shell = Teletype(tmp_path)
    shell.answer("Name, Enter leaves it: ", "tea-house")
    shell.answer("Answer: ", "1")
    shell.until("Answer: ")
    os.kill(shell.pid, signal.SIGKILL)
    os.waitpid(shell.pid, 0)
    again = Teletype(tmp_path)
    again.answer("Answer: ", "q")
    assert again.ended() == 0
    assert plain(load(tmp_path / "answers.yaml", real_catalog()))["name"] == "tea-house"
