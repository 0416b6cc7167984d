"""What there is to tell about a decision: drivers, options, why, what follows. Words come from `Words` alone.

One `Story` a resolved decision; `madr.py` lays it out. Where several kinds of clusters chose alike they share a story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from catalog.components import Component
from catalog.conditions import Bound, Condition
from catalog.design import Design, OptionState, Resolved, Value
from catalog.layers import NONE, Absence
from catalog.reasons import Cause, Margin, Reason
from catalog.rules import Recommendation, Rule
from catalog.words import ORIGINS, PRIORITY_TITLES, RuleWords, Step, Words, clause, listed
from exporters.records.text import code, md, prose, said, source

_CHAIN = 4
"""A longer chain that only rules out the other options is told where they are told."""

ABOVE = "ruled out as told above."
"""Said of an option that the chain of the outcome itself rules out."""

CLUSTER_CAUSES = ("context", "cluster", "assumption")


class Driver(NamedTuple):
    """What bore on a decision, as Markdown: a question, its answer and why it is asked; or one sentence."""

    about: str
    answer: str = ""
    why: str = ""


def told(drivers: Iterable[Driver]) -> list[str]:
    """Drivers as lines; a question that kinds of clusters answer differently is told once."""
    answers: dict[tuple[str, str], list[str]] = {}
    for driver in drivers:
        known = answers.setdefault((driver.about, driver.why), [])
        if driver.answer and driver.answer not in known:
            known.append(driver.answer)
    return [f"{about} {listed(given)}. {why}" if given else about for (about, why), given in answers.items()]


@dataclass(frozen=True)
class Story:
    """A decision as one or several kinds of clusters made it."""

    design: Design
    words: Words
    entry: Resolved
    kinds: tuple[str, ...]
    """Kinds that chose alike; empty for the whole design."""

    # Names

    @property
    def title(self) -> str:
        return self.words.decision(self.entry.decision)

    @property
    def chosen(self) -> str:
        """The chosen options as plain text."""
        return listed([self.name(component) for component in self.entry.chosen])

    def name(self, component: str) -> str:
        """An option's name; deliberately none is said in words."""
        name = self.words.component(component, self.entry.decision)
        return "none" if component == NONE and name == "none" else name

    @property
    def clusters(self) -> str:
        """`prod and prod-2`, or nothing where all clusters chose alike."""
        if not self.kinds or len(self.kinds) == len(self.design.kinds):
            return ""
        names = [cluster for kind in self.design.kinds if kind.name in self.kinds for cluster in kind.clusters]
        return listed(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"])

    def about(self, component: str) -> Component | Absence:
        """The data behind an option."""
        if component == NONE:
            return self.design.catalog.absence(self.entry.decision)
        return self.design.catalog.components[component]

    def summary(self, component: str) -> str:
        """What an option is, in its role."""
        found = self.about(component)
        if isinstance(found, Component):
            role = found.roles.get(self.entry.decision)
            return role.summary if role and role.summary else found.summary
        return found.summary

    @property
    def components(self) -> tuple[Component, ...]:
        return tuple(self.design.catalog.components[component] for component in self.entry.components)

    # Drivers

    def drivers(self) -> list[Driver]:
        """The answers that bore on it, each with where it came from, then settings that others gave."""
        found: dict[tuple[str, str], Driver] = {}
        for cause in self.causes():
            if cause.kind in CLUSTER_CAUSES and cause.subject in self.design.catalog.questions:
                self._question(cause.subject, found)
            elif (cause.kind, cause.subject) != ("choice", self.entry.decision):
                found.setdefault((cause.kind, f"{cause.subject}={cause.value}"), Driver(said(self.words.cause(cause))))
        for component in self.entry.chosen:
            for question in self.asked_by(component):
                self._question(question, found)
        return list(found.values())

    def _question(self, question: str, found: dict[tuple[str, str], Driver]) -> None:
        known = self.design.catalog.questions[question]
        given: dict[str, list[str]] = {}
        for kind in self.design.kinds:
            value = self.context(question, kind.name)
            if value is None:
                continue
            values = value.value if isinstance(value.value, tuple) else (str(value.value),)
            answer = listed([f"**{md(self.words.value(question, str(entry)))}**" for entry in values])
            if value.origin != "answered":
                answer += f" ({ORIGINS[value.origin]})"
            if not self.kinds or kind.name in self.kinds:
                given.setdefault(answer, [])
            if answer in given:
                given[answer] += kind.clusters
        every = sum(len(kind.clusters) for kind in self.design.kinds)
        for answer, clusters in given.items():
            names = clusters if len(clusters) <= 4 else [*clusters[:3], f"{len(clusters) - 3} more"]
            place = f" ({md(listed(names))})" if len(clusters) < every else ""
            found["question", f"{question}={answer}"] = Driver(md(known.title), f"{answer}{place}", said(known.why))

    def context(self, question: str, kind: str) -> Value | None:
        """The answer to a question in a kind of cluster."""
        groups = [entry.context for entry in self.design.kinds if entry.name == kind]
        return next((group[question] for group in (*groups, self.design.context) if question in group), None)

    def causes(self) -> Iterator[Cause]:
        """The answers that its reasons name."""
        for reason in self._reasons():
            yield from reason.causes

    def _reasons(self) -> Iterator[Reason]:
        if self.entry.reason:
            yield self.entry.reason
        for _, margin in self.entry.margins:
            if margin.reason:
                yield margin.reason

    def weighed(self) -> bool:
        """Whether priorities decided."""
        return any(margin.level in PRIORITY_TITLES for component, margin in self.entry.margins
                   if component in self.entry.chosen) and self.entry.origin != "answered"

    def recommendations(self, component: str) -> Sequence[Recommendation]:
        """When the catalog recommends an option in its role."""
        found = self.about(component)
        return (found.roles[self.entry.decision] if isinstance(found, Component) else found).recommended_when

    def asked_by(self, component: str) -> Iterator[str]:
        """The questions of the use case that an option's recommendations and rules look at."""
        for condition in context_of(self.recommendations(component), self._rules(component)):
            yield from condition.atom.context or ()

    def _rules(self, component: str) -> Sequence[Rule]:
        return [rule for rule in self.about(component).rules if rule.as_ in (None, self.entry.decision)]

    # Options and outcome

    @property
    def options(self) -> tuple[OptionState, ...]:
        """All considered options, the chosen ones first."""
        return tuple(sorted(self.entry.options, key=lambda option: option.component not in self.entry.chosen))

    def why(self) -> tuple[str, list[str]]:
        """The sentence that follows `because`, and the steps of a chain where there is one (Markdown)."""
        entry = self.entry
        if entry.reason is not None:
            others = [option for option in self.options if option.component not in entry.chosen]
            steps = self.steps(entry.reason)
            if len(steps) > _CHAIN and all(option.state == "excluded" for option in others):
                return "the answers rule out every other option, each for the reason told below", []
            return "the answers leave nothing else", steps
        told = [(component, margin) for component, margin in entry.margins if component in entry.chosen]
        if entry.origin == "answered":
            fitting = self.recommended()
            if fitting or len(told) != 1:
                return f"it was asked for{f'; the use case leads there too: {fitting}' if fitting else ''}", []
            won = told[0][1]
            if won.level == "recommended" and won.because:
                return f"it was asked for; with the other answers the use case leads there too: {prose(clause(won.because))}", []
            return f"it was asked for; beside the other answers {prose(self.words.won(entry.decision, won))}", []
        if not told:
            return {"assumed": "it was assumed", "implied": "it follows from the other choices"}.get(
                entry.origin, "it is the best of what is possible"), []
        if len(told) == 1:
            margin = told[0][1]
            if margin.level == "recommended" and margin.because:  # a record says why, not who says so
                return prose(clause(margin.because)), []
            return prose(self.words.won(entry.decision, margin)), []
        return "together they fit best", [self.margin(component, margin) for component, margin in told]

    def recommended(self) -> str:
        """Why the use case itself recommends what was chosen, as a clause; empty where it does not, or where that
        hangs on more than the use case."""
        for component in self.entry.chosen:
            for entry in self.recommendations(component):
                if self.fits(entry):
                    return prose(clause(entry.because).rstrip("."))
        return ""

    def fits(self, entry: Recommendation) -> bool:
        """Whether the use case gives all that a recommendation asks for, and it asks for nothing else."""
        return all(self._holds(condition) for condition in entry.when)

    def _holds(self, condition: Condition) -> bool:
        kind = self.kinds[0] if self.kinds else self.entry.kind or ""
        for question, wanted in (condition.atom.context or {}).items():
            value = self.context(question, kind)
            if value is None or isinstance(wanted, Bound):
                return False
            given = {str(entry) for entry in (value.value if isinstance(value.value, tuple) else (value.value,))}
            any_of = {str(entry) for entry in (wanted if isinstance(wanted, tuple) else (wanted,))}
            return bool(given & any_of) == condition.positive
        return False

    def margin(self, component: str, margin: Margin) -> str:
        """Why an option won, as Markdown."""
        return prose(self.words.margin(self.entry.decision, component, margin))

    def steps(self, reason: Reason) -> list[str]:
        """A chain, each rule with its source."""
        found = []
        own = f" for “{self.words.decision(self.entry.decision)}”"  # the record is about nothing else
        for step in self.words.steps(reason):
            place = f" ({code(step.origin)})" if step.origin and ":" in step.origin else ""
            found.append(prose(step.text.replace(own, "")) + place + cited(step))
        return found

    def ruled_out(self) -> list[tuple[str, list[tuple[OptionState, str]]]]:
        """Options that the answers rule out, grouped by those answers: the answers as a clause (empty where none was
        needed), then each option with the rules that stand between, as Markdown."""
        found: dict[tuple[Cause, ...], list[tuple[OptionState, str]]] = {}
        above = self.entry.reason if self.why()[1] else None
        for option in self.options:
            if option.state == "excluded" and option.component not in self.entry.chosen:
                reason = option.reason
                if above is not None and reason is not None and reason.causes == above.causes \
                        and set(reason.rules) <= {*above.rules, *(link.rule for link in above.chain)}:
                    found.setdefault((), []).append((option, ABOVE))
                    continue
                rules = [self.words.rule(rule) for rule in (reason.rules if reason else ())]
                told = " ".join(dict.fromkeys(said(rule.because) for rule in rules))
                text = f"{told}{cited(*rules)}" if told else told
                found.setdefault(reason.causes if reason else (), []).append((option, text))
        return [(self.words.causes(causes) if causes else "", options) for causes, options in found.items()]

    def possible(self) -> list[tuple[OptionState, str]]:
        """Options that were possible and not taken, each with what speaks against it, as Markdown."""
        found = []
        for option in self.options:
            if option.state == "excluded" or option.component in self.entry.chosen:
                continue
            lost = any(margin.runner_up == option.component for _, margin in self.entry.margins)
            told = " ".join(said(text) for text in self.about(option.component).bad_at) or said(
                self.summary(option.component))
            found.append((option, f"the runner-up. {told}" if lost else told))
        return found

    def consequences(self, several: bool = False) -> list[str]:
        """What is good and bad about what was chosen; MADR's words. `several` where others are told beside it."""
        found = []
        several = several or len(self.entry.chosen) > 1
        for component in self.entry.chosen:
            about, label = self.about(component), f" ({md(self.name(component))})" if several else ""
            found += [f"Good{label}: {said(text)}" for text in about.good_at]
            found += [f"Bad{label}: {said(text)}" for text in about.bad_at]
        for warning in self.design.warnings:
            if warning.component in self.entry.components and warning.kind in (None, *self.kinds):
                found.append(f"Warned: {prose(self.words.rule(warning.rule).because)}")
        return list(dict.fromkeys(found))

    def taken_back(self) -> list[str]:
        """What taking back something reversible comes to, without saying that it can be taken back."""
        several = len(self.components) > 1
        return [f"Taking it back{f' ({md(self.name(component.id))})' if several else ''}: {said(component.undo.because)}"
                for component in self.components]

    def undo(self) -> list[str]:
        """How hard it is to take back."""
        words = {
            "reversible": "{} can be replaced in a running cluster.", "rebuild": "Replacing {} means rebuilding the cluster.",
            "never": "The choice of {} cannot be undone.",
        }
        return [
            f"{words[component.undo.how].format(md(self.name(component.id)))} {said(component.undo.because)}"
            for component in self.components
        ]

    def settings(self) -> list[str]:
        """Settings under the decision, with values."""
        found = []
        chosen = set(self.entry.components)
        for setting in self.design.catalog.decisions[self.entry.decision].settings:
            if not (chosen & set(setting.only_for) if setting.only_for else chosen):
                continue
            for kind in self.kinds or (None,):
                groups = [entry.settings for entry in self.design.kinds if entry.name == kind]
                groups.append(self.design.settings)
                value = next((group[setting.id] for group in groups if setting.id in group), None)
                if value is not None:
                    shown = ", ".join(map(str, value.value)) if isinstance(value.value, tuple) else _plain(value.value)
                    found.append(f"{md(setting.title)} ({code(setting.id)}): {code(shown)}")
        return list(dict.fromkeys(found))

    def sources(self) -> list[str]:
        """Pages to read on."""
        return list(dict.fromkeys(
            source(component.documentation, f"{md(component.title)}: documentation")
            + (" (unverified)" if component.unverified else "") for component in self.components
        ))


def stories(design: Design, words: Words, entries: Sequence[Resolved]) -> tuple[Story, ...]:
    """One story a decision and choice; kinds of clusters that chose alike share one."""
    found: dict[tuple[str, tuple[str, ...]], Story] = {}
    for entry in entries:
        key = (entry.decision, entry.chosen)
        kinds = (entry.kind,) if entry.kind else ()
        if key in found:
            found[key] = replace(found[key], kinds=(*found[key].kinds, *kinds))
        else:
            found[key] = Story(design, words, entry, kinds)
    return tuple(found.values())


def cited(*told: RuleWords | Step) -> str:
    """The sources of rules in brackets, with the overlays that say them; nothing where there is none.

    What nobody could confirm is marked in one word beside its source: why is told by `catalog sources --unverified`.
    """
    places = [place for each in told for place in (
        source(each.source) + (" unverified" if each.unverified else "") if each.source else "",
        code(each.overlay) if each.overlay else "") if place]
    return f" ({', '.join(dict.fromkeys(places))})" if places else ""


def words_of(design: Design) -> Words:
    """Words that name clusters where there are several kinds."""
    return Words(design.catalog, {kind.name: kind.clusters for kind in design.kinds})


def context_of(recommendations: Sequence[Recommendation], rules: Sequence[Rule]) -> Iterator[Condition]:
    for conditions in (*(entry.when for entry in recommendations), *(rule.when for rule in rules)):
        yield from (condition for condition in conditions if condition.atom.context)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def priorities(design: Design) -> str:
    """The three priorities that weigh most, in order."""
    return listed([PRIORITY_TITLES[priority] for priority in design.priorities[:3]])

