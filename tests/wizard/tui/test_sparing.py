"""Memory that is free goes back to the system, also where pieces around it are in use."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from wizard.tui.sparing import environment

SCRIPT = """
import sys
from pathlib import Path
from wizard.tui import sparing
def resident():
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])
if sys.argv[1] == "begin":
    sparing.begin()
before = resident()
pieces = [bytes(90_000 + number) + b"x" for number in range(600)]
for at in range(len(pieces)):
    if at % 10:
        pieces[at] = None
print(resident() - before)
"""


def left(how: str, **env: str) -> int:
    """Kilobytes that stay of 54 MB when nine in ten pieces are gone."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], check=True, capture_output=True, text=True,
                          env={**os.environ, **env})
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than glibc looks after this by itself")
def test_what_is_free_between_pieces_in_use_goes_back_to_the_system() -> None:
    assert left("no") > 40_000
    assert left("begin") < 15_000
    assert left("no", **environment()) < 15_000
