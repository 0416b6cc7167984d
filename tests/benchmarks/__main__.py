"""Every benchmark, one after the other: `python -m tests.benchmarks [NAME...]`. Numbers are printed, never judged: an
aim that was missed is told at the end, and only a benchmark that could not be run makes the whole fail."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
MISSED = 3
RUN = f"""
import runpy, sys
try:
    runpy.run_module("tests.benchmarks.{{name}}", run_name="__main__")
except SystemExit as said:
    sys.exit({MISSED} if said.code else 0)
"""
"""A benchmark that says it missed its aim ends with a code of its own, one that breaks down with Python's 1."""
SKIPPED = {"__init__", "__main__", "synthetic"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in SKIPPED and not path.stem.startswith("_"))


def main() -> int:
    """Run those named, or all; a benchmark that cannot run says so and the rest go on."""
    failed, missed = [], []
    for name in sys.argv[1:] or names():
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        code = subprocess.run([sys.executable, "-c", RUN.format(name=name)], check=False).returncode
        print(f"-- {name}: {time.perf_counter() - start:.0f} s", flush=True)
        if code == MISSED:
            missed.append(name)
        elif code:
            failed.append(name)
    if missed:
        print(f"measured, and slower than was aimed for: {', '.join(missed)}")
    if failed:
        print(f"could not be measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
