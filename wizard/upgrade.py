"""The way to another Kubernetes minor: hops of one minor, and which component moves before and after each.

The engine judges every state on the way: the design's own choices stay, the minor of each kind of cluster and the
release of each component are stated, and the answers must be able to stand. Nothing is carried out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from catalog import implicit
from catalog.catalog import Catalog
from catalog.components import Component
from catalog.design import Design
from catalog.errors import UsageError
from catalog.phrases import listed
from catalog.reasons import Conflict
from catalog.settings import KUBERNETES_VERSION
from catalog.words import Words
from wizard.answers import Answers, Said
from wizard.complete import resolve
from wizard.solver import Engine
from wizard.solver.encode import version_key

When = Literal["before", "with", "after"]
"""A component moves before the clusters do, together with them, or once they have moved."""

DESIGN = "the design"
"""Where a choice comes from that the answers leave open."""
HOP = "--to-kubernetes"
"""Where a minor comes from that the way leads over."""


@dataclass(frozen=True)
class Step:
    """One step: a component's release, or the minor of the clusters named (then `component` brings Kubernetes)."""

    component: str
    from_: str
    to: str
    when: When
    minor: str
    """The minor of the hop that this belongs to."""
    clusters: tuple[str, ...]
    """The clusters that hop; empty for a release, which is the same everywhere."""
    because: str
    source: str
    together: bool = False
    """Whether it belongs to the step before it: only when all of these are done does the state stand again."""


