"""One session side by side: the engine's states after every answer, and flamapy's configurator on the exported model.

`python -m tests.benchmarks.configurator`. The configurator only unit-propagates: it marks what follows at once and calls
the rest undecided, possible or not; the column `missed` counts excluded options that it still offers.
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from catalog.loader import load
from tests.benchmarks.synthetic import sessions
from wizard.answers import Answers
from wizard.solver import Engine, Space
from wizard.solver.export import features, uvl

LENGTH = 12


def configurator(space: Space) -> Any:
    """Flamapy's configurator of the exported model."""
    from flamapy.metamodels.configurator_metamodel.operations import Configure
    from flamapy.metamodels.configurator_metamodel.transformation.fm_to_configurator import FmToConfigurator
    from flamapy.metamodels.fm_metamodel.transformations import UVLReader

    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.uvl"
        file.write_text(uvl(space), encoding="utf-8")
        session = Configure().execute(FmToConfigurator(UVLReader(str(file)).transform()).transform())
    session.start()
    return session


def milliseconds(work: Any) -> tuple[float, Any]:
    """How long a piece of work took, and what came of it."""
    start = time.perf_counter()
    found = work()
    return (time.perf_counter() - start) * 1000, found


def opened(engine: Engine) -> Space:
    """The engine ready for answers: the catalog compiled and loaded into its solver."""
    space = engine.space(Answers(name="empty"))
    assert space.stands
    return space


def propagated(space: Space) -> dict[int, bool]:
    """Only what the configurator does: what follows from the answers by unit propagation."""
    return {abs(literal): literal > 0 for literal in space.machine.strict.propagate(space.assumed())[1]}


def answered(session: Any, new: dict[str, bool]) -> dict[str, Any]:
    """One more answer told to the configurator, and what it then knows of every option."""
    session.answer_question(new)
    found: dict[str, Any] = session.get_result()
    return found


def main() -> int:
    """Print the table; 1 when the configurator is faster over a session."""
    catalog = load()
    engine = Engine(catalog)
    opening, empty = milliseconds(lambda: opened(engine))
    try:
        took, other = milliseconds(lambda: configurator(empty))
    except ImportError as error:
        raise RuntimeError("flamapy is not installed: pip install --no-deps -r requirements-compare.txt") from error
    names = features(empty)
    ours, alone, theirs, missed, excluded, before = [], [], [], 0, 0, set()
    for answers in sessions(catalog, 1, LENGTH):
        space = engine.space(answers)
        took_us, states = milliseconds(space.states)
        said = {names[literal] for literal in space.assumed() if literal > 0}
        took_them, known = milliseconds(lambda: answered(other, dict.fromkeys(said - before, True)))  # noqa: B023
        before |= said
        ours.append(took_us)
        alone.append(milliseconds(lambda: propagated(space))[0])  # noqa: B023
        theirs.append(took_them)
        gone = {names[space.aim(option).literals[0]] for option, state in states.items() if state == "excluded"}
        excluded += len(gone)
        missed += sum(known.get(name) is not False for name in gone)
    print(f"opening a session: {opening:.0f} ms, configurator {took:.0f} ms")
    print(f"exact states after an answer: {statistics.median(ours):.2f} ms, which the configurator does not find")
    print(f"unit propagation only: {statistics.median(alone):.2f} ms, configurator {statistics.median(theirs):.2f} ms")
    session = opening + sum(ours)
    print(f"a session of {LENGTH} answers: {session:.0f} ms, configurator {took + sum(theirs):.0f} ms, "
          f"{(took + sum(theirs)) / session:.0f} times as long")
    print(f"of {excluded} excluded options the configurator still offers {missed}")
    return int(session > took + sum(theirs))


if __name__ == "__main__":
    sys.exit(main())
