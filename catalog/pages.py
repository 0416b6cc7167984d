"""Whose a page, a program or a word is, and steps for people that lead those of one cloud or code host to another's.

Whose a page is, the values of a question say (`hosts` and `words`). A cloud's own product, such as its registry, may serve
clusters anywhere: its steps lead to its maker's pages wherever the clusters run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from catalog.catalog import Catalog
from catalog.components import Component, Step
from catalog.conditions import Condition
from catalog.faults import Fault
from catalog.handover import left
from catalog.implicit import CLOUD
from catalog.layers import NONE, Question
from catalog.lint import Places
from catalog.phrases import listed


class Readers:
    """Who may read a step, by their answer to one question: on which cloud they are, or where they keep their code."""

    def __init__(self, catalog: Catalog, question: Question) -> None:
        self._catalog = catalog
        self._question, values = question.id, question.values
        self.all = frozenset(value.id for value in values)
        self._hosts = {host: value.id for value in values for host in value.hosts}
        self._words = {word: value.id for value in values for word in value.words}
        words = "|".join(re.escape(word) for word in sorted(self._words))
        self._any_word = re.compile(rf"(?<![\w.:/-])(?:{words})(?![\w.:/-])" if words else r"(?!)")
        self._where: dict[str, frozenset[str]] = {}

    def of(self, page: str) -> str | None:
        """The answer to whose documentation a page belongs."""
        return self._hosts.get(urlsplit(page).hostname or "")

    def named(self, text: str) -> dict[str, str]:
        """Words of a text that mean something to people with one answer only, with that answer."""
        return {word: self._words[word] for word in self._any_word.findall(text)}

    def maker(self, component: Component) -> str | None:
        """The cloud or host whose product it is, wherever it is used; None for a way of working and for what others make."""
        if component.pattern or len(component.clouds) > 1:
            return None
        return self.of(component.homepage) or self.of(component.documentation)

    def where(self, name: str) -> frozenset[str]:
        """Answers with which a component can be in a design, as far as its own rules and those of what it needs tell."""
        if name not in self._where:
            self._where[name] = self.all  # while it is being found out: two that need each other
            component = self._catalog.components[name]
            limited = component.clouds and self._question == CLOUD
            found = self.all & frozenset(component.clouds) if limited else self.all
            for rule in component.rules:
                if rule.binding and not rule.when and (rule.as_ is None or [rule.as_] == [*component.roles]):
                    if rule.requires is not None:
                        found &= frozenset().union(*(self.under(condition) for condition in rule.requires))
                    for condition in rule.excludes or ():
                        found &= self.all if self._silent(condition) else self.all - self.under(condition)
            self._where[name] = found
        return self._where[name]

    def under(self, condition: Condition) -> frozenset[str]:
        """Answers with which a condition can hold."""
        if condition.not_ is not None:
            return self.all - self.under(condition.not_) if condition.not_.context is not None else self.all
        if condition.context is not None:
            if self._silent(condition):
                return self.all
            wanted = condition.context[self._question]
            return self.all & frozenset(wanted if isinstance(wanted, tuple) else (str(wanted),))
        return frozenset().union(*(self.all if name == NONE else self.where(name) for name in needed(condition))) or self.all

    def _silent(self, condition: Condition) -> bool:
        """Whether a condition says nothing of the question."""
        return condition.context is None or self._question not in condition.context

    def misled(self, component: Component, step: Step) -> Iterator[tuple[str, str]]:
        """What a step shows that is of no use to people with an answer with which it can appear: that thing and the answer."""
        here = self.where(component.id)
        friends = {self.maker(component)}
        for condition in step.when:
            here &= self.under(condition)
            friends |= {self.maker(self._catalog.components[name]) for name in needed(condition) if name != NONE}
        for answer in sorted(here):
            for page, also in self._pages(step, answer):
                if self.of(page) not in {None, answer, also, *friends}:
                    yield urlsplit(page).hostname or page, answer
            for word, of in self.named(" ".join((step.do, step.see or "", step.command or ""))).items():
                if of not in {answer, *friends}:
                    yield word, answer

    def _pages(self, step: Step, answer: str) -> Iterator[tuple[str, str | None]]:
        """Pages that may be shown in a design with one answer, with the maker of the component for which each is."""
        for name, page in step.links.items():
            if name == answer:
                yield page, None
                return
            component = self._catalog.components.get(name)
            if component is not None and answer in self.where(name):
                yield page, self.maker(component)
        yield step.link, None


def needed(condition: Condition) -> tuple[str, ...]:
    """Components of which a condition wants one to be there."""
    if condition.component is not None:
        return (condition.component,)
    if condition.chosen is not None:
        (ids,) = condition.chosen.values()
        return (ids,) if isinstance(ids, str) else ids
    return ()


def misleading(catalog: Catalog, places: Places) -> Iterator[Fault]:
    """Steps that can appear on a cloud and lead to another cloud's documentation, or speak of what only another has."""
    for question in catalog.documented.values():
        readers = Readers(catalog, question)
        for component in catalog.components.values():
            for at, step in enumerate(component.handover or left(component)):
                found: dict[str, list[str]] = {}
                for thing, answer in readers.misled(component, step):
                    found.setdefault(thing, []).append(answer)
                place = places.place(f"component:{component.id}", ("handover", at) if component.handover else ("documentation",))
                for thing, on in found.items():
                    where = f"{question.id} is {listed(on, 'or')}"
                    yield Fault(*place, f"a step of {component.id} shows {thing} where {where}: give it a page of each "
                                "in 'links' and words that fit all, or a 'when'")