@dataclass(frozen=True)
class Plan:
    """Steps in order. `refused` says why the way ends before the target, after the steps that are still possible."""

    to: str
    steps: tuple[Step, ...]
    refused: Conflict | None = None
    at: str = ""
    """The minor that cannot be reached, when refused."""
    in_the_way: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each minor that is left: every component of the design that names the minors of its releases, and that one in
    none of them. The conflict is the smallest of the first minor, and this is all of what is in the way."""
    instead: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """For what is in the way of the first minor: (component, decision, others that could answer it in this design and
    that nothing known keeps from that minor)."""
    silent: tuple[str, ...] = ()
    """Components with charts in the clusters whose chosen release names no minors: nobody says whether they fit."""


@dataclass(frozen=True)
class _State:
    minors: Mapping[str, str]
    """Kind to minor."""
    releases: Mapping[str, str]


def plan(answers: Answers, catalog: Catalog, to: str, engine: Engine | None = None) -> Plan:
    """The steps from what the design is to `to`. Raises Refused when the answers cannot stand even now, and UsageError
    for a minor that is unknown or older than what runs."""
    return _Planning(answers, catalog, engine or Engine(catalog)).plan(to)


class _Planning:
    def __init__(self, answers: Answers, catalog: Catalog, engine: Engine) -> None:
        self.catalog = catalog
        self.engine = engine
        self.design = resolve(answers, catalog, engine, reasons=False)
        self.fixed = _fixed(answers, self.design)

    def plan(self, to: str) -> Plan:
        known = sorted(self.catalog.settings[KUBERNETES_VERSION].choices, key=_number)
        if to not in known:
            raise UsageError(f"--to-kubernetes {to}: the catalog knows {', '.join(known)}")
        minors = {kind.name: str(self.design.setting(KUBERNETES_VERSION, kind.name)) for kind in self.design.kinds}
        ahead = [kind for kind, minor in minors.items() if _number(minor) > _number(to)]
        if ahead:
            raise UsageError(f"--to-kubernetes {to}: {', '.join(ahead)} already runs {minors[ahead[0]]}, "
                             "and Kubernetes does not go back a minor")
        state = _State(minors, self._movable())
        steps: list[Step] = []
        for minor in known:
            if _number(minor) > _number(to):
                break
            while behind := [kind for kind in self._in_order() if _number(state.minors[kind]) < _number(minor)]:
                # One kind of cluster after the other; at once where no release bridges the two minors.
                conflict = self._unreachable(state, behind[:1], minor)
                at_once = conflict is not None and len(behind) > 1 and self._unreachable(state, behind, minor) is None
                if conflict is not None and not at_once:
                    left = [name for name in known if _number(minor) <= _number(name) <= _number(to)]
                    way = tuple((name, self._without(name)) for name in left)
                    return Plan(to, tuple(steps), _onwards(conflict), minor, way,
                                tuple(self._instead(minor, way[0][1])), self._silent())
                more, state = self._hop(state, behind if at_once else behind[:1], minor)
                steps += more
        return Plan(to, tuple(steps), silent=self._silent())

    def _movable(self) -> dict[str, str]:
        """Releases by component, without those that are the Kubernetes minor itself."""
        return {id_: version for id_, version in self.design.releases.items()
                if not implicit.provides_kubernetes(self.catalog.components[id_])}

    def _in_order(self) -> list[str]:
        """Kinds from the least to the most precious: the question lists its values the other way round."""
        question = self.catalog.questions.get("environment")
        rank = {value.id: at for at, value in enumerate(question.values)} if question else {}

        def place(name: str) -> int:
            kind = next(kind for kind in self.design.kinds if kind.name == name)
            value = kind.context.get("environment")
            return -rank.get(str(value.value), 0) if value else 0

        return sorted((kind.name for kind in self.design.kinds), key=place)

    # States, judged by the engine

    def _stated(self, state: _State) -> Answers:
        answers = replace(self.fixed, versions={id_: Said(version, DESIGN) for id_, version in state.releases.items()})
        if not answers.clusters:
            minor = next(iter(state.minors.values()))
            return replace(answers, settings={**answers.settings, KUBERNETES_VERSION: Said(minor, HOP)})
        kind_of = {cluster: kind.name for kind in self.design.kinds for cluster in kind.clusters}
        return replace(answers, clusters=tuple(
            replace(entry, settings={**entry.settings,
                                     KUBERNETES_VERSION: Said(state.minors[kind_of[entry.cluster.name]], HOP)})
            for entry in answers.clusters))

    def _stands(self, state: _State) -> bool:
        return self.engine.space(self._stated(state)).stands

    def _unreachable(self, state: _State, kinds: Sequence[str], minor: str) -> Conflict | None:
        """Why no releases at all fit the minor."""
        return self.engine.space(self._stated(_State({**state.minors, **dict.fromkeys(kinds, minor)}, {}))).conflict()

    def _without(self, minor: str) -> tuple[str, ...]:
        found = []
        for component in self.design.selected():
            named = [release.kubernetes for release in component.releases if release.kubernetes]
            if named and len(named) == len(component.releases) and not any(minor in minors for minors in named):
                found.append(component.id)
        return tuple(found)

    def _instead(self, minor: str, names: Sequence[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Who could take the place of what is in the way: alive, and standing in the design as it is now."""
        for name in names:
            component = self.catalog.components[name]
            for decision in () if implicit.provides_kubernetes(component) else component.roles:
                # Several answers stand beside each other and are no substitutes: a queue is no database.
                if self.catalog.decisions[decision].many != "several" and name in self.design.chosen(decision):
                    fit = tuple(other for other in self.catalog.options[decision]
                                if other != name and self._goes(other, minor) and self._swapped(decision, name, other))
                    if fit:
                        yield name, decision, fit

    def _goes(self, name: str, minor: str) -> bool:
        component = self.catalog.components.get(name)
        if component is None or component.support == "known" or component.status(self.catalog.as_of) != "active":
            return False
        named = [release.kubernetes for release in component.releases if release.kubernetes]
        return not named or any(minor in minors for minors in named)

    def _swapped(self, decision: str, name: str, other: str) -> bool:
        """Whether the design stands with another component in that role, whatever the releases."""
        def swap(choices: Mapping[str, Said[tuple[str, ...]]]) -> dict[str, Said[tuple[str, ...]]]:
            said = choices.get(decision)
            if said is None or name not in said.value:
                return dict(choices)
            return {**choices, decision: replace(said, value=tuple(other if each == name else each for each in said.value))}

        answers = replace(self.fixed, choices=swap(self.fixed.choices), versions={}, clusters=tuple(
            replace(entry, choices=swap(entry.choices)) for entry in self.fixed.clusters))
        return self.engine.space(answers).stands

    def _silent(self) -> tuple[str, ...]:
        found = []
        for component in self.design.selected():
            release = self.design.release(component.id)
            charted = component.install is not None and component.install.charts
            if charted and not implicit.provides_kubernetes(component) and (release is None or not release.kubernetes):
                found.append(component.id)
        return tuple(found)

    # One hop

    def _hop(self, state: _State, kinds: Sequence[str], minor: str) -> tuple[list[Step], _State]:
        there = {**state.minors, **dict.fromkeys(kinds, minor)}
        wanted = self._wanted(state, there)
        before, state = self._move(state, wanted, "before", minor)
        arrived = _State(there, state.releases)
        together: list[Step] = []
        left = {id_: version for id_, version in wanted.items() if state.releases[id_] != version}
        if not self._stands(arrived):
            # What no release bridges changes in the same breath as the clusters do.
            for id_, version in left.items():
                together.append(replace(self._release(id_, state.releases[id_], version, "with", minor), together=True))
            arrived = _State(there, {**state.releases, **left})
        hops = [replace(self._hop_step(kind, state.minors[kind], minor), together=at > 0) for at, kind in enumerate(kinds)]
        after, arrived = self._move(arrived, wanted, "after", minor)
        return [*before, *hops, *together, *after], arrived

    def _wanted(self, state: _State, there: Mapping[str, str]) -> dict[str, str]:
        """Releases to move to: as few moves as possible, and where it can be such that suit both minors."""
        if self._stands(_State(there, state.releases)):
            return {}
        kept = {id_: version for id_, version in state.releases.items()
                if self._stands(_State(there, {id_: version}))}
        while not self._stands(_State(there, kept)):
            kept.popitem()
        # Put back, one by one, whatever was let go of without need.
        for id_, version in state.releases.items():
            if id_ not in kept and self._stands(_State(there, {**kept, id_: version})):
                kept[id_] = version
        wanted: dict[str, str] = {}
        for id_, version in state.releases.items():
            if id_ in kept:
                continue
            options = [release.version for release in self.catalog.components[id_].releases if release.version != version]
            there_fit = [option for option in options if self._stands(_State(there, {**kept, **wanted, id_: option}))]
            both = [option for option in there_fit
                    if self._stands(_State(state.minors, {**state.releases, **wanted, id_: option}))]
            if not there_fit:
                # Neighbours that have to move at once: the engine says to which releases.
                found = resolve(self._stated(_State(there, kept)), self.catalog, self.engine, reasons=False).releases
                return {name: found[name] for name in state.releases if name not in kept and name in found}
            wanted[id_] = (both or there_fit)[0]
        return wanted

    def _move(
        self, state: _State, wanted: Mapping[str, str], when: When, minor: str
    ) -> tuple[list[Step], _State]:
        """Move what can move by itself, one after the other, until nothing more can."""
        steps: list[Step] = []
        moved = True
        while moved:
            moved = False
            for id_, version in wanted.items():
                if state.releases[id_] == version:
                    continue
                next_ = _State(state.minors, {**state.releases, id_: version})
                if self._stands(next_):
                    steps.append(self._release(id_, state.releases[id_], version, when, minor))
                    state, moved = next_, True
        return steps, state

    def _release(self, id_: str, from_: str, to: str, when: When, minor: str) -> Step:
        component = self.catalog.components[id_]
        release = next(entry for entry in component.releases if entry.version == to)
        return Step(id_, from_, to, when, minor, (), self._because(component), release.source)

    def _because(self, component: Component) -> str:
        for id_ in (f"{implicit.RELEASES}{component.id}", *(
                f"{implicit.SUPPORTS}{component.id}:{other}" for entry in component.releases for other in entry.supports)):
            found = implicit.rule(self.catalog, id_)
            if found is not None:
                return found.because
        return f"Its neighbours work with another release of {component.title}."

    def _hop_step(self, kind: str, from_: str, to: str) -> Step:
        clusters = next(entry.clusters for entry in self.design.kinds if entry.name == kind)
        provider = next(component for _, component in self.design.roles(kind) if implicit.provides_kubernetes(component))
        releases = [entry for entry in provider.releases if implicit.minor(entry.version) == to]
        because = f"{provider.title} goes one minor at a time: the control plane first, then its nodes."
        source = releases[0].source if releases else provider.documentation
        return Step(provider.id, from_, to, "with", to, clusters, because, source)


