"""An independent tool reads our UVL export of each sample's context and has to agree with the engine about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalog.loader import load
from wizard.answers import Answers
from wizard.answers_file import load as load_answers
from wizard.solver import Engine
from wizard.solver.export import features, uvl

READER = pytest.importorskip(
    "flamapy.metamodels.fm_metamodel.transformations", reason="flamapy-fm is not installed", exc_type=ImportError
)
SAT = pytest.importorskip(
    "flamapy.metamodels.pysat_metamodel.transformations", reason="flamapy-sat is not installed", exc_type=ImportError
)
ROOT = Path(__file__).parents[2] / "samples"
SAMPLES = sorted(path.parent.name for path in ROOT.glob("*/answers.yaml"))


def context_of(answers: Answers) -> Answers:
    """What was said about the use case and its clusters, and no choice."""
    clusters = tuple(replace(entry, choices={}, rejects={}, settings={}) for entry in answers.clusters)
    return replace(answers, choices={}, rejects={}, settings={}, pinned=(), clusters=clusters)


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_another_tool_finds_the_same_designs_possible(sample: str, tmp_path: Path) -> None:
    from flamapy.metamodels.pysat_metamodel.operations import (
        PySATCoreFeatures,
        PySATDeadFeatures,
        PySATSatisfiable,
    )

    catalog = load()
    space = Engine(catalog).space(context_of(load_answers(ROOT / sample / "answers.yaml", catalog)))
    file = tmp_path / "model.uvl"
    file.write_text(uvl(space), encoding="utf-8")
    model = SAT.FmToPysat(READER.UVLReader(str(file)).transform()).transform()
    assert PySATSatisfiable().execute(model).get_result() == space.stands
    names = features(space)
    states = {names[space.aim(option).literals[0]]: state for option, state in space.states().items()}
    dead = set(PySATDeadFeatures().execute(model).get_result())
    core = set(PySATCoreFeatures().execute(model).get_result())
    assert len(set(states.values())) > 1
    assert {name for name, state in states.items() if state == "excluded"} == dead & set(states)
    assert {name for name, state in states.items() if state == "implied"} == core & set(states)
