"""Answers back into YAML: only what differs from defaults, and comments of the file they came from kept.

ruamel.yaml edits the text here and interprets nothing: what a file means is decided by `wizard/answers_file.py`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from wizard.answers import Answers, ClusterAnswers, Said
from wizard.answers_file import VERSION


def plain(answers: Answers) -> dict[str, Any]:
    """The answers as the plain data of a file, in the order of its keys; nothing that is only a default."""
    found: dict[str, Any] = {"version": VERSION, "name": answers.name}
    _put(found, "context", {key: _one(said.value) for key, said in answers.context.items()})
    _put(found, "priorities", list(answers.priorities.value))
    _put(found, "clusters", [_cluster(entry) for entry in answers.clusters])
    _put(found, "choices", {key: _one(said.value) for key, said in answers.choices.items()})
    _put(found, "rejects", {key: list(said.value) for key, said in answers.rejects.items()})
    _put(found, "pinned", list(answers.pinned))
    _put(found, "settings", {key: said.value for key, said in answers.settings.items()})
    _put(found, "versions", {key: said.value for key, said in answers.versions.items()})
    _put(found, "waivers", [
        {"rule": said.value.rule, "reason": said.value.reason, "owner": said.value.owner,
         "until": said.value.until.isoformat()} for said in answers.waivers
    ])
    _put(found, "externals", [_model(said.value) for said in answers.externals])
    _put(found, "workloads", [_model(said.value) for said in answers.workloads])
    return found


def dump(answers: Answers, before: str = "") -> str:
    """The text of an answers file. With `before` (the file's present text) comments, order and the way things were
    written are kept, and only what changed is touched."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(str, _text)
    wanted = plain(answers)
    document = yaml.load(before) if before.strip() else CommentedMap()
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    _merge(document, wanted, top=True)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _put(found: dict[str, Any], key: str, value: Any) -> None:
    if value:
        found[key] = value


def _one(values: tuple[str, ...]) -> Any:
    """One value alone, several as a list; the words of a boolean question as true and false are not restored: `yes`
    and `no` are words in our files and mean the same."""
    return values[0] if len(values) == 1 else list(values)


def _cluster(entry: ClusterAnswers) -> dict[str, Any]:
    found = _model(entry.cluster)
    if "environment" in entry.cluster.model_fields_set:
        # Saying what a cluster is for is an answer, also where it is what would have been assumed.
        found = {"name": entry.cluster.name, "environment": entry.cluster.environment, **found}
    _put(found, "choices", _said(entry.choices))
    _put(found, "rejects", {key: list(said.value) for key, said in entry.rejects.items()})
    _put(found, "settings", {key: said.value for key, said in entry.settings.items()})
    return found


def _said(said: Mapping[str, Said[tuple[str, ...]]]) -> dict[str, Any]:
    return {key: _one(each.value) for key, each in said.items()}


def _model(model: BaseModel) -> dict[str, Any]:
    """A model's fields as written in files: only those that were stated and differ from the default."""
    return dict(model.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _text(representer: Any, value: str) -> Any:
    """Quote what another YAML reader would take for something else than text."""
    import yaml

    try:
        plain = "\n" not in value and value != "" and yaml.safe_load(value) == value
    except yaml.YAMLError:
        plain = False
    if not plain:
        return representer.represent_scalar("tag:yaml.org,2002:str", value, style='"')
    return representer.represent_scalar("tag:yaml.org,2002:str", value)


def _merge(document: Any, wanted: dict[str, Any], *, top: bool = False) -> None:
    """Make a commented mapping say what is wanted, touching only what differs."""
    for key in [key for key in document if key not in wanted and not (top and key == "version")]:
        del document[key]
    for key, value in wanted.items():
        if key not in document:
            document[key] = value
        elif isinstance(value, dict) and isinstance(document[key], dict):
            _merge(document[key], value)
        elif isinstance(value, list) and isinstance(document[key], list):
            _merge_list(document[key], value)
        elif not _same(document[key], value):
            document[key] = value


def _merge_list(document: Any, wanted: list[Any]) -> None:
    named = {entry["name"]: entry for entry in document if isinstance(entry, dict) and "name" in entry}
    if len(document) == len(wanted) and all(_same(old, new) for old, new in zip(document, wanted, strict=True)):
        return
    if all(isinstance(entry, dict) and "name" in entry for entry in wanted) and \
            [entry["name"] for entry in wanted] == [entry.get("name") for entry in document if isinstance(entry, dict)]:
        for entry in wanted:
            _merge(named[entry["name"]], entry)
        return
    document[:] = [
        named.get(entry["name"], entry) if isinstance(entry, dict) and _same(named.get(entry.get("name")), entry) else entry
        for entry in wanted
    ]


def _same(old: Any, new: Any) -> bool:
    """Whether two values mean the same in our files: `99.9` and `"99.9"`, `true` and `yes` do."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
    if isinstance(old, list) != isinstance(new, list):
        return (old if isinstance(old, list) else [old]) == (new if isinstance(new, list) else [new])
    if isinstance(old, bool) and isinstance(new, str):
        return new == ("yes" if old else "no")
    return bool(old == new) or str(old) == str(new)
