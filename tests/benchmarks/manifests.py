"""How long manifests take against a bare cdk8s program that creates the same objects with the same bodies.

Run `python -m tests.benchmarks.manifests`. Each program runs in processes of its own, in turns with the other, and the
least of its figures counts: what else a machine does only ever adds. Imports and the start of Node are shown apart; time
of the processor is that of Python and its Node together. The bound is 1.3 times the bare program, cold and warm, and
300 MB for ten designs.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from catalog.design import Design
from catalog.workloads import Workload

BOUND = 1.3
ROUNDS = 3
MEMORY = 300


def large() -> Design:
    """A design of many services on two clusters, about as many objects as the largest sample has."""
    from tests.exporters.manifests.standins import CLUSTERS, WORKLOADS, stand_in

    more = [
        Workload.model_validate(
            {
                "name": f"service-{at}",
                "image": f"registry.example.com/service-{at}:1.{at}.0",
                "port": 8080,
                "calls": [f"service-{at - 1}"] if at else [],
                "slo": "99.9",
                "metrics-port": 9100,
                "team": f"team-{at % 6}",
            }
        )
        for at in range(30)
    ]
    return stand_in(clusters=CLUSTERS, workloads=[*WORKLOADS, *more])


def bodies(design: Design) -> dict[str, list[dict[str, Any]]]:
    """Folder to objects: what the bare program is to create."""
    from exporters.manifests import plan

    found: dict[str, list[dict[str, Any]]] = {}
    for document in plan.documents(design):
        if not document.plain:
            found.setdefault(document.folder, []).extend(document.objects)
    return found


def bare(folders: dict[str, list[dict[str, Any]]]) -> str:
    """A cdk8s program as its users write it: a Chart per folder, an ApiObject per object, its body by patches."""
    import cdk8s

    app = cdk8s.App()
    for name, objects in folders.items():
        chart = cdk8s.Chart(app, name.replace("/", "."), disable_resource_name_hashes=True)
        for at, body in enumerate(objects):
            metadata = body["metadata"]
            thing = cdk8s.ApiObject(
                chart,
                str(at),
                api_version=body["apiVersion"],
                kind=body["kind"],
                metadata=cdk8s.ApiObjectMetadata(
                    name=metadata["name"],
                    namespace=metadata.get("namespace"),
                    labels=metadata.get("labels"),
                    annotations=metadata.get("annotations"),
                ),
            )
            for key, value in body.items():
                if key not in ("apiVersion", "kind", "metadata"):
                    thing.add_json_patch(cdk8s.JsonPatch.add(f"/{key}", value))
    return str(app.synth_yaml())


def ours(design: Design) -> int:
    """Everything that `build` does for manifests."""
    from exporters.base import Earlier, Stamp
    from exporters.manifests import Manifests

    return sum(len(entry.data) for entry in Manifests().export(design, Earlier(), Stamp()))


Figure = tuple[float, float]
"""Seconds by the clock and of the processor."""


def _timed(run: Callable[[], object]) -> Figure:
    clock, work = time.perf_counter(), time.process_time() + _node_time()
    run()
    return time.perf_counter() - clock, time.process_time() + _node_time() - work


def _least(figures: Iterable[Figure]) -> Figure:
    clock, work = zip(*figures, strict=True)
    return min(clock), min(work)


def child(which: str) -> dict[str, Figure | float]:
    """One process: start-up, then a cold and a warm run of one of the two programs."""
    from exporters.manifests import node

    start = _timed(lambda: (node.prepare(), __import__("cdk8s").App(), _imports()))
    design = large()
    if which == "ours":
        run: Callable[[], object] = lambda: ours(design)  # noqa: E731
    elif which == "bare":
        folders = bodies(design)
        run = lambda: bare(folders)  # noqa: E731
    else:
        ten = _timed(lambda: [ours(design) for _ in range(10)])
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"ten": ten, "memory": own + sum(memory for memory, _ in _children())}
    return {"start": start, "cold": _timed(run), "warm": _least(_timed(run) for _ in range(3))}


def _imports() -> None:
    """Load every module that a design may need: what the bare program has no need of belongs to the start."""
    from exporters import delivery, manifests

    for package in (manifests, delivery):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)


def _children() -> Iterator[Figure]:
    """Most megabytes and seconds of the processor of each process below this one: Node (none where the system does not
    say)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, stat = (folder / "status").read_text(), (folder / "stat").read_text()
        except OSError:
            continue
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if lines.get("PPid", "").strip() == str(os.getpid()):
            user, system = stat.rpartition(")")[2].split()[11:13]
            yield int(lines.get("VmHWM", "0 kB").split()[0]) / 1024, (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _node_time() -> float:
    return sum(work for _, work in _children())


def measure() -> dict[str, dict[str, Any]]:
    """Figures of both programs, the least of several processes each, and of ten designs."""
    runs: dict[str, list[dict[str, Any]]] = {"bare": [], "ours": [], "ten": []}
    for which in ("bare", "ours") * ROUNDS + ("ten",):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.manifests", which], capture_output=True, text=True, check=True
        )
        runs[which].append(json.loads(done.stdout))
    least = {
        which: {part: _least(run[part] for run in runs[which]) for part in ("start", "cold", "warm")}
        for which in ("bare", "ours")
    }
    return {**least, "ten": runs["ten"][0]}


def main() -> int:
    """Print the figures; 1 when a bound is passed."""
    if len(sys.argv) > 1:
        print(json.dumps(child(sys.argv[1])))
        return 0
    found = measure()
    ours_, bare_ = found["ours"], found["bare"]
    print(f"manifests: imports and Node  {ours_['start'][0]:.2f} s (bare {bare_['start'][0]:.2f} s)")
    missed = False
    for run in ("cold", "warm"):
        (clock, work), (bare_clock, bare_work) = ours_[run], bare_[run]
        missed |= clock / bare_clock > BOUND
        print(
            f"manifests: {run} {clock:.2f} s, bare {bare_clock:.2f} s, {clock / bare_clock:.2f} times (at most {BOUND}); "
            f"of the processor {work:.2f} and {bare_work:.2f} s, {work / bare_work:.2f} times"
        )
    memory = found["ten"]["memory"]
    print(f"manifests: ten designs {found['ten']['ten'][0]:.2f} s, {memory:.0f} MB (at most {MEMORY})")
    return int(missed or memory > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
