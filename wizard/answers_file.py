"""Answers as a file: reading `answers.yaml` into Answers, every fault with its line.

Shapes are checked by models, names against the catalog. Nothing is solved here: answers that contradict each other
are well-formed answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from catalog.errors import AnswersError, FaultsError
from catalog.faults import Fault, did_you_mean
from catalog.implicit import rule as implicit_rule
from catalog.layers import question_value
from catalog.model import DnsLabel, Model
from catalog.reading import Document, Where, faults_of, parse, read
from catalog.rules import PRIORITIES
from catalog.workloads import Cluster, External, Workload
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.answers_between import between

if TYPE_CHECKING:
    from catalog.design import Waiver

VERSION = 1

M = TypeVar("M", bound=BaseModel)

_SAID = re.compile(r"^[a-z0-9]+([.-][a-z0-9]+)*$")


class _Label(Model):
    name: DnsLabel


class WaiverEntry(Model):
    """One entry under `waivers:`."""

    rule: str
    reason: str = Field(min_length=3, max_length=300)
    owner: str = Field(min_length=1, max_length=120)
    until: date


class NewerVersion(FaultsError):
    """The file was made by a newer version of the product: it can be shown, not written."""


TOP = ("version", "name", "context", "priorities", "clusters", "choices", "rejects", "pinned", "settings", "versions",
       "waivers", "externals", "workloads")
CLUSTER_EXTRAS = ("choices", "rejects", "settings")


def load(path: Path, catalog: Catalog, shown: str | None = None) -> Answers:
    """Read an answers file. Raises AnswersError with every fault, NewerVersion for a file of a later version."""
    try:
        document = read(path, shown or path.name)
    except FaultsError as error:
        raise AnswersError(error.faults) from None
    return interpret(document, catalog)


def loads(text: str | bytes, catalog: Catalog, shown: str = "answers.yaml") -> Answers:
    """Read answers from text, as `load` does."""
    try:
        document = parse(text, shown)
    except FaultsError as error:
        raise AnswersError(error.faults) from None
    return interpret(document, catalog)


def interpret(document: Document, catalog: Catalog) -> Answers:
    """Turn a document into Answers. Raises AnswersError with every fault."""
    answers, faults = examine(document, catalog)
    if faults:
        raise AnswersError(sorted(set(faults)))
    return answers


def examine(document: Document, catalog: Catalog) -> tuple[Answers, list[Fault]]:
    """What can be understood of a document, and every fault; entries with faults are left out of the answers."""
    reader = _Reader(document, catalog)
    answers = reader.answers()
    return answers, reader.faults


@dataclass
class _Reader:
    document: Document
    catalog: Catalog
    faults: list[Fault] = field(default_factory=list)

    # --- the whole

    def answers(self) -> Answers:
        value = self.document.value
        if not isinstance(value, dict):
            self.fault((), "must be a mapping that starts with 'version: 1' and 'name: ...'")
            return Answers(name="design")
        version = value.get("version", VERSION)
        if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
            raise NewerVersion([self.document.fault(
                ("version",), f"was made by a newer version (file version {version}, this one reads {VERSION})")])
        if version != VERSION:
            self.fault(("version",), f"version must be {VERSION}")
        for key in value:
            if key not in TOP:
                self.fault((key,), f"unknown key {key!r}{did_you_mean(key, TOP)}")
        workloads = self.models(value, "workloads", Workload)
        externals = self.models(value, "externals", External)
        clusters = self.clusters(value)
        answers = Answers(
            name=self.name(value),
            context=self.context(self.mapping(value, "context")),
            priorities=self.priorities(value),
            clusters=clusters,
            choices=self.choices(value, ()),
            rejects=self.choices(value, (), key="rejects"),
            pinned=self.pinned(value),
            settings=self.settings(value, ()),
            versions=self.versions(value),
            waivers=self.waivers(value),
            workloads=workloads,
            externals=externals,
        )
        self.faults.extend(between(answers, self.document, self.catalog))
        return answers

    # --- parts

    def name(self, value: Mapping[str, Any]) -> str:
        name = value.get("name")
        if name is None:
            self.fault(("name",), "'name' is missing: what is this design called? (a short DNS label)")
            return "design"
        return str(self.label(name, ("name",)))

    def label(self, value: Any, where: Where) -> str:
        try:
            return _Label.model_validate({"name": value}).name
        except ValidationError:
            self.fault(where, f"{value!r} is not a DNS label (lower-case letters, digits and hyphens, a letter first, "
                              "63 at most)")
            return "design"

    def context(self, found: Mapping[str, Any]) -> dict[str, Said[tuple[str, ...]]]:
        result: dict[str, Said[tuple[str, ...]]] = {}
        questions = self.catalog.questions
        for key, raw in found.items():
            where: Where = ("context", key)
            question = questions.get(key)
            if question is None:
                self.fault(where, f"unknown context question {key!r}{did_you_mean(key, questions)}")
                continue
            if question.scope == "cluster":
                self.fault(where, f"{key!r} is a fact of a cluster; say it under 'clusters:'")
                continue
            values = raw if isinstance(raw, list) else [raw]
            if len(values) != 1 and not question.several:
                self.fault(where, f"{key!r} takes one value")
                continue
            try:
                result[key] = Said(tuple(question_value(question, self.scalar(entry)) for entry in values), self.at(where))
            except ValueError as error:
                self.fault(where, f"{key}: {error}{self.value_guess(raw, [entry.id for entry in question.values])}")
        return result

    def value_guess(self, raw: Any, known: Iterable[str]) -> str:
        return did_you_mean(str(raw), known) if isinstance(raw, str) else ""

    def priorities(self, value: Mapping[str, Any]) -> Said[tuple[Any, ...]]:
        raw = self.items(value, "priorities")
        for at, entry in enumerate(raw):
            if entry not in PRIORITIES:
                self.fault(("priorities", at), f"unknown priority {entry!r}{did_you_mean(str(entry), PRIORITIES)}")
            elif entry in raw[:at]:
                self.fault(("priorities", at), f"priority {entry!r} is said twice")
        return Said(tuple(entry for entry in raw if entry in PRIORITIES), self.at(("priorities",)) if raw else "")

    def clusters(self, value: Mapping[str, Any]) -> tuple[ClusterAnswers, ...]:
        result: list[ClusterAnswers] = []
        for at, raw in enumerate(self.items(value, "clusters")):
            where: Where = ("clusters", at)
            if not isinstance(raw, dict):
                self.fault(where, "a cluster is a mapping such as {name: prod, cloud: gcp}")
                continue
            facts = {key: entry for key, entry in raw.items() if key not in CLUSTER_EXTRAS}
            cluster = self.model(Cluster, facts, where, extra=CLUSTER_EXTRAS)
            if cluster is None:
                continue
            clouds = [entry.id for entry in self.catalog.questions["cloud"].values]
            for key in ("cloud", "environment"):
                question = self.catalog.questions.get(key)
                stated = getattr(cluster, key)
                known = [entry.id for entry in question.values] if question else clouds
                if stated is not None and question is not None and stated not in known:
                    self.fault((*where, key), f"{stated!r} is not one of {', '.join(known)}{did_you_mean(stated, known)}")
            if any(other.cluster.name == cluster.name for other in result):
                self.fault((*where, "name"), f"there are two clusters named {cluster.name!r}")
            pools = [pool.name for pool in cluster.pools]
            for n, name in enumerate(pools):
                if name in pools[:n]:
                    self.fault((*where, "pools", n), f"cluster {cluster.name!r} has two pools named {name!r}")
            result.append(ClusterAnswers(
                cluster, self.at(where), self.choices(raw, where, scope="cluster"),
                self.choices(raw, where, key="rejects", scope="cluster"), self.settings(raw, where, scope="cluster"),
            ))
        return tuple(result)

    def choices(
        self, value: Mapping[str, Any], base: Where, *, key: str = "choices", scope: str | None = None
    ) -> dict[str, Said[tuple[str, ...]]]:
        result: dict[str, Said[tuple[str, ...]]] = {}
        for decision_id, raw in self.mapping(value, key, base).items():
            where: Where = (*base, key, decision_id)
            decision = self.catalog.decisions.get(decision_id)
            if decision is None:
                self.fault(where, f"unknown decision {decision_id!r}{self.catalog.decision_meant(decision_id)}")
                continue
            if scope == "cluster" and decision.scope != "cluster":
                self.fault(where, f"{decision_id!r} is decided for the whole design; say it under the top-level '{key}:'")
                continue
            chosen = raw if isinstance(raw, list) else [raw]
            if key == "choices" and decision.many != "several" and len(chosen) != 1:
                self.fault(where, f"{decision_id!r} takes one component")
                continue
            known = self.catalog.options[decision_id]
            good = []
            for at, name in enumerate(chosen):
                place = (*where, at) if isinstance(raw, list) else where
                if name is False:
                    name = "none"
                if not isinstance(name, str) or name not in known:
                    self.fault(place, self.unknown_option(decision_id, name, known))
                else:
                    good.append(name)
            if good:
                result[decision_id] = Said(tuple(dict.fromkeys(good)), self.at(where))
        return result

    def unknown_option(self, decision: str, name: Any, known: tuple[str, ...]) -> str:
        catalog = self.catalog
        if isinstance(name, str) and name in catalog.components:
            roles = ", ".join(catalog.components[name].roles)
            return f"{name!r} does not answer {decision!r} (it answers {roles})"
        for component in catalog.components.values():
            if isinstance(name, str) and name.lower() in {alias.lower() for alias in component.aliases} and \
                    component.id in known:
                return f"unknown component {name!r} for {decision!r} (did you mean {component.id!r}?)"
        return f"unknown component {name!r} for {decision!r}{did_you_mean(str(name), known) or '; it takes ' + ', '.join(known)}"

    def pinned(self, value: Mapping[str, Any]) -> dict[str, Said[None]]:
        known = {*self.catalog.questions, *self.catalog.decisions, *self.catalog.settings}
        result: dict[str, Said[None]] = {}
        for at, name in enumerate(self.items(value, "pinned")):
            if name not in known:
                self.fault(("pinned", at), f"cannot pin unknown {name!r}{did_you_mean(str(name), known)}")
            else:
                result[name] = Said(None, self.at(("pinned", at)))
        return result

    def settings(self, value: Mapping[str, Any], base: Where, *, scope: str | None = None) -> dict[str, Said[Scalar]]:
        result: dict[str, Said[Scalar]] = {}
        for name, raw in self.mapping(value, "settings", base).items():
            where: Where = (*base, "settings", name)
            setting = self.catalog.settings.get(name)
            if setting is None:
                self.fault(where, f"unknown setting {name!r}{did_you_mean(name, self.catalog.settings)}")
                continue
            decision = self.catalog.decisions[self.catalog.setting_decision[name]]
            if scope == "cluster" and decision.scope != "cluster":
                self.fault(where, f"{name!r} is set for the whole design; say it under the top-level 'settings:'")
                continue
            try:
                setting.check(self.scalar(raw))
                result[name] = Said(self.scalar(raw), self.at(where))
            except ValueError as error:
                self.fault(where, f"{name}: {error}")
        return result

    def versions(self, value: Mapping[str, Any]) -> dict[str, Said[str]]:
        result: dict[str, Said[str]] = {}
        for name, raw in self.mapping(value, "versions").items():
            where: Where = ("versions", name)
            component = self.catalog.components.get(name)
            if component is None:
                self.fault(where, f"unknown component {name!r}{did_you_mean(name, self.catalog.components)}")
                continue
            known = [release.version for release in component.releases]
            if str(raw) not in known:
                self.fault(where, f"{name} has no release {str(raw)!r}; it has {', '.join(known) or 'none in the catalog'}")
                continue
            result[name] = Said(str(raw), self.at(where))
        return result

    def waivers(self, value: Mapping[str, Any]) -> tuple[Said[Waiver], ...]:
        said = self.items(value, "waivers")
        if not said:
            return ()
        from catalog.design import Waiver

        result: list[Said[Waiver]] = []
        for at, raw in enumerate(said):
            where: Where = ("waivers", at)
            entry = self.model(WaiverEntry, raw, where)
            if entry is None:
                continue
            rule = self.catalog.rules[entry.rule].rule if entry.rule in self.catalog.rules \
                else implicit_rule(self.catalog, entry.rule)
            if rule is None:
                self.fault((*where, "rule"), f"unknown rule {entry.rule!r}{did_you_mean(entry.rule, self.catalog.rules)}")
            elif not rule.waivable:
                self.fault((*where, "rule"), f"the rule {entry.rule!r} cannot be waived: {rule.because}")
            else:
                result.append(Said(Waiver(entry.rule, entry.reason, entry.owner, entry.until), self.at(where)))
        return tuple(result)

    def models(self, value: Mapping[str, Any], key: str, model: type[M]) -> tuple[Said[M], ...]:
        result: list[Said[M]] = []
        seen: dict[str, int] = {}
        for at, raw in enumerate(self.items(value, key)):
            where: Where = (key, at)
            entry = self.model(model, raw, where)
            if entry is None:
                continue
            name = str(getattr(entry, "name", ""))
            if name in seen:
                self.fault((*where, "name"), f"there are two {key} named {name!r}; the other is on line "
                                             f"{self.document.line((key, seen[name]))}")
            seen.setdefault(name, at)
            result.append(Said(entry, self.at(where)))
        return tuple(result)

    # --- small things

    def fault(self, where: Where, message: str) -> None:
        self.faults.append(self.document.fault(where, message))

    def at(self, where: Where) -> str:
        return f"{self.document.file}:{self.document.line(where)}"

    def scalar(self, raw: Any) -> Scalar:
        if isinstance(raw, str | int | bool):
            return raw
        raise ValueError(f"{raw!r} is not a single value")

    def mapping(self, value: Mapping[str, Any], key: str, base: Where = ()) -> Mapping[str, Any]:
        found = value.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            self.fault((*base, key), f"{key!r} must be a mapping of names to values")
            return {}
        return found

    def items(self, value: Mapping[str, Any], key: str) -> list[Any]:
        found = value.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.fault((key,), f"{key!r} must be a list")
            return []
        return found

    def model(self, model: type[M], raw: Any, where: Where, extra: tuple[str, ...] = ()) -> M | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.faults.extend(faults_of(error, self.document, where, model, extra))
            return None
