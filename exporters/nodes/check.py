"""Checks of the files under nodes/: nothing in them that the program which reads them does not know.

kubeadm and kubelets refuse an unknown field, the API server only logs it and goes on without, k3s and RKE2 stop. What
each knows lies in `known/`, one file a program, with its source; a document of another kind is listed as unverified.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.faults import did_you_mean
from exporters import paths
from exporters.manifests.check import Finding

FOLDER = Path(__file__).parent / "known"
_CONFIGURATION = re.compile(r"^# /etc/rancher/(?P<product>[a-z0-9]+)/(?P<file>config|registries)\.yaml", re.MULTILINE)
"""Where a file belongs, as its first line says."""
_SORTS: Mapping[str, str] = {
    "text": "text", "yes-no": "true or false", "whole": "a whole number", "number": "a number",
    "duration": "a duration such as 90s", "quantity": "a quantity such as 2Gi", "list": "a list or one entry of it",
}
_DURATION = re.compile(r"-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+|0")


def check(folder: Path) -> tuple[list[Finding], list[str]]:
    """What is wrong with the files of a folder that `build -o` wrote, and what could not be looked at."""
    texts: dict[str, str] = {}
    findings = []
    for path in sorted(folder.glob(f"{paths.NODES}/**/*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in (".yaml", ".yml", ".toml"):
            try:
                texts[name] = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                problem = getattr(error, "strerror", None) or "not UTF-8"
                findings.append(Finding(name, "node", "", f"cannot be read: {problem}"))
    more, unverified = of_texts(texts)
    return [*findings, *more], unverified


def of_texts(texts: Mapping[str, str]) -> tuple[list[Finding], list[str]]:
    """The same of texts by path."""
    findings: list[Finding] = []
    unverified: list[str] = []
    for path, text in sorted(texts.items()):
        try:
            bodies = [tomllib.loads(text)] if path.endswith(".toml") else list(yaml.load_all(text, yaml.CSafeLoader))
        except tomllib.TOMLDecodeError as error:
            findings.append(Finding(path, "node", "", f"broken TOML: {error}"))
            continue
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark is not None else ""
            problem = " ".join(str(getattr(error, "problem", None) or "is no YAML").split())
            findings.append(Finding(f"{path}{line}", "node", "", f"broken YAML: {problem}"))
            continue
        for body in bodies:
            what, problems = _document(path, text, body)
            if problems is None:
                unverified.append(f"{path}: {what} is known to none of the programs that machines run here")
            else:
                findings.extend(Finding(path, "node", what, problem) for problem in problems)
    return findings, unverified


def _document(path: str, text: str, body: Any) -> tuple[str, list[str] | None]:
    """What a document is, and what is wrong with it; None where nobody knows."""
    if path.endswith(".toml"):
        return "hosts.toml", list(_compared(body, _known("containerd")["hosts"]))
    if not isinstance(body, Mapping):
        return "a document", ["is no mapping"]
    if "kind" in body:
        known = _kinds().get(str(body.get("apiVersion")), {}).get(str(body["kind"]))
        return str(body["kind"]), None if known is None else list(_compared(_left(body), known))
    place = _CONFIGURATION.search(text)
    if place is None:
        return "a document without kind", None
    rancher = _known("rancher")
    if place["file"] == "registries":
        return "registries.yaml", list(_compared(body, rancher["registries"]))
    role = "agent" if path.rpartition("/")[2].startswith("agent-") else "server"
    known = rancher.get(place["product"], {}).get(role)
    if known is None:
        return "config.yaml", None
    return f"config.yaml of {role}s", list(_compared(body, {name: sort for sort, names in known.items() for name in names}))


def _compared(value: Any, known: Any, where: str = "") -> Iterator[str]:
    """What a value has that its reader does not know, or says in another sort."""
    if isinstance(known, str) and known.startswith("as "):
        known = {name: sort for name, sort in _of_kind(known[3:]).items() if name not in ("apiVersion", "kind")} | {
            "apiVersion": "text", "kind": "text"}
    if value is None or known == "any":
        return
    if isinstance(known, str):
        if not _is(value, known):
            yield f"`{where.lstrip('.')}` takes {_SORTS[known]}, not {_told(value)}"
    elif isinstance(known, list):
        if not isinstance(value, list):
            yield f"`{where.lstrip('.')}` takes a list, not {_told(value)}"
            return
        for at, entry in enumerate(value):
            yield from _compared(entry, known[0], f"{where}[{at}]")
    elif not isinstance(value, Mapping):
        yield f"`{where.lstrip('.')}` takes a mapping, not {_told(value)}"
    else:
        for key, below in value.items():
            if key in known or "*" in known:
                yield from _compared(below, known.get(key, known.get("*")), f"{where}.{key}")
            else:
                yield f"`{f'{where}.{key}'.lstrip('.')}` is nothing that its reader knows{did_you_mean(str(key), known)}"


def _is(value: Any, sort: str) -> bool:
    truth, whole = isinstance(value, bool), isinstance(value, int) and not isinstance(value, bool)
    match sort:
        case "yes-no":
            return truth
        case "whole":
            return whole
        case "number":
            return whole or isinstance(value, float)
        case "duration":
            return isinstance(value, str) and _DURATION.fullmatch(value) is not None
        case "quantity":
            return isinstance(value, str) or whole
        case "list":
            return isinstance(value, (str, int)) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        case _:
            return isinstance(value, str)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _left(value: Any) -> Any:
    """A patch without what it takes away: `$patch: delete` stands for a field or a whole document."""
    if isinstance(value, Mapping):
        return {key: _left(below) for key, below in value.items()
                if key != "$patch" and not (isinstance(below, Mapping) and below.get("$patch") == "delete")}
    return [_left(entry) for entry in value] if isinstance(value, list) else value


@cache
def _known(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return found


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    """API version to kind to fields."""
    return {**_known("kubernetes"), **_known("talos")}


def _of_kind(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(kinds[kind] for kinds in _kinds().values() if kind in kinds)
    return found
