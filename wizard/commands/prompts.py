"""`prompts ANSWERS`: the same questions line by line, for screen readers and dumb terminals.

Plain lines only: no colour, no cursor movement. Every state and reason comes from the engine, as in the wizard.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from catalog.catalog import Catalog
from catalog.errors import UsageError
from catalog.layers import Decision, Question
from catalog.reasons import Option
from catalog.words import Words
from wizard import changes
from wizard.changes import Change
from wizard.commands.common import takes_catalog
from wizard.commands.interactive import catalog_with, opened
from wizard.diagnostics import Exit
from wizard.drafts import replace_text
from wizard.session import Session
from wizard.solver import ContextOption, Engine, Space


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answers", metavar="ANSWERS", type=Path, nargs="?", default=Path("answers.yaml"),
                        help="the answers file to write (default: answers.yaml)")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Ask."""
    return prompts(arguments.answers, tuple(arguments.catalog))


def prompts(answers_path: Path, overlays: tuple[Path, ...], read: Callable[[str], str] = input) -> int:
    """Ask for everything that is open, write the answers after each one. `read` asks for a line."""
    catalog = catalog_with(overlays)
    session = opened(answers_path, catalog)
    if session.read_only or session.faults:
        raise UsageError("\n".join([*session.faults, session.read_only]).strip())
    print("Numbers answer, several with commas; Enter leaves it open; ? says why; u undoes; q stops and keeps all.")
    asking = _Asking(catalog, session, read)
    try:
        asking.all()
    except (EOFError, KeyboardInterrupt):
        print()
    except _Enough:
        pass
    print(f"Kept in {answers_path}." if asking.session.path and asking.session.path.exists() else "Nothing was answered.")
    return int(Exit.DONE)


class _Enough(Exception):
    """Somebody typed q."""


class _Asking:
    def __init__(self, catalog: Catalog, session: Session, read: Callable[[str], str]) -> None:
        self.catalog = catalog
        self.session = session
        self.read = read
        self.engine = Engine(catalog)

    @property
    def space(self) -> Space:
        return self.engine.space(self.session.answers)

    @property
    def words(self) -> Words:
        space = self.space
        return Words(self.catalog, {kind.name: kind.clusters for kind in space.kinds})

    def all(self) -> None:
        """Questions, then every decision that is open."""
        for question in self.catalog.questions.values():
            self.question(question)
        for layer in self.catalog.layers.values():
            if layer.decisions:
                print(f"\n== {layer.title}. {layer.summary}")
            for decision in layer.decisions:
                for kind in self.kinds(decision):
                    self.decision(decision, kind)
        print("\nAll questions were asked.")

    def kinds(self, decision: Decision) -> Sequence[str | None]:
        """Where a decision is asked."""
        return (None,) if decision.scope == "design" else self.space.kind_names

    def keep(self, change: Change) -> None:
        """Make a change and write the file."""
        self.session = self.session.apply(change)
        self.write()
        conflict = self.space.conflict()
        if conflict is not None:
            print(self.words.conflict(conflict))
            print("u takes the last answer back.")

    def write(self) -> None:
        """Write the answers, comments kept."""
        from wizard.answers_dump import dump

        assert self.session.path is not None
        path = self.session.path
        replace_text(path, dump(self.session.answers, path.read_text("utf-8") if path.exists() else ""))

    def ask(self, text: str, count: int, several: bool, why: Callable[[], str]) -> list[int] | None:
        """Numbers from 0, [] for open, None to ask again after an undo."""
        while True:
            line = self.read(text).strip().lower()
            if line == "q":
                raise _Enough
            if line == "u":
                print(f"Undone: {self.session.current.name}" if self.session.past else "Nothing to undo.")
                self.session = self.session.undo()
                self.write()
                return None
            if line == "?":
                print(why())
                continue
            try:
                picked = [int(each) - 1 for each in line.split(",")] if line else []
            except ValueError:
                picked = [-1]
            if all(0 <= each < count for each in picked) and (several or len(picked) < 2):
                return picked
            print(f"A number from 1 to {count}{', or several with commas' if several else ''}.")

    def question(self, question: Question) -> None:
        """One context question, where it is not answered yet."""
        while True:
            space = self.space
            kinds: Sequence[str | None] = (None,) if question.scope == "design" else space.kind_names
            answered = space.answered
            if all(("context", space.scope(kind), question.id) in answered for kind in kinds):
                return
            print(f"\n{question.title}\n{question.why}")
            states = space.context_states(question.id)
            for number, value in enumerate(question.values, 1):
                found = {states[ContextOption(question.id, value.id, kind)] for kind in kinds}
                note = ", ruled out" if found == {"excluded"} else ", follows" if found == {"implied"} else ""
                print(f"  {number}. {value.title}{note}")

            def why(kinds: Sequence[str | None] = kinds, space: Space = space) -> str:
                reasons = [reason for kind in kinds for value in question.values
                           for reason in space.why(ContextOption(question.id, value.id, kind))]
                return "\n".join(map(self.words.line, reasons)) or question.why

            picked = self.ask("Answer: ", len(question.values), question.several, why)
            if picked is None:
                continue
            if picked:
                values = [question.values[each].id for each in picked]
                self.keep(changes.answer(self.words, question.id, values, None, space))
            return

    def decision(self, decision: Decision, kind: str | None) -> None:
        """One decision, where it is open."""
        while True:
            space = self.space
            if not space.stands:
                print("The answers are in conflict: u takes the last one back, q stops.")
            if ("choice", space.scope(kind), decision.id) in space.answered:
                return
            states = space.states(decision.id, kind)
            implied = [option for option, state in states.items() if state == "implied"]
            if (implied and decision.many != "several") or all(state == "excluded" for state in states.values()):
                for option in implied:
                    print(f"\n{self.words.option(option)} follows. {self._line(space, option)}")
                return
            print(f"\n{decision.title}{self.words._in(kind)}. {decision.problem}")
            made = space.complete().chosen(decision.id, kind) if space.stands else ()
            shown = [option for option, state in states.items() if state != "excluded"]
            for number, option in enumerate(shown, 1):
                star = ", recommended" if option.component in made else ""
                print(f"  {number}. {self.words.component(option.component, decision.id)}{star}")
            out = [option for option, state in states.items() if state == "excluded"]
            if out:
                print(f"  Ruled out: {', '.join(self.words.component(option.component, decision.id) for option in out)}")

            def why(out: list[Option] = out, space: Space = space) -> str:
                told = [f"{self.words.component(option.component, decision.id)}: {self._line(space, option)}" for option in out]
                for name in space.complete().chosen(decision.id, kind) if space.stands else ():
                    told.append(self.words.margin(decision.id, name, space.margin(Option(decision.id, name, kind))))
                return "\n".join(told) or decision.problem

            picked = self.ask("Choose: ", len(shown), decision.many == "several", why)
            if picked is None:
                continue
            for each in picked:
                self.keep(changes.choose(self.words, shown[each], self.space))
            return

    def _line(self, space: Space, option: Option) -> str:
        found = space.why(option)
        return self.words.line(found[0]) if found else ""


