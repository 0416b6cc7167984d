"""`check` as its users pay for it: cold against Python with pydantic and PyYAML, a thousand files in one call, memory.

`python -m tests.benchmarks.check`; each figure is from processes of its own, in their own processor time, so that a busy
machine makes nothing look slow. Python may keep compiled modules, as it does after an installation.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples" / "start-up" / "answers.yaml"
SCRIPT = "from wizard.main import run; run()"
BARE = [sys.executable, "-c", "import pydantic, yaml"]
LARGEST = SAMPLE.parents[1] / "media-house" / "answers.yaml"
DIFF = "from wizard.main import main; main(['diff', '{}', '--choose', 'mesh=none'])"
WARM, COLD, EACH, MEMORY = 3.0, 6.0, 5.0, 150.0
"""Times the bare start with a warm catalog cache and without one; milliseconds per further file; megabytes."""
FILES = 1000


def check(*files: Path) -> list[str]:
    """The command line of one `check`."""
    return [sys.executable, "-c", SCRIPT, "check", *map(str, files)]


def run(command: list[str], cache: str) -> float:
    """Processor seconds that a process takes; with an empty `cache` the catalog is read from its YAML files."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, env={**environment, "K8S_WIZARD_CACHE": cache}, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


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
    """Print the figures beside their aims; 1 when one was missed."""
    with tempfile.TemporaryDirectory() as place:
        cache = str(Path(place) / "cache")
        files = several(Path(place), FILES)
        run(check(SAMPLE), cache)
        turns = [(run(BARE, cache), run(check(SAMPLE), cache), run(check(SAMPLE), "")) for _ in range(7)]
        bare, warm, cold = (statistics.median(column) for column in zip(*turns, strict=True))
        one = min(run(check(*files[:1]), cache) for _ in range(3))
        each = (run(check(*files), cache) - one) / (FILES - 1) * 1000
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        differing = min(run([sys.executable, "-c", DIFF.format(LARGEST.as_posix())], cache) for _ in range(3))
    rows = [
        (f"cold, warm catalog cache: {warm:.3f} s, bare {bare:.3f} s", warm / bare, WARM, "times"),
        (f"cold, no catalog cache: {cold:.3f} s", cold / bare, COLD, "times"),
        (f"each of {FILES} files after the first", each, EACH, "ms"),
        ("largest process", memory, MEMORY, "MB"),
    ]
    for name, value, bound, unit in rows:
        aim = f"aim: at most {bound:g}, {'met' if value <= bound else 'MISSED'}"
        print(f"{name:52} {value:8.2f} {unit:6} {aim}")
    print(f"{'diff of media-house, one other choice':52} {differing:8.2f} s      no aim")
    return int(any(value > bound for _, value, bound, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
