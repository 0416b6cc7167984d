"""The wizard line by line, for screen readers and dumb terminals: plain lines, no colour, no cursor movement.

Asks every question and decision in order, goes to any of them by a word, explains, offers the ways out of what is ruled
out, reviews, completes and exports. Every state and reason comes from the engine, as in the wizard; each answer is kept
before the next question. What has entries (clusters, workloads) is written in the file, which keeps what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.reasons import Option
from catalog.words import ORIGINS, Words
from wizard import changes
from wizard.changes import Change
from wizard.drafts import replace_text
from wizard.prompting_whole import Place, called, exported, reviewed
from wizard.session import Session
from wizard.solver import ContextOption, Engine, Infeasible, SettingOption, Space
from wizard.solver.changing import Unchangeable

HELP = """Numbers answer, several with commas; Enter goes on and leaves open what is open.
?   why: the reasons of what is asked          u   undo the last answer and ask again
-   take this answer back                      b   back to what was asked before
/x  go to what is called x                     r   review: the whole design
c   complete the rest as recommended           e   export into a folder
h   these lines                                q   stop; everything is kept"""


class Enough(Exception):
    """Somebody typed q."""


class Prompting:
    """A dialogue over one session. `read` asks for a line and raises EOFError at the end; `say` prints one."""

    def __init__(
        self, catalog: Catalog, session: Session, read: Callable[[str], str] = input, say: Callable[[str], None] = print,
    ) -> None:
        self.catalog = catalog
        self.session = session
        self.read = read
        self.say = say
        self.engine = Engine(catalog)
        self._space: Space | None = None
        self._answered_at: list[Place] = []
        """Where each change of this dialogue was made, for undo."""

    @property
    def space(self) -> Space:
        """The space of the answers now."""
        if self._space is None or self._space.answers is not self.session.answers:
            self._space = self.engine.space(self.session.answers)
        return self._space

    @property
    def words(self) -> Words:
        """Words that name clusters where there are several kinds."""
        return Words(self.catalog, {kind.name: kind.clusters for kind in self.space.kinds})

    # The way through

    def run(self) -> None:
        """Ask until there is nothing left or somebody has had enough. Raises nothing at the end of the input."""
        self.say(HELP)
        try:
            self._walk()
        except (EOFError, KeyboardInterrupt):
            self.say("")
        except Enough:
            pass

    def _walk(self) -> None:
        asked: list[Place] = []
        wanted: Place | None = None
        while True:
            place = wanted or self._next(asked[-1] if asked else None)
            wanted = None
            if place is None:
                wanted = self._end()
                continue
            asked.append(place)
            told = self._ask(place)
            if told == "back":
                asked.pop()
                wanted = asked.pop() if asked else place
            elif isinstance(told, Place):
                wanted = told

    def places(self) -> list[Place]:
        """Everything that is asked in order; settings only when somebody goes there."""
        kinds = self.space.kind_names
        found = [Place("question", question.id, None) for question in self.catalog.questions.values()]
        for decision in self.catalog.decisions.values():
            found += [Place("decision", decision.id, kind) for kind in (
                (None,) if decision.scope == "design" else kinds)]
        return found

    def _next(self, after: Place | None) -> Place | None:
        places = self.places()
        if after is not None and after.what == "setting":
            after = next(place for place in places if place.id == self.catalog.setting_decision[after.id])
        at = places.index(after) + 1 if after in places else 0
        for place in places[at:]:
            if self._open(place):
                if place.what == "decision":
                    layer = self.catalog.layers[self.catalog.layer_of[place.id]]
                    if after is None or after.what != "decision" or self.catalog.layer_of[after.id] != layer.id:
                        self.say(f"\n== {layer.title}. {layer.summary}")
                return place
        return None

    def _open(self, place: Place) -> bool:
        space = self.space
        if place.what == "question":
            return not all(("context", space.scope(kind), place.id) in space.answered for kind in self._kinds(place.id))
        if not space.stands:
            return False
        if ("choice", space.scope(place.kind), place.id) in space.answered:
            return False
        states = space.states(place.id, place.kind).values()
        several = self.catalog.decisions[place.id].many == "several"
        return "available" in states and (several or "implied" not in states)

    def _kinds(self, question: str) -> Sequence[str | None]:
        return (None,) if self.catalog.questions[question].scope == "design" else self.space.kind_names

    def _end(self) -> Place | None:
        self.say("\nThat was everything." if self.space.stands else "\nThese answers cannot stand together.")
        if not self.space.stands:
            conflict = self.space.conflict()
            self.say(self.words.conflict(conflict) if conflict else "")
        told = self._line("r reviews, c completes, e exports, /x goes to x, u undoes, q stops: ", lambda: HELP)
        if isinstance(told, Place):
            return told
        self.say("" if told == "" else HELP)
        return None

    # One line

    def _line(self, text: str, why: Callable[[], str]) -> str | Place:
        """What was typed, commands carried out; a place for a wish to go elsewhere."""
        while True:
            line = self.read(text).strip()
            match line.lower():
                case "q":
                    raise Enough
                case "h":
                    self.say(HELP)
                case "?":
                    self.say(why())
                case "u":
                    gone = self.undo()
                    if gone is not None:
                        return gone
                case "b":
                    return "back"
                case "r":
                    self.review()
                case "c":
                    self.complete()
                    return ""
                case "e":
                    self.export()
                case _ if line.startswith("/"):
                    found = self.find(line[1:])
                    if found is not None:
                        return found
                case _:
                    return line

    def _numbers(self, place: Place, count: int, several: bool, why: Callable[[], str]) -> list[int] | Place | str:
        """Numbers from 0, [] to go on, a place or `back`."""
        while True:
            line = self._line("Answer: ", why)
            if isinstance(line, Place) or line == "back":
                return line
            if line == "-":
                self.keep(self._taken_back(place), place)
                return place
            try:
                picked = [int(each) - 1 for each in line.split(",")] if line else []
            except ValueError:
                picked = [-1]
            if all(0 <= each < count for each in picked) and (several or len(picked) < 2):
                return picked
            self.say(f"A number from 1 to {count}{', or several with commas' if several else ''}; h lists what else.")

    def _taken_back(self, place: Place) -> Change:
        if place.what == "question":
            return changes.answer(self.words, place.id, (), place.kind, self.space)
        if place.what == "setting":
            return changes.put(self.catalog, place.id, None, place.kind, self.space)
        said = [option for option in self.space.states(place.id, place.kind) if self._said(option)]
        option = said[0] if said else Option(place.id, self.catalog.options[place.id][0], place.kind)
        return changes.drop(self.words, option, self.space)

    def _said(self, option: Option) -> bool:
        kind = self.space.kinds[self.space.scope(option.kind)] if option.kind else self.session.answers
        said = kind.choices.get(option.decision)
        return said is not None and option.component in said.value

    # Questions, decisions, settings

    def _ask(self, place: Place) -> str | Place | None:
        return {"question": self.question, "decision": self.decision, "setting": self.setting}[place.what](place)

    def question(self, place: Place) -> str | Place | None:
        """One context question."""
        question, space, words = self.catalog.questions[place.id], self.space, self.words
        kinds = self._kinds(place.id)
        self.say(f"\n{question.title}\n{question.why}")
        states = space.context_states(question.id)
        for number, value in enumerate(question.values, 1):
            found = {states[ContextOption(question.id, value.id, kind)] for kind in kinds}
            said = all(self._answered(question.id, kind, value.id) for kind in kinds)
            note = ", answered" if said else ", ruled out" if found == {"excluded"} else ", follows" \
                if found == {"implied"} else ""
            self.say(f"  {number}. {value.title}{note}")
        assumed = (question.assume,) if isinstance(question.assume, str) else question.assume
        self.say(f"  Left open, this is assumed: {', '.join(words.value(question.id, each) for each in assumed)}.")

        def why() -> str:
            reasons = [reason for kind in kinds for value in question.values
                       for reason in space.why(ContextOption(question.id, value.id, kind))]
            return "\n".join(map(words.full, reasons)) or question.why

        picked = self._numbers(place, len(question.values), question.several, why)
        if not isinstance(picked, list):
            return picked
        if not picked:
            return None
        values = [question.values[each].id for each in picked]
        blocked = [ContextOption(question.id, value, kind) for kind in kinds for value in values
                   if states[ContextOption(question.id, value, kind)] == "excluded"]
        said_so = changes.answer(words, question.id, values, place.kind, space)
        if blocked:
            return self._ways_out(place, blocked[0], said_so, words.value(question.id, blocked[0].value))
        self.keep(said_so, place)
        return None

    def _answered(self, question: str, kind: str | None, value: str) -> bool:
        values = self.session.answers.context if kind is None else self.space.kinds[self.space.scope(kind)].context
        return question in values and value in values[question].value

    def decision(self, place: Place) -> str | Place | None:
        """One decision: what is possible first, what is ruled out after it."""
        decision, space, words = self.catalog.decisions[place.id], self.space, self.words
        self.say(f"\n{decision.title}{words.place(place.kind)}. {decision.problem}")
        states = space.states(decision.id, place.kind)
        made = space.complete().chosen(decision.id, place.kind) if space.stands else ()
        shown = sorted(states, key=lambda option: states[option] == "excluded")
        for number, option in enumerate(shown, 1):
            notes = [note for note, holds in (
                ("chosen", self._said(option)), ("ruled out", states[option] == "excluded"),
                ("follows", states[option] == "implied"), ("recommended", option.component in made),
                (self._door(option.component), True)) if holds and note]
            self.say(f"  {number}. {words.component(option.component, decision.id)}{''.join(f', {note}' for note in notes)}")

        def why() -> str:
            told = [words.full(reason) for option in shown for reason in space.why(option)]
            for name in made:
                if not self._said(Option(decision.id, name, place.kind)):
                    told.append(words.margin(decision.id, name, space.margin(Option(decision.id, name, place.kind))))
            return "\n".join(told) or decision.problem

        picked = self._numbers(place, len(shown), decision.many == "several", why)
        if not isinstance(picked, list):
            return picked
        for each in picked:
            option = shown[each]
            if states[option] == "excluded":
                return self._ways_out(place, option, changes.choose(words, option, space), words.option(option))
            self.keep(changes.choose(words, option, self.space), place)
        if picked and decision.settings:
            self.say(f"Settings here, each by /name: {', '.join(setting.id for setting in decision.settings)}.")
        return None

    def _door(self, component: str) -> str:
        found = self.catalog.components.get(component)
        how = found.undo.how if found is not None else "reversible"
        return {"reversible": "", "rebuild": "hard to undo", "never": "cannot be undone"}[how]

    def setting(self, place: Place) -> str | Place | None:
        """One setting, as text."""
        found, space = self.catalog.settings[place.id], self.space
        said = space.setting_said(place.id, space.scope(place.kind))
        made = space.complete().settings.get((place.id, place.kind)) if space.stands else None
        now = f"set to {said.value}" if said else f"{made.value} ({ORIGINS[made.origin]})" if made else "not asked"
        offered = ", ".join(map(str, found.choices or found.steps))
        self.say(f"\n{found.title} ({place.id}): {now}. {found.why}{f' One of: {offered}.' if found.choices else ''}")
        line = self._line("Value, - for the default, Enter to leave it: ", lambda: f"{found.why} Such as: {offered or 'any'}.")
        if isinstance(line, Place) or line in ("", "back"):
            return line or None
        if line == "-":
            self.keep(self._taken_back(place), place)
            return None
        value: Scalar = int(line) if found.type in ("integer", "percent") and line.isdigit() else \
            line.lower() == "yes" if found.type == "boolean" and line.lower() in ("yes", "no") else line
        try:
            change = changes.put(self.catalog, place.id, value, place.kind, space)
        except ValueError as error:
            self.say(f"{error}.")
            return place
        target = SettingOption(place.id, value, place.kind)
        if space.stands and space.state(target) == "excluded":
            return self._ways_out(place, target, change, f"{place.id} {value}")
        self.keep(change, place)
        return None

    def _ways_out(
        self, place: Place, blocked: Option | ContextOption | SettingOption, wanted: Change, title: str,
    ) -> str | Place | None:
        """Why something is ruled out, and the ways to have it all the same."""
        space, words = self.space, self.words
        reasons = space.why(blocked)
        self.say("\n".join(map(words.full, reasons)) or f"{title} is ruled out.")
        repairs = space.repairs(blocked)
        if not repairs:
            self.say(words.no_way(reasons, self.session.answers.pinned))
            return place
        self.say("Ways out:")
        for number, repair in enumerate(repairs, 1):
            self.say(f"  {number}. {words.repair(repair)}")
        picked = self._numbers(place, len(repairs), False, lambda: "A number applies that way out; Enter leaves all as it is.")
        if not isinstance(picked, list):
            return picked
        if not picked:
            return place
        mended = changes.mend(words, repairs[picked[0]], space)
        self.keep(Change(f"{wanted.name}; {mended.name}", lambda answers: wanted.make(mended.make(answers))), place)
        return None

    # Whole designs

    def keep(self, change: Change, place: Place) -> None:
        """Make a change and write the file."""
        try:
            made = self.session.apply(change)
        except Unchangeable as error:
            self.say(f"{error}.")
            return
        if made is self.session:
            return
        self.session = made
        self._answered_at.append(place)
        self.write()
        self.say(f"{change.name}.")
        conflict = self.space.conflict()
        if conflict is not None:
            self.say(self.words.conflict(conflict))
            self.say("u takes the last answer back.")

    def undo(self) -> Place | None:
        """Take the last change back, and give where it was made."""
        if not self.session.past:
            self.say("There is nothing to undo.")
            return None
        self.say(f"Undone: {self.session.current.name}.")
        self.session = self.session.undo()
        self.write()
        return self._answered_at.pop() if self._answered_at else None

    def write(self) -> None:
        """Write the answers, comments kept."""
        from wizard.answers_dump import dump

        path = self.session.path
        assert path is not None
        replace_text(path, dump(self.session.answers, path.read_text("utf-8") if path.exists() else ""))

    def find(self, typed: str) -> Place | None:
        """Where something is asked that is called so; asks which, where several are."""
        word = typed.strip().lower()
        named = called(word, self.places(), self.space, self.words)
        exact = [place for place in named.values() if place.id == word]
        if len(named) == 1 or exact:
            return (exact or list(named.values()))[0]
        if not named:
            self.say(f"Nothing is called {typed.strip()}.")
            return None
        titles = list(named)[:20]
        for number, title in enumerate(titles, 1):
            self.say(f"  {number}. {title}")
        line = self.read("Which? ").strip()
        return named[titles[int(line) - 1]] if line.isdigit() and 0 < int(line) <= len(titles) else None

    def review(self) -> None:
        """The whole design in lines."""
        for line in reviewed(self.space, self.words):
            self.say(line)

    def complete(self) -> None:
        """Choose what is recommended for all that is open, once that was agreed to."""
        try:
            made = self.space.complete()
        except Infeasible:
            self.say("These answers cannot stand together.")
            return
        open_ = [choice for choice in made.choices if choice.origin == "recommended" and choice.asked and choice.chosen]
        for choice in open_:
            names = ", ".join(self.words.component(name, choice.decision) for name in choice.chosen)
            self.say(f"  {self.words.decision(choice.decision)}{self.words.place(choice.kind)}: {names}")
        if not open_:
            self.say("Nothing is open.")
        elif self.read(f"Choose these {len(open_)}? (yes or no) ").strip().lower() in ("y", "yes"):
            self.keep(changes.complete_rest(self.space, made), self.places()[-1])

    def export(self) -> None:
        """Write the whole export into a folder that is named, after saying what would be written."""
        if self.space.stands:
            self.write()
            assert self.session.path is not None
            exported(self.session.path, self.catalog, self.engine, self.read, self.say)
        else:
            self.say("A design in conflict cannot be exported.")
