"""The way through: what is asked in order, what can be typed anywhere, and the end."""

from __future__ import annotations

from wizard.prompting import whole
from wizard.prompting.asking import decision, question, setting
from wizard.prompting.dialogue import Again, Back, Dialogue, Does, Enough, Go, Place
from wizard.prompting.parts import PARTS, WALKED, part

BEGIN = """One question after the other. Type the number or the name of an answer; Enter goes on and leaves it open.
? says why, b goes back, u undoes, l lists everything, h lists all that can be typed, q stops. Every answer is kept at once."""

HELP = "\n".join((
    "Numbers or names answer, several with commas. Enter goes on and leaves open what is open. Besides:",
    "?: why, the reasons of what is asked. With a number (?2): all about that option",
    "-: take this answer back",
    "no and a number (no 2): reject that option, or allow it again",
    "pin: let no way out touch this answer, or let it again",
    "b: back to what was asked before",
    "a: ask this again",
    "skip: go on, as Enter does",
    "u: undo the last answer",
    "redo: make again what was undone",
    "l: list what is asked, and go there",
    "/ and a word (/dns): go to what is called so",
    "in and a name (in dev): answers go to that cluster alone; with several names to clusters that are alike;",
    "in all: answers go to all clusters again",
    "c: complete the rest as recommended",
    "r: review the whole design",
    "e: export into a folder",
    "s: save; answers are kept at once, but s and a name keeps them under that name from now on",
    "h: these lines",
    "q: stop; everything is kept",
    f"Parts of the design are gone to by their word: {', '.join(PARTS)}.",
    "Where a text is asked for, all of these stand after a colon, as in :b."))


class Prompting(Dialogue):
    """A dialogue over one session."""

    def run(self) -> None:
        """Ask until there is nothing left or somebody has had enough. Raises nothing at the end of the input."""
        self.commands = {
            "h": lambda _: self.say(HELP), "help": lambda _: self.say(HELP), "q": _stop, "quit": _stop,
            "b": _back, "back": _back, "a": _again, "again": _again, "u": self.undo, "undo": self.undo, "redo": self.redo,
            "s": self.save, "save": self.save, "in": self._in, "/": lambda rest: whole.find(self, rest, self.places()),
            "l": self._list, "list": self._list, "skip": self._skip,
            "r": lambda _: whole.review(self), "review": lambda _: whole.review(self),
            "c": lambda _: whole.complete_rest(self), "complete": lambda _: whole.complete_rest(self),
            "e": lambda _: whole.export(self), "export": lambda _: whole.export(self),
            **{name: _goes(Place("part", name)) for name in PARTS},
        }
        self.say(BEGIN)
        conflict = self.space.conflict()
        if conflict is not None:
            self.say(self.words.conflict(conflict))
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
            self.here = wanted or self._next(asked[-1] if asked else None)
            wanted = None
            try:
                if self.here is None:
                    self._end()
                    continue
                asked.append(self.here)
                self._ask(self.here)
            except Back:
                if self.here is not None:
                    asked.pop()
                wanted = asked.pop() if asked else self.here
            except Again:
                wanted = asked.pop() if self.here is not None else None
            except _Skipped:
                pass
            except Go as going:
                wanted = going.place

    def _ask(self, place: Place) -> None:
        {"question": question, "decision": decision, "setting": setting, "part": part}[place.what](self, place.id)

    def places(self) -> list[Place]:
        """What is asked in order; settings and some parts only when somebody goes there."""
        return [
            Place("part", "name"), *(Place("question", name) for name in self.catalog.questions), Place("part", "priorities"),
            *(Place("part", name) for name in WALKED), *(Place("decision", name) for name in self.catalog.decisions)]

    def _next(self, after: Place | None) -> Place | None:
        places = self.places()
        if after is not None and after.what == "setting":
            after = Place("decision", self.catalog.setting_decision[after.id])
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
        space, answers = self.space, self.session.answers
        if place.what == "part":
            return {"name": answers.name == "design", "priorities": not answers.priorities.value,
                    "clusters": not answers.clusters, "workloads": not answers.workloads,
                    "externals": not answers.externals}[place.id]
        if place.what == "question":
            scoped = self.catalog.questions[place.id].scope == "cluster"
            kinds = ((self.kind,) if self.kind else space.kind_names) if scoped else (None,)
            return not all(("context", space.scope(kind), place.id) in space.answered for kind in kinds)
        if not space.stands:
            return False
        several = self.catalog.decisions[place.id].many == "several"
        for kind in self.view.kinds(place.id):
            states = space.states(place.id, kind).values()
            if ("choice", space.scope(kind), place.id) not in space.answered and "available" in states and (
                    several or "implied" not in states):
                return True
        return False

    def _end(self) -> None:
        if self.space.stands:
            open_ = [place for place in self.places() if self._open(place) and place.what != "part"]
            self.say(f"\nThat was everything; {len(open_)} are open: l lists them." if open_ else "\nThat was everything.")
        else:
            conflict = self.space.conflict()
            self.say("\nThese answers cannot stand together.")
            self.say(self.words.conflict(conflict) if conflict else "")
        if self.line("r reviews, c completes, e exports, /x goes to x, u undoes, q stops: "):
            self.say(HELP)

    # Commands

    def _list(self, _: str) -> None:
        places = self.places()
        whole.listing(self, places, [place for place in places if self._open(place)])

    def _in(self, rest: str) -> None:
        self.alone = ""
        kinds = {kind.name: kind.clusters for kind in self.space.kinds}
        every = [name for clusters in kinds.values() for name in clusters]
        wanted = [] if rest == "all" else rest.replace(",", " ").split()
        unknown = next((name for name in wanted if name not in every), None)
        if unknown is not None:
            self.say(f"There is no cluster {unknown}. There are: {', '.join(every)}.")
            return
        kind = next((name for name, clusters in kinds.items() if set(clusters) == set(wanted)), None)
        if len(wanted) > 1 and kind is None:
            self.say(f"These differ already, so each is answered alone. Alike are: "
                     f"{'; '.join(', '.join(clusters) for clusters in kinds.values() if len(clusters) > 1) or 'none'}.")
            return
        if wanted and kind is None:
            self.alone = kind = wanted[0]
        self.kind = kind
        told = ", ".join(kinds.get(kind or "", ()) if not self.alone else (f"{self.alone} alone",))
        self.say(f"Answers go to {told or 'all clusters'}.")
        raise Again

    def _skip(self, _: str) -> None:
        raise _Skipped


class _Skipped(Exception):
    """What is asked stays open."""


def _stop(_: str) -> None:
    raise Enough


def _back(_: str) -> None:
    raise Back


def _again(_: str) -> None:
    raise Again


def _goes(place: Place) -> Does:
    def go(_: str) -> None:
        raise Go(place)

    return go


