"""Loading: the real catalog and one of 5,000 components, from files and from the cache. Prints, never judges."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from catalog.loader import BUILT_IN, load
from catalog.overlay import files_of

COMPONENTS = 5_000


def grow(folder: Path, wanted: int) -> int:
    """A copy of the built-in catalog with numbered copies of its components until there are `wanted`."""
    shutil.copytree(BUILT_IN, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    originals = sorted(folder.glob("components/*/*.yaml"))
    rules = _rule_ids(originals)
    count, copy = len(originals), 1
    while count < wanted:
        copy += 1
        for path in originals[: wanted - count]:
            text = path.read_text("utf-8")
            for rule in rules[path]:
                # Ids of rules are unique in a catalog; everything else may be said again.
                text = text.replace(f"id: {rule}\n", f"id: {rule}-{copy}\n").replace(f"id: {rule},", f"id: {rule}-{copy},")
            (path.parent / f"{path.stem}-{copy}.yaml").write_text(text, "utf-8")
            count += 1
    return count


def _rule_ids(paths: list[Path]) -> dict[Path, list[str]]:
    components = load(cached=False).components
    return {path: [rule.id for rule in components[path.stem].rules] for path in paths}


def timed(work: Callable[[], object], times: int = 3) -> str:
    """The median of some runs: seconds on the clock, and those of the processor, which neighbours do not lengthen."""
    taken = []
    for _ in range(times):
        start, busy = perf_counter(), process_time()
        work()
        taken.append((perf_counter() - start, process_time() - busy))
    clock, processor = sorted(taken)[len(taken) // 2]
    return f"{clock:.2f} ({processor:.2f})"


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["K8S_WIZARD_CACHE"] = str(Path(scratch) / "cache")
        large = Path(scratch) / "large"
        count = grow(large, COMPONENTS)
        print(f"{'catalog':<24}{'files s (processor)':>22}{'cache s (processor)':>22}{'aim':>28}")
        for name, folder, aim in (
            (f"built-in ({len(files_of(BUILT_IN))} files)", BUILT_IN, ""),
            (f"{count} components", large, "under 10 s, under 0.6 s"),
        ):
            files = timed(lambda folder=folder: load(built_in=folder, cached=False), 1)
            load(built_in=folder)
            cached = timed(lambda folder=folder: load(built_in=folder))
            print(f"{name:<24}{files:>22}{cached:>22}{aim:>28}")
        start = perf_counter()
        subprocess.run([sys.executable, "-c", "import pydantic, yaml"], check=True)
        bare = perf_counter() - start
        print(f"python -c 'import pydantic, yaml': {bare:.2f} s")


if __name__ == "__main__":
    main()
