"""`check` as its users pay for it: cold against Python with pydantic and PyYAML, a thousand files in one call, memory.

`python -m tests.benchmarks.check`; each figure is from processes of its own. Exits 1 when a bound is passed.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples" / "start-up" / "answers.yaml"
SCRIPT = "from wizard.main import run; run()"
BARE = [sys.executable, "-c", "import pydantic, yaml"]
WARM, COLD, EACH, MEMORY = 3.0, 6.0, 5.0, 150.0
"""Times the bare start with a warm catalog cache and without one; milliseconds per further file; megabytes."""
FILES = 1000


def check(*files: Path) -> list[str]:
    """The command line of one `check`."""
    return [sys.executable, "-c", SCRIPT, "check", *map(str, files)]


def run(command: list[str], cache: str) -> float:
    """Seconds that a process takes; with an empty `cache` the catalog is read from its YAML files."""
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, "K8S_WIZARD_CACHE": cache}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def several(folder: Path, count: int) -> list[Path]:
    """Answers files that differ a little."""
    text = SAMPLE.read_text(encoding="utf-8")
    found = []
    for at in range(count):
        path = folder / f"answers-{at}.yaml"
        path.write_text(text.replace("name: ", f"name: n{at}-", 1), encoding="utf-8")
        found.append(path)
    return found


def main() -> int:
    """Print the figures beside their bounds."""
    with tempfile.TemporaryDirectory() as place:
        cache = str(Path(place) / "cache")
        files = several(Path(place), FILES)
        run(check(SAMPLE), cache)
        turns = [(run(BARE, cache), run(check(SAMPLE), cache), run(check(SAMPLE), "")) for _ in range(7)]
        bare, warm, cold = (statistics.median(column) for column in zip(*turns, strict=True))
        one = min(run(check(*files[:1]), cache) for _ in range(3))
        each = (run(check(*files), cache) - one) / (FILES - 1) * 1000
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rows = [
        (f"cold, warm catalog cache: {warm:.3f} s, bare {bare:.3f} s", warm / bare, WARM, "times"),
        (f"cold, no catalog cache: {cold:.3f} s", cold / bare, COLD, "times"),
        (f"each of {FILES} files after the first", each, EACH, "ms"),
        ("largest process", memory, MEMORY, "MB"),
    ]
    for name, value, bound, unit in rows:
        print(f"check: {name}: {value:.2f} {unit} (at most {bound:g}) {'ok' if value <= bound else 'PASSED'}")
    return int(any(value > bound for _, value, bound, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
