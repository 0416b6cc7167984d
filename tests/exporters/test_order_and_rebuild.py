"""What is exported depends on what was answered alone: not on the order in which it was said, nor on what lay in the folder.

A few designs are drawn here; `make test-changes` draws many more.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from exporters.base import Earlier, Stamp
from samples import rebuild
from tests.exporters.manifests import generated
from wizard import answers_file, output
from wizard.answers import Answers
from wizard.building import artifacts
from wizard.complete import Refused, resolve
from wizard.solver import Engine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint"),
]

MANY = int(os.environ.get("CHANGES", "20")) // 10
SAMPLES = ("small-team",) if MANY < 4 else tuple(rebuild.names())
SEED = int(os.environ.get("SEED", "11"))

TOLD = re.compile(r"docs/architecture/(README\.md|diagrams/.*)|design\.lock\.json")
"""Pictures and tables for people keep the order in which workloads were told, and the lock holds their digests."""
HISTORY = re.compile(r"docs/decisions/.*|mkdocs\.yml|design\.lock\.json")
"""Records outlive a rebuild, and what lists them does."""
NUMBER = re.compile(rb"\b\d{4}-(?=[a-z])")

T = TypeVar("T")


def drawn(seed: int) -> Iterator[tuple[Answers, Design]]:
    """Endless generated answers, with a few decisions made, that the catalog accepts."""
    draw = random.Random(seed)
    catalog = generated.real_catalog()
    assert catalog is not None
    while True:
        options = {name: [id_ for id_ in found if id_ in catalog.components] for name, found in catalog.options.items()}
        names = draw.sample(sorted(name for name, found in options.items() if found), 4)
        choices = {name: (draw.choice(options[name]),) for name in names}
        said = generated.answers(draw.choice(generated.CLOUDS), draw.randrange(200), choices)
        with suppress(Refused):
            yield said, resolve(said, catalog, generated.engine())


def mixed(values: Mapping[str, T], draw: random.Random) -> dict[str, T]:
    entries = list(values.items())
    draw.shuffle(entries)
    return dict(entries)


def reordered(said: Answers, draw: random.Random) -> Answers:
    """The same answers with the entries of every section, down to each cluster's, in another order."""
    return replace(
        said,
        context=mixed(said.context, draw),
        choices=mixed(said.choices, draw),
        rejects=mixed(said.rejects, draw),
        settings=mixed(said.settings, draw),
        pinned=mixed(said.pinned, draw),
        versions=mixed(said.versions, draw),
        clusters=tuple(
            replace(
                entry,
                choices=mixed(entry.choices, draw),
                rejects=mixed(entry.rejects, draw),
                settings=mixed(entry.settings, draw),
            )
            for entry in said.clusters
        ),
    )


def relisted(said: Answers, draw: random.Random) -> Answers:
    """The same answers with the lists whose order says nothing in another: workloads, their calls, externals, waivers, and
    what was chosen for decisions that take several."""

    def listed(values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(draw.sample(values, len(values)))

    workloads = (
        replace(entry, value=entry.value.model_copy(update={"calls": listed(entry.value.calls)})) for entry in said.workloads
    )
    return replace(
        said,
        choices={name: replace(entry, value=listed(entry.value)) for name, entry in said.choices.items()},
        workloads=listed(tuple(workloads)),
        externals=listed(said.externals),
        waivers=listed(said.waivers),
    )


def exported(design: Design) -> dict[str, bytes]:
    return {each.path: each.data for each in artifacts(design, Earlier(), Stamp()).artifacts}


def moved(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def samples(catalog: Catalog, engine: Engine) -> Iterator[tuple[Answers, Design]]:
    for name in SAMPLES:
        said = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name)
        yield said, resolve(said, catalog, engine)


def test_the_order_of_answers_moves_no_byte(catalog: Catalog, engine: Engine) -> None:
    draw = random.Random(SEED)
    for said, design in [*samples(catalog, engine), *islice(drawn(SEED), MANY)]:
        again = resolve(reordered(said, draw), catalog, engine)
        assert moved(exported(design), exported(again)) == [], said.choices


def test_the_order_of_workloads_moves_nothing_but_pictures_and_tables(catalog: Catalog, engine: Engine) -> None:
    draw = random.Random(SEED + 1)
    pictures = 0
    for said, design in [*samples(catalog, engine), *islice(drawn(SEED + 1), MANY)]:
        again = resolve(relisted(said, draw), catalog, engine)
        found = moved(exported(design), exported(again))
        assert [path for path in found if not TOLD.fullmatch(path)] == []
        pictures += len(found)
    assert pictures


def put(folder: Path, design: Design) -> None:
    """Build it into the folder, as `build` does."""
    before = output.earlier(folder)
    output.write(folder, output.plan(folder, artifacts(design, before, Stamp()).artifacts, before))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_design_built_over_another_leaves_what_it_leaves_in_an_empty_folder(tmp_path: Path) -> None:
    designs = [design for _, design in islice(drawn(SEED + 2), MANY + 1)]
    for at, (first, second) in enumerate(pairwise(designs)):
        over, fresh = tmp_path / f"{at}-over", tmp_path / f"{at}-fresh"
        put(over, first)
        theirs = {"NOTES.md": b"ours", "manifests/own/mine.yaml": b"kind: List\n", "docs/runbooks/own.md": b"# Ours\n"}
        for path, text in theirs.items():
            (over / path).parent.mkdir(parents=True, exist_ok=True)
            (over / path).write_bytes(text)
        put(over, second)
        put(fresh, second)
        found, expected = files(over), files(fresh)
        assert {path: found.pop(path, None) for path in theirs} == theirs
        known, wanted = ({path: NUMBER.sub(b"", text) for path, text in side.items()} for side in (found, expected))
        assert [path for path in moved(known, wanted) if not HISTORY.fullmatch(path)] == []
        assert [path for path in moved(found, expected) if path.startswith(("manifests/", "delivery/"))] == []
        empty = [path for path in over.rglob("*") if path.is_dir() and not any(path.iterdir())]
        assert empty == []


def test_a_file_that_somebody_changed_stays_when_the_next_design_has_no_place_for_it(tmp_path: Path) -> None:
    (_, first), (_, second) = islice(drawn(SEED + 3), 2)
    put(tmp_path, first)
    wanted = exported(second)
    gone = [path for path in files(tmp_path) if path.startswith("manifests/") and path not in wanted]
    (tmp_path / gone[0]).write_bytes(b"# ours now\n")
    put(tmp_path, second)
    left = files(tmp_path)
    assert left[gone[0]] == b"# ours now\n"
    assert [path for path in gone[1:] if path in left] == []
