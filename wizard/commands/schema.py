"""`schema`: the JSON Schema of answers files, for editors; names of decisions and components come from the catalog."""

from __future__ import annotations

import argparse
from typing import Any

from catalog.rules import PRIORITIES
from catalog.settings import NUMERIC, Setting
from wizard.commands.common import catalog_of, print_json, takes_catalog


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    print_json(schema(catalog_of(arguments)))
    return 0


def schema(catalog: Any) -> dict[str, Any]:
    """A JSON Schema (2020-12) of answers files over a catalog."""
    from catalog.workloads import Cluster, External, Workload
    from wizard.answers_file import WaiverEntry

    definitions: dict[str, Any] = {}

    def model(type_: Any) -> dict[str, Any]:
        found = type_.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        definitions.update(found.pop("$defs", {}))
        return dict(found)

    def choice(decision: str) -> dict[str, Any]:
        one = {"enum": list(catalog.options[decision])}
        title = catalog.decisions[decision].title
        if catalog.decisions[decision].many == "several":
            return {"title": title, "anyOf": [one, {"type": "array", "items": one}]}
        return {"title": title, **one}

    def choices(ids: list[str]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": False, "properties": {name: choice(name) for name in ids}}

    def rejects(ids: list[str]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": False, "properties": {
            name: {"type": "array", "items": {"enum": list(catalog.options[name])}} for name in ids}}

    def settings(ids: list[str]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": False,
                "properties": {name: _setting(catalog.settings[name]) for name in ids}}

    every = list(catalog.decisions)
    scoped = [name for name in every if catalog.decisions[name].scope == "cluster"]
    scoped_settings = [name for name in catalog.settings if catalog.setting_decision[name] in scoped]
    cluster = model(Cluster)
    cluster["properties"] |= {"choices": choices(scoped), "rejects": rejects(scoped),
                              "settings": settings(scoped_settings)}
    for name in ("cloud", "environment"):
        question = catalog.questions.get(name)
        if question is not None:
            cluster["properties"][name] = {"title": question.title, "enum": [value.id for value in question.values]}
    questions = {}
    for question in catalog.questions.values():
        if question.scope == "cluster":
            continue
        values: list[Any] = [value.id for value in question.values]
        values += [True, False] if question.boolean else []
        one = {"enum": values}
        questions[question.id] = {"title": question.title, "description": question.why, **(
            {"anyOf": [one, {"type": "array", "items": one}]} if question.several else one)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers of a k8s-wizard design",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "name"],
        "properties": {
            "version": {"const": 1},
            "name": {"type": "string", "pattern": "^[a-z]([a-z0-9-]*[a-z0-9])?$", "maxLength": 63},
            "context": {"type": "object", "additionalProperties": False, "properties": questions},
            "priorities": {"type": "array", "items": {"enum": list(PRIORITIES)}, "uniqueItems": True},
            "clusters": {"type": "array", "items": cluster},
            "choices": choices(every),
            "rejects": rejects(every),
            "pinned": {"type": "array", "items": {"enum": [*catalog.questions, *every, *catalog.settings]}},
            "settings": settings(list(catalog.settings)),
            "versions": {"type": "object", "additionalProperties": False, "properties": {
                component.id: {"enum": [release.version for release in component.releases]}
                for component in catalog.components.values() if component.releases}},
            "waivers": {"type": "array", "items": model(WaiverEntry)},
            "externals": {"type": "array", "items": model(External)},
            "workloads": {"type": "array", "items": model(Workload)},
        },
        "$defs": definitions,
    }


def _setting(setting: Setting) -> dict[str, Any]:
    head = {"title": setting.title, "description": setting.why}
    if setting.type == "choice":
        return {**head, "enum": list(setting.choices)}
    if setting.type == "boolean":
        return {**head, "type": "boolean"}
    if setting.type in NUMERIC:
        return {**head, "type": ["string", "integer"], "examples": list(setting.steps)}
    return {**head, "type": "string"}
