"""Every benchmark, one after the other: `python -m tests.benchmarks [NAME...]`. Numbers are printed, never judged."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SKIPPED = {"__init__", "__main__", "synthetic"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in SKIPPED and not path.stem.startswith("_"))


def main() -> int:
    """Run those named, or all; a benchmark that cannot run says so and the rest go on."""
    failed = []
    for name in sys.argv[1:] or names():
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        code = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode
        print(f"-- {name}: {time.perf_counter() - start:.0f} s", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"could not be measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
