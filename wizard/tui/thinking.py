"""What takes longer than a key press: the completed design, reasons of what is visible, why something is recommended.

`Thinking` finds it step by step, with an engine of its own (engines are not shared between threads). `Thinker` runs
that beside the keys; the newest question wins, and what was asked for older answers is dropped on the way. Thoughts
are values: the same answers always give the same ones. The design comes first, as the picture follows it.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from catalog.catalog import Catalog
from catalog.design import Design
from catalog.reasons import Conflict, Margin, Option, Reason
from wizard.answers import Answers
from wizard.solver import ContextOption, Engine, Resolution, Space
from wizard.tui.drawing import Drawn, Easel, Wanted
from wizard.tui.errands import Sent, Told

Asked = Option | ContextOption

PORTION = 0.1
"""Seconds of work after which reasons found so far are told."""

FORMULAS = 3
"""Formulas that a session keeps in memory: with the clusters that there are, with one looked at alone, with one more."""


@dataclass(frozen=True)
class Thoughts:
    """What is known so far about some answers."""

    answers: Answers | None = None
    reasons: Mapping[Asked, Reason] = field(default_factory=dict)
    made: Resolution | None = None
    design: Design | None = None
    margins: Mapping[Option, Margin] = field(default_factory=dict)
    conflict: Conflict | None = None
    """Why the answers cannot stand, and the ways out."""
    drawn: Drawn | None = None
    """The picture, where one was asked for."""
    done: bool = False
    """Everything asked for is known."""
    problem: str = ""
    """What went wrong; an error of ours."""
    told: tuple[int, Told] | None = None
    """What was found out for the errand of that number."""
    about: Answers | None = None
    """The answers that made and design were found for: others than `answers` while one still thinks about these."""

    def carried(self, answers: Answers, *, stands: bool) -> Thoughts:
        """What to show of other answers until more is known: what was last known, so that nothing flickers."""
        if not stands:
            return Thoughts(answers, reasons=self.reasons)
        return replace(self, answers=answers, done=False, problem="", told=None, conflict=None)

    def over(self, earlier: Thoughts) -> Thoughts:
        """These thoughts, with what was carried over where nothing is known yet."""
        if self.done:
            return self
        return replace(
            self, told=self.told or earlier.told, made=self.made or earlier.made,
            design=self.design or earlier.design, drawn=self.drawn or earlier.drawn,
            about=self.about or earlier.about, conflict=self.conflict or earlier.conflict,
            reasons={**earlier.reasons, **self.reasons}, margins={**earlier.margins, **self.margins})

    def after(self, news: News) -> Thoughts:
        """What is known after some news."""
        return replace(
            self, made=news.made or self.made, design=news.design or self.design,
            drawn=news.drawn or self.drawn, told=news.told or self.told, done=news.done,
            about=self.answers if news.made else self.about, conflict=news.conflict or self.conflict,
            reasons={**self.reasons, **news.reasons} if news.reasons else self.reasons,
            margins={**self.margins, **news.margins} if news.margins else self.margins,
            problem=news.problem or self.problem)


@dataclass(frozen=True)
class News:
    """What is new in Thoughts."""

    reasons: Mapping[Asked, Reason] = field(default_factory=dict)
    made: Resolution | None = None
    design: Design | None = None
    margins: Mapping[Option, Margin] = field(default_factory=dict)
    conflict: Conflict | None = None
    drawn: Drawn | None = None
    told: tuple[int, Told] | None = None
    done: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Question:
    """What to think about: reasons of what is visible (the first is wanted first), margins of the decisions named,
    a picture, and before all that an errand."""

    answers: Answers
    visible: tuple[Asked, ...] = ()
    decisions: tuple[str, ...] = ()
    picture: Wanted | None = None
    errand: Sent | None = None
    number: int = 0
    """The same for the same answers, another for others."""
    more: bool = False
    """Another about the same answers follows at once."""


Newer = Callable[[], Question | None]
"""The newest question that has come meanwhile."""

NOTHING = Question(Answers(""), number=-1)
"""To think of nothing any more."""


class Thinking:
    """An engine, and what it has found about the answers that it was asked about last."""

    def __init__(self, catalog: Catalog) -> None:
        self._engine = Engine(catalog, FORMULAS)
        self._easel = Easel()
        self._number = -1
        self._space: Space
        self._known: Thoughts

    def think(self, question: Question, newer: Newer) -> Iterator[News]:
        """Find what is not known yet; ends early once there is a newer question. One about the same answers waits for
        the design, which it needs too."""
        if self._number != question.number:
            self._number, self._known = question.number, Thoughts()
            self._space = self._engine.space(question.answers)
        for news in self._steps(question, newer):
            self._known = self._known.after(news)
            yield news

    def _steps(self, question: Question, newer: Newer) -> Iterator[News]:
        space, told = self._space, self._known.told

        def given_up() -> bool:
            return (other := newer()) is not None and other.number != question.number

        if question.errand is not None and not (told is not None and told[0] == question.errand.number and told[1].done):
            for value in question.errand.errand.run(space):
                if newer():
                    return
                yield News(told=(question.errand.number, value))
        if space.stands and self._known.design is None:
            from wizard.complete import complete
            from wizard.solver import GivenUp

            try:
                made = space.complete(given_up)
            except GivenUp:
                return
            yield News(made=made, design=complete(space, reasons=False))
        if not space.stands and self._known.conflict is None:
            yield News(conflict=space.conflict())
        drawn, design = self._known.drawn, self._known.design
        if question.picture is not None and design is not None and (drawn is None or drawn.wanted != question.picture):
            if newer():
                return
            drawn = self._easel.draw(design, question.picture, given_up)
            if drawn is None:
                return
            yield News(drawn=drawn)
        yield from self._reasons(space, question, newer)
        if space.stands:
            yield from self._margins(space, question, newer)
        if not newer() and not question.more:
            yield News(done=True)

    def _reasons(self, space: Space, question: Question, newer: Newer) -> Iterator[News]:
        told = {_row(target) for target in self._known.reasons}
        found: dict[Asked, Reason] = {}
        since = time.monotonic()
        for target in question.visible:
            if newer():
                break
            if _row(target) in told:
                continue
            try:
                reasons = space.why(target)
            except KeyError:
                continue
            if reasons:
                found[target] = reasons[0]
                told.add(_row(target))
            if found and time.monotonic() - since > PORTION:
                yield News(reasons=found)
                found, since = {}, time.monotonic()
        if found:
            yield News(reasons=found)

    def _margins(self, space: Space, question: Question, newer: Newer) -> Iterator[News]:
        made = self._known.made
        margins: dict[Option, Margin] = {}
        for choice in made.choices if made is not None else ():
            if choice.decision in question.decisions and choice.origin == "recommended":
                for component in choice.chosen:
                    option = Option(choice.decision, component, choice.kind)
                    if not newer() and option not in self._known.margins:
                        margins[option] = space.margin(option)
        if margins:
            yield News(margins=margins)


def _row(target: Asked) -> tuple[str, str]:
    """What is shown in one row: an option, in whatever kinds of clusters. One reason is shown for it."""
    return target[0], target[1]


class Thinker:
    """Thinks in a thread of this process. `tell` is called from there with growing Thoughts."""

    def __init__(self, catalog: Catalog, tell: Callable[[Thoughts], None]) -> None:
        self.catalog = catalog
        self.tell = tell
        self._wake = threading.Condition()
        self._wanted: Question | None = None
        self._asked: Question | None = None
        self._answers: Answers | None = None
        self._number = 0
        self._known = Thoughts()
        self._thinking: Thinking | None = None
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="thinking", daemon=True)
        self._thread.start()

    def ask(self, answers: Answers, visible: tuple[Asked, ...], decisions: tuple[str, ...],
            picture: Wanted | None = None, errand: Sent | None = None, *, more: bool = False) -> None:
        """Think about these answers; `more` is asked about them soon, and nothing done before."""
        with self._wake:
            if answers is not self._answers:
                self._answers, self._number, self._known = answers, self._number + 1, Thoughts(answers)
            self._known = replace(self._known, done=False)
            self._wanted = self._asked = Question(answers, visible, decisions, picture, errand, self._number, more)
            self._wake.notify()

    @property
    def idle(self) -> bool:
        """Whether everything that was asked for is known."""
        return self._wanted is None and self._known.done

    def close(self) -> None:
        """Stop thinking; what is under way is dropped."""
        with self._wake:
            self._stop = True
            self._wanted = None
            self._wake.notify()
        self._thread.join(timeout=2)

    def _newer(self) -> Question | None:
        return NOTHING if self._stop else self._wanted

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._wanted is None and not self._stop:
                    self._wake.wait()
                if self._stop:
                    return
                question, self._wanted = self._wanted, None
            assert question is not None
            self._work(question)

    def _work(self, question: Question) -> None:
        try:
            if self._thinking is None:
                self._thinking = Thinking(self.catalog)
            for news in self._thinking.think(question, self._newer):
                self._heard(question.number, news)
        except Exception:  # whatever it is, the keys go on working, and somebody is told
            self._thinking = None
            self._heard(question.number, News(done=True, problem=traceback.format_exc(limit=-1)))

    def _heard(self, number: int, news: News) -> None:
        """News about answers that may have changed meanwhile."""
        with self._wake:
            if number != self._number or self._stop:
                return
            known = self._known = self._known.after(news)
        self.tell(known)
