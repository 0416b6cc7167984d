"""Rebuilds the committed exports of the samples, and the expected text of the refused ones.

Text, SVG and one PNG a sample are committed as they are; every other binary only by its digest (`binaries.sha256`).
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from catalog.catalog import Catalog
from catalog.loader import load
from catalog.words import Words
from exporters.base import Artifact, Earlier, Stamp
from wizard import answers_file
from wizard.building import artifacts
from wizard.complete import Refused, resolve
from wizard.solver import Engine

HERE = Path(__file__).parent
DIGESTS = "binaries.sha256"
PICTURE = "docs/architecture/diagrams/overview.png"
STAMP = Stamp(author="Platform team", date="2026-11-23", status="accepted")


def names() -> list[str]:
    """The samples that stand."""
    return sorted(path.parent.name for path in HERE.glob("*/answers.yaml"))


def refused() -> list[Path]:
    """The answers files that must be refused."""
    return sorted((HERE / "refused").glob("*.yaml"))


def export(name: str, catalog: Catalog, engine: Engine) -> tuple[Artifact, ...]:
    """Everything that `build` writes for a sample, into an empty folder."""
    path = HERE / name / "answers.yaml"
    answers = answers_file.load(path, catalog, "answers.yaml")
    made = artifacts(resolve(answers, catalog, engine), Earlier(), STAMP)
    if made.missing:
        raise SystemExit("\n".join(f"{missing.path}: {missing.why}" for missing in made.missing))
    return made.artifacts


def committed(made: tuple[Artifact, ...]) -> Iterator[tuple[str, bytes]]:
    """What of an export is committed: path and bytes, the digests of the rest last."""
    digests = []
    for artifact in made:
        if artifact.path.endswith(".png") and artifact.path != PICTURE:
            digests.append(f"{hashlib.sha256(artifact.data).hexdigest()}  {artifact.path}")
        else:
            yield artifact.path, artifact.data
    yield DIGESTS, ("\n".join(sorted(digests)) + "\n").encode()


def refusal(path: Path, catalog: Catalog, engine: Engine) -> str:
    """The text of a refusal. ValueError when the answers can stand after all."""
    try:
        resolve(answers_file.load(path, catalog, path.name), catalog, engine, reasons=False)
    except Refused as error:
        return Words(catalog).conflict(error.conflict) + "\n"
    raise ValueError(f"{path.name} can stand")


def main() -> None:
    """Rebuild those named on the command line, or all."""
    catalog = load()
    engine = Engine(catalog)
    for name in sys.argv[1:] or names():
        folder = HERE / name / "export"
        shutil.rmtree(folder, ignore_errors=True)
        for path, data in committed(export(name, catalog, engine)):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        print(f"{name}: rebuilt")
    for path in refused():
        path.with_suffix(".txt").write_text(refusal(path, catalog, engine), "utf-8")
        print(f"{path.name}: rebuilt")


if __name__ == "__main__":
    main()
