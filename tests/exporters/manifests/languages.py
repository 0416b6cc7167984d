"""Readers of the languages that stand in exported objects and chart values: real parsers where living ones can be had.

Each raises ValueError, or what its library raises, for a text that is none of its language.
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from catalog import schedules
from exporters.manifests import check_passed, texts

TABLE = Path(__file__).parent / "languages.yaml"
SUSPECT = re.compile(r"\n|\{\{|\$[({A-Za-z]|=~|&&|\|\||\(\.?\*|\^.*\$|\w\(|^[*/\d]+( [*/,\d-]+){4}")
"""What looks like a program or a part of one."""
PROSE = {"annotations", "message", "description", "summary", "title", "text"}


class Row(NamedTuple):
    """A place and what stands there; no language where that is none."""

    where: str
    at: list[str]
    language: str
    when: str

    def meets(self, where: str, path: tuple[str, ...], text: str) -> bool:
        """True for a text at this place; `*` in a key stands for anything."""
        return (
            where == self.where
            and len(path) == len(self.at)
            and all(_key(part).fullmatch(key) for part, key in zip(self.at, path, strict=True))
            and (not self.when or text[:1] in self.when)
        )


@cache
def _key(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part).replace(r"\*", ".*"))


@cache
def rows() -> tuple[Row, ...]:
    """The table."""
    said = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Row(entry["in"], check_passed.keys(entry["at"]), entry.get("language", ""), entry.get("when", "")) for entry in said
    )


def strings(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text with its path."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, below in entries:
        yield from strings(below, (*path, str(key)))
    if isinstance(value, str):
        yield path, value


# ---- readers


def _promql(text: str) -> None:
    import promql_parser

    promql_parser.parse(re.sub(r"\{\{\s*[\w.]+\s*\}\}", "1m", text))


def series(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Names of series that PromQL reads, with the labels that it asks for."""
    import promql_parser

    def walk(node: Any) -> Iterator[Any]:
        if isinstance(node, promql_parser.VectorSelector):
            yield node
        for name in ("expr", "lhs", "rhs", "vector_selector"):
            if (inner := getattr(node, name, None)) is not None:
                yield from walk(inner)
        for inner in getattr(node, "args", None) or ():
            yield from walk(inner)

    for selector in walk(promql_parser.parse(re.sub(r"\{\{\s*[\w.]+\s*\}\}", "1m", text))):
        yield selector.name, {matcher.name: matcher.value for matcher in selector.matchers.matchers}


@cache
def program(expression: str) -> Any:
    """A CEL program with the function of strings that Kubernetes has and the language itself has not."""
    import celpy
    from celpy import celtypes

    def split(text: Any, separator: Any) -> Any:
        return celtypes.ListType([celtypes.StringType(part) for part in text.split(separator)])

    environment = celpy.Environment()
    return environment.program(environment.compile(expression), functions={"split": split})


def _regex(text: str) -> None:
    import re2

    re2.compile(text)


def _seconds(text: str) -> None:
    second, _, rest = text.partition(" ")
    if not second.isdigit():
        raise ValueError(f"{second} is no second")
    schedules.check(rest)


def _logstash(text: str) -> None:
    from logstash_pipeline_parser import Pipeline

    if not text.strip() or not Pipeline(text).parse():
        raise ValueError("it does nothing")


def _jq(text: str) -> None:
    import jq

    jq.compile(f"path({text})")


def _lua(text: str) -> None:
    import lupa.lua51

    runtime = lupa.lua51.LuaRuntime()
    judge = runtime.eval(f"function(obj) {text} end")
    for status in ({}, {"status": {}}, {"status": {"health": {"status": "Healthy", "message": "well"}}}):
        judged = dict(judge(runtime.table_from(status, recursive=True)))
        if judged["status"] != ("Healthy" if status.get("status") else "Progressing"):
            raise ValueError(f"it takes {status} for {judged}")


def _casbin(text: str) -> None:
    """https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/"""
    known = {"role:admin", "role:readonly"}
    lines = [[part.strip() for part in line.split(",")] for line in text.splitlines() if line.strip()]
    known |= {line[1] for line in lines if line[0] == "p"}
    for line in lines:
        if len(line) != {"g": 3, "p": 6}.get(line[0]) or (line[0] == "g" and line[2] not in known):
            raise ValueError(f"{line} is no rule")


def _hcl(text: str) -> None:
    import hcl2

    hcl2.loads(text)


def _held(language: str) -> Callable[[str], None]:
    def reader(text: str) -> None:
        _, wrong = texts.read(language, text)
        if wrong:
            raise ValueError(wrong[0])

    return reader


def _matcher(text: str) -> None:
    """https://prometheus.io/docs/alerting/latest/configuration/#label-matchers"""
    match = re.fullmatch(r'[A-Za-z_]\w* ?(=|!=|=~|!~) ?"([^"]*)"', text)
    if match is None:
        raise ValueError(f"{text} is no matcher")
    if "~" in match[1]:
        _regex(match[2])


def _template(text: str) -> None:
    """The data that a template is given (https://prometheus.io/docs/alerting/latest/notifications/)."""
    given = {"Alerts", "Annotations", "CommonAnnotations", "CommonLabels", "GroupLabels", "Labels", "Receiver", "Status"}
    depth = 0
    for action in re.findall(r"\{\{-?\s*(.*?)\s*-?\}\}", text):
        depth += action.startswith(("range", "if", "with")) - (action == "end")
        for name in re.findall(r"(?:^|[\s(])\.([A-Z]\w*)", action):
            if name not in given:
                raise ValueError(f"nothing gives .{name}")
    if depth or text.count("{{") != text.count("}}"):
        raise ValueError("a block is not ended")


def _command(text: str) -> None:
    """A script given to a shell; an argument that is none stands as it is."""
    if " " in text and re.search(r"[|&;<]|\$\(", text):
        done = subprocess.run(["sh", "-n", "-c", text], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(done.stderr.strip())


def _vrl(text: str) -> None:
    """As `verify` reads it; no parser of others is to be had."""
    exports = check_passed.of_chart("vector").exports
    config = {"sources": {"a": {}}, "transforms": {"b": {"type": "remap", "inputs": ["a"], "source": text}}}
    if told := texts.leads("Vector", [config], exports):
        raise ValueError(told[0])


READERS: Mapping[str, Callable[[str], Any]] = {
    "promql": _promql, "cel": program, "regex": _regex, "cron": schedules.check, "cron with seconds": _seconds,
    "logstash": _logstash, "json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load, "jq": _jq, "lua": _lua,
    "casbin": _casbin, "hcl": _hcl, "alloy": _held("Alloy"), "sections": _held("Fluent Bit"), "fluentd": _held("Fluentd"),
    "variable": lambda text: None, "vrl": _vrl,
    "matcher": _matcher, "template": _template, "command": _command, "elements": lambda text: None,
}