def _fixed(answers: Answers, design: Design) -> Answers:
    """The answers with every choice of the design said, so that the way never goes through another design. What was
    answered keeps the place where it was said."""
    context = {**answers.context, **{
        name: Said(value.value if isinstance(value.value, tuple) else (str(value.value),), DESIGN)
        for name, value in design.context.items() if name not in answers.context
    }}
    everywhere, own = dict(answers.choices), {kind.name: dict[str, Said[tuple[str, ...]]]() for kind in design.kinds}
    for entry in design.decisions:
        if entry.asked and entry.chosen:
            said = answers.choices.get(entry.decision)
            chosen = Said(entry.chosen, said.origin if said is not None else DESIGN)
            if entry.kind is None or not answers.clusters:
                everywhere[entry.decision] = chosen
            else:
                own[entry.kind][entry.decision] = chosen
    kind_of = {cluster: kind.name for kind in design.kinds for cluster in kind.clusters}
    clusters = tuple(
        replace(entry, choices={**entry.choices, **{
            decision: replace(chosen, origin=entry.choices[decision].origin) if decision in entry.choices else chosen
            for decision, chosen in own[kind_of[entry.cluster.name]].items()}})
        for entry in answers.clusters)
    return replace(answers, context=context, choices=everywhere, clusters=clusters)


