"""How long manifests take against a bare cdk8s program that creates the same objects with the same bodies.

Run `python -m tests.benchmarks.manifests`. Each figure comes from a process of its own; imports and the start of Node
are shown apart. The bound is 1.3 times the bare program, cold and warm, and 300 MB for ten designs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.design import Design
from catalog.workloads import Workload

BOUND = 1.3
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


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def child(which: str) -> dict[str, float]:
    """One process: start-up, then a cold and a warm run of one of the two programs."""
    from exporters.manifests import node

    start = _timed(node.prepare) + _timed(lambda: __import__("cdk8s").App())
    from exporters.manifests import plan, synth  # noqa: F401  (their imports belong to the start)

    design = large()
    if which == "ours":
        cold, warm = _timed(lambda: ours(design)), min(_timed(lambda: ours(design)) for _ in range(3))
    elif which == "bare":
        folders = bodies(design)
        cold, warm = _timed(lambda: bare(folders)), min(_timed(lambda: bare(folders)) for _ in range(3))
    else:
        cold, warm = _timed(lambda: [ours(design) for _ in range(10)]), 0.0
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + _node_memory()
    return {"start": start, "cold": cold, "warm": warm, "memory": own}


def _node_memory() -> float:
    """Megabytes of the Node that runs below this process (0 where the system does not say)."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if lines.get("PPid", "").strip() == str(os.getpid()):
            total += int(lines.get("VmHWM", "0 kB").split()[0]) / 1024
    return total


def measure() -> dict[str, dict[str, float]]:
    """Figures of both programs and of ten designs, each from a fresh process, in seconds and megabytes."""
    found = {}
    for which in ("bare", "ours", "ten"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.manifests", which], capture_output=True, text=True, check=True
        )
        found[which] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the figures; 1 when a bound is passed."""
    if len(sys.argv) > 1:
        print(json.dumps(child(sys.argv[1])))
        return 0
    found = measure()
    ours_, bare_ = found["ours"], found["bare"]
    print(f"manifests: imports and Node  {ours_['start']:.2f} s (bare {bare_['start']:.2f} s)")
    missed = False
    for run in ("cold", "warm"):
        ratio = ours_[run] / bare_[run]
        missed |= ratio > BOUND
        print(f"manifests: {run} {ours_[run]:.2f} s, bare {bare_[run]:.2f} s, {ratio:.2f} times (at most {BOUND})")
    memory = found["ten"]["memory"]
    print(f"manifests: ten designs {found['ten']['cold']:.2f} s, {memory:.0f} MB (at most {MEMORY})")
    return int(missed or memory > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
