"""The only wording of reasons: values of `catalog/reasons.py` become sentences for screens, text, JSON and records.

Owns every phrase about answers, rules, states, ways out, margins and warnings. Decides nothing: what is true comes in
as a value, and the same value always gives the same words. Sentences are plain text in one line; whoever prints them
escapes them for the place (Markdown, HTML, a terminal).

    words = Words(catalog)
    words.line(reason)        "You chose GKE Autopilot for “Kubernetes”; Rook builds Ceph from raw devices."
    words.steps(reason)       the whole chain, a sentence and a source each
    words.repair(repair)      "Choose GKE Standard for “Kubernetes” instead of GKE Autopilot."
    words.margin(d, c, m)     "Loki: less to operate than Elasticsearch (3 against 1): one binary and a bucket."
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog import implicit
from catalog.catalog import Catalog
from catalog.conditions import Bound, Condition, Scalar
from catalog.design import OptionState, Warning_
from catalog.facts import FACTS
from catalog.layers import NONE
from catalog.phrases import clause, listed, plain, sentence
from catalog.reasons import Cause, Change, Conflict, Fact, Link, Margin, Option, Reason, Repair, RuleRef, State
from catalog.rules import Priority

__all__ = ["COMPARED", "ORIGINS", "PRIORITY_TITLES", "STATES", "RuleWords", "Step", "Words", "as_read", "clause", "listed",
           "plain", "sentence"]

STATES: Mapping[State, str] = {"available": "possible", "implied": "follows", "excluded": "ruled out"}

ORIGINS: Mapping[str, str] = {
    "answered": "answered", "implied": "follows from the answers", "assumed": "assumed", "recommended": "recommended",
    "default": "default",
}

COMPARED: Mapping[Priority, str] = {
    "operations": "less to operate than",
    "cost": "cheaper than",
    "availability": "better for availability than",
    "lock-in": "easier to leave than",
    "maturity": "more mature than",
    "performance": "faster than",
    "simplicity": "simpler than",
}
"""How a better score on a priority is said of two components."""

PRIORITY_TITLES: Mapping[Priority, str] = {
    "operations": "operational effort", "cost": "cost", "availability": "availability", "lock-in": "freedom to leave",
    "maturity": "maturity", "performance": "performance", "simplicity": "simplicity",
}

def as_read(checked: date | None, unverified: str = "") -> str:
    """What stands behind an address: the day on which it was read, or that nobody could confirm it there."""
    if unverified:
        return " (unverified)"
    return f" (read {checked})" if checked else ""


@dataclass(frozen=True)
class RuleWords:
    """A rule as it is told: its sentence and where that was read. `source` is empty where the tool itself says so."""

    id: str
    because: str
    source: str = ""
    checked: date | None = None
    waivable: bool = False
    overlay: str = ""
    """File and line of the overlay that says it; empty for what the built-in catalog says."""
    unverified: str = ""
    """Why nobody could confirm it at its source."""


@dataclass(frozen=True)
class Step:
    """One line of a full chain: what was said, or what follows and why."""

    text: str
    rule: str = ""
    source: str = ""
    checked: date | None = None
    origin: str = ""
    """Where an answer was given: file:line, `wizard` or a flag."""
    overlay: str = ""
    """File and line of the overlay that says the rule."""
    unverified: str = ""
    """Why nobody could confirm the rule at its source."""


class Words:
    """Words for reasons over one catalog.

    kinds: kind of cluster to its clusters. Places are named only where there are several kinds; without `kinds` they
    are named unless the only cluster is the implicit one.
    """

    def __init__(self, catalog: Catalog, kinds: Mapping[str, Sequence[str]] | None = None) -> None:
        self.catalog = catalog
        self.kinds = kinds

    # Names

    def option(self, option: Option | tuple[str, str], *, place: bool = True) -> str:
        """`Istio for “Service mesh”`, with the clusters where that is not all of them."""
        decision, component = option[0], option[1]
        kind = option.kind if isinstance(option, Option) and place else None
        return f"{self.component(component, decision)} for “{self.decision(decision)}”{self._in(kind)}"

    def component(self, component: str, decision: str | None = None) -> str:
        """The name of a component (in its role); `none` by its title where that says more than None."""
        if component == NONE:
            known = self.catalog.decisions.get(decision or "")
            title = known.none.title if known and known.none else "None"
            return "none" if title == "None" else title
        found = self.catalog.components.get(component)
        if found is None:
            return plain(component)
        return found.role_title(decision) if decision else found.title

    def decision(self, decision: str) -> str:
        """The title of a decision."""
        found = self.catalog.decisions.get(decision)
        return found.title if found else plain(decision)

    def value(self, question: str, value: str) -> str:
        """The words of an answer to a context question."""
        found = self.catalog.questions.get(question)
        titles = {entry.id: entry.title for entry in found.values} if found else {}
        return titles.get(value, plain(value))

    def setting(self, setting: str) -> str:
        """The title of a setting with its key."""
        found = self.catalog.settings.get(setting)
        return f"{found.title} ({setting})" if found else plain(setting)

    def capability(self, capability: str) -> str:
        """What a capability means, as a clause."""
        found = self.catalog.capabilities.get(capability)
        return clause(found.means) if found else plain(capability)

    def rule(self, rule: RuleRef | str) -> RuleWords:
        """A rule's sentence and source, implicit rules (lifecycle, clouds, releases) included."""
        id_ = rule.id if isinstance(rule, RuleRef) else rule
        placed = self.catalog.rules.get(id_)
        if placed is not None:
            found = placed.rule
            return RuleWords(id_, sentence(found.because), found.source, found.checked, found.waivable,
                             self.catalog.overlaid(f"rule:{id_}"), found.unverified or "")
        made = implicit.rule(self.catalog, id_)
        if made is not None:
            return RuleWords(id_, sentence(made.because), made.source, made.checked, made.waivable,
                             unverified=made.unverified)
        return RuleWords(id_, f"The rule {plain(id_)} says so.")

    def place(self, kind: str | None) -> str:
        """` in prod and dev`, where that is not everywhere; else nothing."""
        return self._in(kind)

    def _in(self, kind: str | None) -> str:
        if kind is None or (self.kinds is None and kind == "main") or (self.kinds is not None and len(self.kinds) < 2):
            return ""
        names = [plain(name) for name in (self.kinds or {}).get(kind, ())] or [plain(kind)]
        more = len(names) - 3
        return f" in {listed(names)}" if more <= 1 else f" in {', '.join(names[:3])} and {more} more"

    # Answers

    def cause(self, cause: Cause) -> str:
        """One answer as a clause that starts with `you` (or with what was assumed)."""
        where = self._in(cause.kind_of_cluster)
        subject, value = cause.subject, cause.value
        match cause.kind:
            case "choice":
                return f"you chose {self.option((subject, value))}{where}"
            case "reject":
                return f"you rejected {self.option((subject, value))}{where}"
            case "context" | "cluster":
                return f"you answered “{self.value(subject, value)}” to “{self._question(subject)}”{where}"
            case "setting":
                return f"you set {self.setting(subject)} to {plain(value)}{where}"
            case "version":
                return f"you fixed the version of {self.component(subject)} at {plain(value)}{where}"
            case "fact":
                return f"in your design {self._named_fact(subject, value)}{where}"
            case "asked":
                return f"“{self.decision(subject)}” has to be decided{where}"
            case "waiver":
                return f"you accepted the risk of the rule {plain(subject)}{where}"
            case "assumption":
                if subject in self.catalog.questions:
                    return f"“{self.value(subject, value)}” is assumed for “{self._question(subject)}”{where}"
                if subject in FACTS:
                    return f"it is assumed that {self._named_fact(subject, value)}{where}"
                if subject in self.catalog.decisions:
                    return f"{self.component(value, subject)} is recommended for “{self.decision(subject)}”{where}"
                return f"it is assumed that {self.setting(subject)} is {plain(value)}{where}"

    def causes(self, causes: Sequence[Cause]) -> str:
        """Several answers as one clause: `you chose A for “D” and B for “E”, and answered ...`."""
        parts: list[str] = []
        verbs = ("you chose ", "you answered ", "you set ", "you rejected ")
        last = ""
        for text in self._merged(causes):
            verb = next((entry for entry in verbs if text.startswith(entry)), "")
            parts.append(text[len(verb):] if verb and verb == last else text.removeprefix("you ") if last else text)
            last = verb or last
        return listed(parts)

    def _merged(self, causes: Sequence[Cause]) -> list[str]:
        """Each cause as a clause; the same answer in several kinds of clusters is told once, with all the places."""
        same: dict[tuple[str, str, str], list[Cause]] = {}
        for cause in causes:
            same.setdefault((cause.kind, cause.subject, cause.value), []).append(cause)
        found = []
        for told in same.values():
            if len(told) == 1:
                found.append(self.cause(told[0]))
                continue
            text = self.cause(replace(told[0], kind_of_cluster=None))
            kinds = [cause.kind_of_cluster for cause in told if cause.kind_of_cluster is not None]
            everywhere = self.kinds is not None and set(kinds) >= set(self.kinds)
            places = [place.removeprefix(" in ") for kind in kinds if (place := self._in(kind))]
            found.append(text if everywhere or not places else f"{text} in {listed(places)}")
        return found

    def _question(self, question: str) -> str:
        found = self.catalog.questions.get(question)
        return found.title if found else plain(question)

    def _named_fact(self, name: str, value: str) -> str:
        found = FACTS.get(name)
        means = clause(found.means) if found else plain(name)
        if found is not None and found.number:
            return f"{means} is {plain(_bound(value))}"
        if value in ("false", "False", "no"):
            return found.denied if found and found.denied else f"this does not hold: {means}"
        return means

    # Facts and chains

    def fact(self, fact: Fact) -> str:
        """A literal of a chain as a clause."""
        where, subject, value, holds = self._in(fact.kind_of_cluster), fact.subject, fact.value, fact.holds
        match fact.about:
            case "choice":
                name = self.option((subject, value))
                text = f"it has to be {name}" if holds else f"{name} is ruled out"
            case "component":
                name = self.component(subject or value)
                text = f"{name} is part of the design" if holds else f"{name} cannot be part of the design"
            case "capability":
                means = self.capability(subject or value)
                text = f"the design needs this: {means}" if holds else f"nothing in the design may do this: {means}"
            case "context":
                answer = f"the answer to “{self._question(subject)}”"
                text = f"{answer} {'is' if holds else 'cannot be'} “{self.value(subject, value)}”"
            case "setting":
                text = f"{self.setting(subject)} {'is' if holds else 'cannot be'} {plain(_bound(value))}"
            case "fact":
                two = subject in FACTS and not FACTS[subject].number
                text = self._named_fact(subject, value if holds or not two else _other(value))
                text = text if holds or two else f"this does not hold: {text}"
            case "asked":
                text = f"“{self.decision(subject)}” {'has to' if holds else 'need not'} be decided"
            case "release":
                text = f"{self.component(subject)} {'is' if holds else 'cannot be'} version {plain(value)}"
        return text + where

    def link(self, link: Link, end: Fact | None = None) -> Step:
        """One step of a chain: the rule's sentence and what follows; with `end`, the last step to it."""
        rule = self.rule(link.rule)
        then = self.fact(link.then) if link.then is not None else None
        if end is None or link.then == end or self._says(link.then, end):
            follows = then or "these cannot stand together"
        else:
            # The rest is not a rule's word: of several ways all others are closed, or nothing is left that gives it.
            follows = f"{then}, and with that {self.fact(end)}" if then else self.fact(end)
        text = f"{sentence(rule.because)} So {follows}."
        return Step(text, rule.id, rule.source, rule.checked, overlay=rule.overlay, unverified=rule.unverified)

    def _says(self, then: Fact | None, end: Fact) -> bool:
        """Whether a choice already says that another option of its decision is ruled out."""
        if then is None or then.about != "choice" or not then.holds or end.holds:
            return False
        same = (then.subject, then.kind_of_cluster) == (end.subject, end.kind_of_cluster)
        return same and self.catalog.decisions[end.subject].many != "several"

    def line(self, reason: Reason) -> str:
        """The short form, for a greyed option: the answers, then the sentences of the rules between."""
        told = [clause(self.rule(rule).because) for rule in reason.rules]
        parts = [self.causes(reason.causes)] if reason.causes else []
        if not parts and not told:
            return "Nothing else is possible."
        return sentence("; ".join([*parts, *dict.fromkeys(told)]))

    def head(self, reason: Reason) -> str:
        """What the reason is about: `Rook for “Storage operator” is ruled out.`"""
        if reason.option is None:
            return "These answers cannot stand together."
        name = self.option(reason.option)
        verb = "" if reason.state == "implied" else "is "
        return f"{sentence(name)[:-1]} {verb}{STATES[reason.state]}."

    def steps(self, reason: Reason) -> tuple[Step, ...]:
        """The whole chain, from what was said to the end; each rule with its source."""
        said = tuple(Step(sentence(self.cause(cause)), origin=plain(cause.origin)) for cause in reason.causes)
        if reason.chain:
            end = None
            if reason.option is not None:
                decision, component, kind = reason.option
                end = Fact(reason.state == "implied", "choice", decision, component, kind)
            *before, last = reason.chain
            return (*said, *map(self.link, before), self.link(last, end))
        rules = tuple(map(self.rule, reason.rules))
        return said + tuple(Step(rule.because, rule.id, rule.source, rule.checked, overlay=rule.overlay,
                                 unverified=rule.unverified) for rule in rules)

    def full(self, reason: Reason) -> str:
        """The chain as text: a head line, then a numbered line a step, with origin or source."""
        lines = [self.head(reason)]
        for number, step in enumerate(self.steps(reason), 1):
            marked = f"{step.source}, unverified" if step.unverified else step.source
            place = "; ".join(filter(None, (step.origin or marked, step.overlay)))
            lines.append(f"  {number}. {step.text}{f' [{place}]' if place else ''}")
        return "\n".join(lines)

    # Ways out

    def change(self, change: Change) -> str:
        """One change as an imperative clause; a cause without a value is an answer to be added."""
        cause, to = change.cause, change.to
        subject, where = cause.subject, self._in(cause.kind_of_cluster)
        match cause.kind:
            case "choice":
                if to is None:
                    return f"drop the choice of {self.option((subject, cause.value))}{where}"
                new = self.option((subject, to))
                instead = f" instead of {self.component(cause.value, subject)}" if cause.value else ""
                return f"choose {new}{where}{instead}"
            case "reject":
                name = self.option((subject, cause.value))
                return f"allow {name} again{where}" if to is None else f"reject {self.option((subject, to))}{where}"
            case "context" | "cluster" | "assumption":
                question = f"“{self._question(subject)}”"
                if to is None:
                    return f"take back the answer “{self.value(subject, cause.value)}” to {question}{where}"
                instead = f" instead of “{self.value(subject, cause.value)}”" if cause.value else ""
                return f"answer “{self.value(subject, to)}” to {question}{where}{instead}"
            case "setting":
                if to is None:
                    return f"leave {self.setting(subject)} at its default instead of {plain(cause.value)}{where}"
                was = f" (now {plain(cause.value)})" if cause.value else ""
                return f"set {self.setting(subject)} to {plain(to)}{where}{was}"
            case "version":
                name = self.component(subject)
                return f"let {name} have another version{where}" if to is None else f"fix {name} at {plain(to)}{where}"
            case "fact":
                said = self._named_fact(subject, cause.value if to is None else to)
                if to is None:
                    return f"change the clusters or workloads: now {said}{where}"
                return f"change the clusters or workloads so that {said}{where}"
            case "asked":
                return f"let “{self.decision(subject)}” be without an answer{where}"
            case "waiver":
                return f"accept the risk of the rule {plain(subject)} with a waiver{where}"

    def repair(self, repair: Repair) -> str:
        """A way out as one sentence."""
        return sentence("; ".join(map(self.change, repair.changes)) or "nothing has to change")

    def repairs(self, repairs: Iterable[Repair]) -> tuple[str, ...]:
        """Every way out, best first."""
        return tuple(map(self.repair, repairs))

    def no_way(self, reasons: Iterable[Reason], pinned: Iterable[str]) -> str:
        """That nothing leads out of these reasons without touching a pinned answer."""
        if not any(reason.causes for reason in reasons):
            return "No change of the answers would help: the catalog rules it out by itself."
        kept = listed([self.decision(entry) for entry in pinned])
        return f"Every way out changes a pinned answer ({kept})." if kept else "No change of a few answers would help."

    def conflict(self, conflict: Conflict) -> str:
        """A conflict as text: the chain, then the numbered ways out."""
        lines = [self.full(conflict.reason)]
        if conflict.repairs:
            lines += ["Ways out:", *(f"  {n}. {text}" for n, text in enumerate(self.repairs(conflict.repairs), 1))]
        return "\n".join(lines)

    # Recommendations, states, warnings

    def margin(self, decision: str, component: str, margin: Margin) -> str:
        """Why a recommended component won over the runner-up: a sentence that starts with its name."""
        name = self.component(component, decision) if component != NONE else self.component(NONE, decision).capitalize()
        told = self.won(decision, margin)
        text = f"{name}: {told.removeprefix('it is ')}" if margin.level in COMPARED else f"{name} {told.removeprefix('it ')}"
        if margin.level == "forced":
            text = f"{name}, because {told}"
        return text if text.endswith(".") else text + "."

    def won(self, decision: str, margin: Margin) -> str:
        """The same as a clause about `it`: `it is less to operate than Elasticsearch (3 against 1): ...`."""
        other = self.component(margin.runner_up, decision) if margin.runner_up else "the others"
        because = f": {clause(margin.because)}" if margin.because else ""
        match margin.level:
            case "only":
                return f"it is the only option left{because}"
            case "forced":
                why = clause(self.line(margin.reason)) if margin.reason else ""
                if margin.runner_up is None or (margin.reason is not None and margin.reason.state == "implied"):
                    return f"the rest of the design asks for it{': ' * bool(why)}{why or because}"
                return f"{other}, which alone would rate better, does not fit the rest{': ' * bool(why)}{why or because}"
            case "support" if self._kept_up(margin.runner_up):
                return f"it fits with a release that is supported and {other} does not{because}"
            case "support":
                return f"it is supported and {other} is not{because}"
            case "recommended":
                return f"it is recommended here{because}"
            case "goes-with":
                beside = f" better than {other}" if margin.runner_up else ""
                return f"it goes{beside} with what else is chosen{because}"
            case "fewer":
                return f"it keeps the number of parts smaller than {other}{because}"
            case "order":
                if margin.runner_up is None:
                    return f"it is what the catalog lists first{because}"
                return f"it equals {other} in everything compared and comes first in the catalog{because}"
            case level:
                compared = next((words for key, words in COMPARED.items() if key == level), f"better on {level} than")
                scores = "" if margin.score is None or margin.runner_up_score is None else (
                    f" ({margin.score} against {margin.runner_up_score})"
                )
                return f"it is {compared} {other}{scores}{because}"

    def _kept_up(self, component: str | None) -> bool:
        found = self.catalog.components.get(component or "")
        return found is not None and found.status(self.catalog.as_of) == "active"

    def state(self, decision: str, state: OptionState) -> str:
        """One considered option in a line: `Rook: ruled out. You chose ...`."""
        head = f"{self.component(state.component, decision)}: {STATES[state.state]}."
        return f"{head} {self.line(state.reason)}" if state.reason is not None and state.state != "available" else head

    def warning(self, warning: Warning_) -> str:
        """A warning as one sentence, with the component and clusters it is about."""
        place = self._in(warning.kind)
        name = self.component(warning.component) if warning.component else ""
        because = self.rule(warning.rule).because
        about = sentence(f"{name}{place}".strip())[:-1]
        return f"{about}: {because}" if about else because

    def condition(self, condition: Condition) -> str:
        """A literal of a rule as a clause (`metrics.retention is at most 30d`), for `catalog show`."""
        atom, holds = condition.atom, condition.positive
        if atom.context is not None:
            (question, wanted), = atom.context.items()
            text = f"“{self._question(question)}” is {self._wanted(wanted, question)}"
        elif atom.chosen is not None:
            (decision, ids), = atom.chosen.items()
            names = [self.component(entry, decision) for entry in ((ids,) if isinstance(ids, str) else ids)]
            text = f"{listed(names, 'or')} is chosen for “{self.decision(decision)}”"
        elif atom.component is not None:
            text = f"{self.component(atom.component)} is part of the design"
        elif atom.capability is not None:
            text = self.capability(atom.capability)
        elif atom.setting is not None:
            (setting, bound), = atom.setting.items()
            text = f"{self.setting(setting)} is {self._wanted(bound)}"
        elif isinstance(atom.fact, str):
            text = self._named_fact(atom.fact, "true")
        else:
            (name, bound), = (atom.fact or {}).items()
            text = f"{clause(FACTS[name].means) if name in FACTS else name} is {self._wanted(bound)}"
        return text if holds else f"not: {text}"

    def _wanted(self, wanted: Scalar | tuple[Scalar, ...] | Bound, question: str = "") -> str:
        def said(value: Scalar) -> str:
            return f"“{self.value(question, _text(value))}”" if question else _text(value)

        if isinstance(wanted, Bound):
            if wanted.at_least is not None:
                return f"at least {said(wanted.at_least)}"
            return f"at most {said(wanted.at_most)}" if wanted.at_most is not None else said(wanted.equals or False)
        return listed([said(value) for value in wanted], "or") if isinstance(wanted, tuple) else said(wanted)


def _text(value: Scalar) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _other(value: str) -> str:
    """The truth value that a value is not."""
    return "false" if value in ("true", "True", "yes") else "true"


def _bound(value: str) -> str:
    """`at-least 3`, `at-least:3` and `>=3` as words; anything else unchanged."""
    for mark, words in (("at-least", "at least"), ("at-most", "at most"), (">=", "at least"), ("<=", "at most")):
        if value.startswith(mark):
            return f"{words} {value[len(mark):].lstrip(' :=')}"
    return value
