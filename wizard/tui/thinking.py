"""What takes longer than a key press: reasons of what is visible, the completed design, why it is recommended.

One worker with an engine of its own (engines are not shared between threads); the newest question wins, and what was
asked for older answers is dropped on the way. Thoughts are values: the same answers always give the same ones.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog.catalog import Catalog
from catalog.design import Design
from catalog.reasons import Margin, Option, Reason
from wizard.answers import Answers
from wizard.solver import ContextOption, Engine, Resolution

Asked = Option | ContextOption


@dataclass(frozen=True)
class Thoughts:
    """What is known so far about some answers."""

    answers: Answers | None = None
    reasons: Mapping[Asked, Reason] = field(default_factory=dict)
    made: Resolution | None = None
    design: Design | None = None
    margins: Mapping[Option, Margin] = field(default_factory=dict)
    done: bool = False
    """Everything asked for is known."""


class Thinker:
    """See the module. `tell` is called from the worker with growing Thoughts."""

    def __init__(self, catalog: Catalog, tell: Callable[[Thoughts], None]) -> None:
        self.catalog = catalog
        self.tell = tell
        self._engine: Engine | None = None
        self._wake = threading.Condition()
        self._wanted: tuple[Answers, tuple[Asked, ...], tuple[str, ...]] | None = None
        self._known = Thoughts()
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="thinking", daemon=True)
        self._thread.start()

    def ask(self, answers: Answers, visible: Sequence[Asked], decisions: Sequence[str]) -> None:
        """Think about these answers: reasons of what is visible, margins of the decisions named."""
        with self._wake:
            self._wanted = (answers, tuple(visible), tuple(decisions))
            self._wake.notify()

    def close(self) -> None:
        """Stop thinking; what is under way is dropped."""
        with self._wake:
            self._stop = True
            self._wanted = None
            self._wake.notify()
        self._thread.join(timeout=2)

    def _newer(self) -> bool:
        return self._stop or self._wanted is not None

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._wanted is None and not self._stop:
                    self._wake.wait()
                if self._stop:
                    return
                assert self._wanted is not None
                answers, visible, decisions = self._wanted
                self._wanted = None
            self._think(answers, visible, decisions)

    def _think(self, answers: Answers, visible: Sequence[Asked], decisions: Sequence[str]) -> None:
        if self._engine is None:
            self._engine = Engine(self.catalog)
        if self._known.answers is not answers:
            self._known = Thoughts(answers)
            self._space = self._engine.space(answers)
        space, known = self._space, replace(self._known, done=False)
        reasons = dict(known.reasons)
        for target in visible:
            if self._newer():
                return
            if target not in reasons:
                try:
                    found = space.why(target)
                except KeyError:
                    continue
                if found:
                    reasons[target] = found[0]
        known = self._tell(replace(known, reasons=reasons))
        if not space.stands:
            self._tell(replace(known, done=True))
            return
        if known.design is None:
            from wizard.complete import complete

            made = space.complete()
            if self._newer():
                return
            known = self._tell(replace(known, made=made, design=complete(space, reasons=False)))
        assert known.made is not None
        margins = dict(known.margins)
        for choice in known.made.choices:
            if choice.decision in decisions and choice.origin == "recommended":
                for component in choice.chosen:
                    if self._newer():
                        return
                    option = Option(choice.decision, component, choice.kind)
                    if option not in margins:
                        margins[option] = space.margin(option)
        self._tell(replace(known, margins=margins, done=True))

    def _tell(self, known: Thoughts) -> Thoughts:
        self._known = known
        if not self._stop:
            self.tell(known)
        return known