def _onwards(conflict: Conflict) -> Conflict:
    """Without the ways out that lead back: to stay at the minor is no way to the next one. What nobody chose is told as
    what the design has."""
    causes = tuple(replace(cause, kind="assumption") if cause.kind == "choice" and cause.origin == DESIGN else cause
                   for cause in conflict.reason.causes)
    return replace(conflict, reason=replace(conflict.reason, causes=causes), repairs=tuple(
        repair for repair in conflict.repairs
        if not any(change.cause.kind == "setting" and change.cause.subject == KUBERNETES_VERSION for change in repair.changes)))


def _number(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split("."))


def lines(plan: Plan, catalog: Catalog) -> Iterator[str]:
    """The steps of the plan in words."""
    minor = ""
    for at, step in enumerate(plan.steps, 1):
        if step.minor != minor:
            minor = step.minor
            yield f"To Kubernetes {minor}:"
        title = catalog.components[step.component].title
        if step.clusters:
            once = "at the same time, " if step.together else ""
            yield f"  {at}. {once}{', '.join(step.clusters)}: {title} {step.from_} -> {step.to}"
        else:
            yield f"  {at}. {step.when} the clusters: {title} {step.from_} -> {step.to}"
        yield f"      {step.because}"
        yield f"      {step.source}"


def ending(plan: Plan, catalog: Catalog, words: Words) -> Iterator[str]:
    """Where the way ends and why, and what nobody says."""
    if plan.refused is not None:
        yield f"The way ends before Kubernetes {plan.at}:"
        for number, step in enumerate(words.steps(plan.refused.reason), 1):
            yield f"  {number}. {step.text} [{step.origin or step.source}]"
        if any(names for _, names in plan.in_the_way):
            yield "In the way, as far as the catalog knows releases:"
            for minor, names in plan.in_the_way:
                yield from (f"  to {minor}: {_known(catalog, name)}" for name in names)
        yield "Ways out:"
        days = [release.checked for _, names in plan.in_the_way for name in names
                for release in catalog.components[name].releases]
        ways = [*words.repairs(plan.refused.repairs)]
        named = {(change.cause.subject, change.to) for repair in plan.refused.repairs for change in repair.changes}
        for name, decision, fit in plan.instead:
            others = [other for other in fit if (decision, other) not in named]
            if not others:
                continue
            titles = listed([catalog.components[other].role_title(decision) for other in others], "or")
            ways.append(f"Take {titles} instead of {catalog.components[name].title} for “{words.decision(decision)}”: "
                        f"nothing that is known keeps {'it' if len(others) == 1 else 'them'} from Kubernetes {plan.at}.")
        if days:
            ways.append(f"Look for newer releases: these were read on {min(days).isoformat()}, and an overlay or "
                        "`k8s-wizard catalog refresh` can add them.")
        yield from (f"  {number}. {text}" for number, text in enumerate(ways or ["None is known."], 1))
    elif not plan.steps:
        yield f"Every cluster already runs Kubernetes {plan.to}."
    if plan.silent:
        titles = listed([catalog.components[name].title for name in plan.silent])
        yield f"Nobody names the Kubernetes minors of {titles}: read their notes before a hop."


def _known(catalog: Catalog, name: str) -> str:
    component = catalog.components[name]
    if implicit.provides_kubernetes(component):
        return f"{component.title} offers {', '.join(implicit.minor(entry.version) for entry in component.releases)}"
    releases = "; ".join(f"{entry.version} is for {', '.join(entry.kubernetes)}" for entry in component.releases)
    newest = max(component.releases, key=lambda entry: version_key(entry.version))
    newer = newest.newer
    return f"{component.title}: {releases}" + (f" (newer: {newer.rstrip('.')})" if newer else "")
