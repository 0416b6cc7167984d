"""Reasons in sentences: answers, the facts and chains between them and an end, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog.facts import FACTS
from catalog.phrases import clause, listed, plain, sentence
from catalog.reasons import Cause, Change, Conflict, Fact, Link, Reason, Repair, State
from catalog.words_names import Names, RuleWords, bounded

_LEFT = "every other option is ruled out"

STATES: Mapping[State, str] = {"available": "possible", "implied": "follows", "excluded": "ruled out"}


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


class Reasons(Names):
    """Words for reasons and for ways out of them."""

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
                text = f"{self.setting(subject)} {'is' if holds else 'cannot be'} {plain(bounded(value))}"
            case "fact":
                two = subject in FACTS and not FACTS[subject].number
                text = self._named_fact(subject, value if holds or not two else _other(value))
                text = text if holds or two else f"this does not hold: {text}"
            case "asked":
                text = f"“{self.decision(subject)}” {'has to' if holds else 'need not'} be decided"
            case "release":
                text = f"{self.component(subject)} {'is' if holds else 'cannot be'} version {plain(value)}"
        return text + where

    def link(self, link: Link, end: Fact | None = None, *, last: bool = False) -> Step:
        """One step of a chain: the rule's sentence and what follows; with `end` the last step to it, without it the last
        step to a contradiction where `last` says so."""
        rule = self.rule(link.rule)
        then = self.fact(link.then) if link.then is not None else None
        if end is None or link.then == end or self._says(link.then, end):
            follows = then or "these cannot stand together"
            if last and end is None and link.then is not None:
                need = "the design needs this"
                follows = (follows.replace(need, f"{need}, and nothing that is left gives it", 1)
                           if follows.startswith(need) else f"{follows}, and with that these cannot stand together")
        else:
            # The rest is not a rule's word: of several ways all others are closed, or nothing is left that gives it.
            follows = f"{then}{self._leaving(link.then, end)}" if then else self.fact(end)
        text = f"{sentence(rule.because)} So {follows}."
        return Step(text, rule.id, rule.source, rule.checked, overlay=rule.overlay, unverified=rule.unverified)

    def _leaving(self, then: Fact | None, end: Fact) -> str:
        """What the last step leaves, after what it says; a place is not told twice."""
        if end.about != "choice" or not end.holds:
            return f", and with that {self.fact(end)}"
        same = then is not None and then.kind_of_cluster == end.kind_of_cluster
        name = self.option((end.subject, end.value))
        if then is not None and then.about == "choice" and then.subject == end.subject:
            name = self.component(end.value, end.subject)
        return f", which leaves {name}{'' if same else self._in(end.kind_of_cluster)}"

    def _says(self, then: Fact | None, end: Fact) -> bool:
        """Whether a choice already says that another option of its decision is ruled out."""
        if then is None or then.about != "choice" or not then.holds or end.holds:
            return False
        same = (then.subject, then.kind_of_cluster) == (end.subject, end.kind_of_cluster)
        return same and self.catalog.decisions[end.subject].many != "several"

    def line(self, reason: Reason) -> str:
        """The short form, for a greyed option: the answers, then the sentences of the rules between."""
        told = [clause(self.rule(rule).because) for rule in reason.rules]
        if self._is_left(reason):
            told = [_LEFT]
        parts = [self.causes(reason.causes)] if reason.causes else []
        if not parts and not told:
            return "Nothing else is possible."
        return sentence("; ".join([*parts, *dict.fromkeys(told)]))

    def short(self, reason: Reason) -> str:
        """The form for a row with little room: what the rule next to the end says, then the answers."""
        rules = [link.rule for link in reason.chain] or list(reason.rules)
        if not rules:
            return self.line(reason)
        because = sentence(_LEFT if self._is_left(reason) else self.rule(rules[-1]).because)
        return f"{because} {sentence(self.causes(reason.causes))}" if reason.causes else because

    def _is_left(self, reason: Reason) -> bool:
        """Whether an option follows because every one beside it is ruled out, each by a rule of its own: none of these says
        anything of the option itself, and the last of them no more than the others."""
        if reason.option is None or reason.state != "implied" or not reason.chain:
            return False
        then = reason.chain[-1].then
        about = then is not None and not then.holds and then.about in ("choice", "component")
        beside = len(self.catalog.options[reason.option.decision]) - 1
        return about and beside > 1 and len(reason.rules) > 1 and self.catalog.decisions[reason.option.decision].many != "several"

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
            # Rules that only together leave nothing lead to nothing each by itself: that is for the last to say.
            steps = (self._word(self.rule(link.rule)) if link.then is None else self.link(link) for link in before)
            return (*said, *steps, self.link(last, end, last=True))
        return said + tuple(self._word(self.rule(rule)) for rule in reason.rules)

    @staticmethod
    def _word(rule: RuleWords) -> Step:
        return Step(sentence(rule.because), rule.id, rule.source, rule.checked, overlay=rule.overlay, unverified=rule.unverified)

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
        """That nothing leads out of these reasons without touching a pinned answer: one that they name where they do."""
        told = tuple(reasons)
        if not any(reason.causes for reason in told):
            return "No change of the answers would help: the catalog rules it out by itself."
        part = {cause.subject for reason in told for cause in reason.causes}
        part |= {reason.option.decision for reason in told if reason.option is not None}
        every = tuple(pinned)
        kept = listed([self.decision(entry) for entry in every if entry in part] or [self.decision(entry) for entry in every])
        return f"Every way out changes a pinned answer ({kept})." if kept else "No change of a few answers would help."

    def acceptable(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        """Which rules of these reasons are risks that somebody may accept, and how that is said."""
        rules = dict.fromkeys(rule.id for reason in reasons for rule in reason.rules)
        return tuple(f"Or accept the risk, if it is yours to accept: an entry under `waivers` with the rule {id_}, a reason, an "
                     "owner and until when." for id_ in rules if self.rule(id_).waivable)

    def conflict(self, conflict: Conflict) -> str:
        """A conflict as text: the chain, then the numbered ways out, and which risk could be accepted instead."""
        lines = [self.full(conflict.reason)]
        if conflict.repairs:
            lines += ["Ways out:", *(f"  {n}. {text}" for n, text in enumerate(self.repairs(conflict.repairs), 1))]
        return "\n".join([*lines, *self.acceptable([conflict.reason])])


def _other(value: str) -> str:
    """The truth value that a value is not."""
    return "false" if value in ("true", "True", "yes") else "true"
