"""Our pictures beside KubeDiagrams' on the same exported manifests: processor time, size, what there is to read.

Run `python -m tests.benchmarks.kubediagrams`. KubeDiagrams is no dependency: it needs a system Graphviz with its headers
(`apt-get install graphviz libgraphviz-dev`); where they are, `make bench` installs it into `.venv/kubediagrams`. Where
it is not there only our side is printed. Imports are apart on both sides: ours draws twice in a process and counts the
second time, from the resolved design on; theirs is less what it takes for a single object.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SAMPLES = ("start-up", "bank")
ROOT = Path(__file__).parents[2]
OURS = """
import resource, sys
from exporters.pictures import exporter, svg
from exporters.pictures.subject import subject
from tests.benchmarks.pictures import sample
design = sample(sys.argv[1])
def spent():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
for turn in range(2):
    start = spent()
    found = [(svg.size(drawn.placed), svg.draw(drawn.placed)) for drawn in exporter.place_all(subject(design))]
    took = spent() - start
print(took)
for size, text in found:
    print(*map(int, size), len(text))
"""
ONE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n"


def spent(command: Sequence[str], folder: Path) -> tuple[float, str]:
    """Processor seconds of a program and its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def objects(sample: str) -> str:
    """The objects of a sample's committed export as one stream; values of charts and kustomizations are none."""
    manifests = ROOT / "samples" / sample / "export" / "manifests"
    texts = [path.read_text("utf-8") for path in sorted(manifests.rglob("*.yaml")) if path.name != "kustomization.yaml"]
    return "\n---\n".join(text for text in texts if re.search(r"(?m)^kind:", text))


def theirs() -> str | None:
    """The program, where it is installed."""
    own = Path(sys.prefix) / "kubediagrams" / "bin" / "kube-diagrams"
    return str(own) if own.is_file() else shutil.which("kube-diagrams")


def main() -> int:
    """Measure both on two samples; 1 when ours takes longer."""
    program = theirs()
    if program is None or shutil.which("dot") is None:
        missing = "KubeDiagrams" if program is None else "a system dot"
        print(f"{missing} is not installed (apt-get install graphviz libgraphviz-dev pkg-config, then make bench): only our "
              "side is measured", file=sys.stderr)
    good = True
    for sample in SAMPLES:
        _, said = spent([sys.executable, "-c", OURS, sample], ROOT)
        first, *lines = said.splitlines()
        seconds, pictures = float(first), [tuple(map(int, line.split())) for line in lines]
        most = max(wide * tall for wide, tall, _ in pictures) / 1e6
        print(f"{sample}: ours, {len(pictures)} views {seconds:.2f} s of processor time, the largest {most:.1f} megapixels, "
              f"{sum(size for *_, size in pictures) / 1e6:.1f} MB together")
        if program is None or shutil.which("dot") is None:
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "all.yaml").write_text(objects(sample), encoding="utf-8")
            (folder / "one.yaml").write_text(ONE, encoding="utf-8")
            other = spent([program, "-o", "all.svg", "all.yaml"], folder)[0] - spent(
                [program, "-o", "one.svg", "one.yaml"], folder)[0]
            text = (folder / "all.svg").read_text("utf-8")
            size = re.search(r'width="([\d.]+)(?:pt|px)?" height="([\d.]+)', text)
            pixels = float(size[1]) * float(size[2]) / 0.5625 / 1e6 if size else 0.0
            print(f"{sample}: KubeDiagrams, one picture {other:.2f} s of processor time, {pixels:.1f} megapixels, "
                  f"{len(text) / 1e6:.1f} MB; {other / seconds:.1f} times ours")
            good = good and seconds <= other
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
