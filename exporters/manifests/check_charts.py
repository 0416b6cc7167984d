"""Chart values that exist: Helm ignores an unknown key in silence, so every key we set is looked up in the chart.

A key counts as known when the chart's values.yaml has it (also commented out), when its values.schema.json allows it,
when its templates are at hand and use it, or below a mapping that the chart leaves to its user. What it passes on to
others is held to what those know, by `check_passed`. A chart that is not at hand is reported as unverified.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from exporters import paths
from exporters.manifests import check_passed
from exporters.manifests.check import UNSHAPED, Finding, Placed, Tree, is_object

_FREE = re.compile(
    r"(\S+\.ini|\S+\.ya?ml|labels?|annotations?|selectors?|resources|limits|requests|affinity|tolerations|env|environment|extra\w*|\w*_config|config|configs?|params|data|"
    r"\w*securityContext|matchLabels|args|settings|values|stringData|structuredConfig|defaultRules|hosts)$",
    re.IGNORECASE,
)
"""Names of mappings whose keys are the user's own."""


@dataclass(frozen=True)
class Valued:
    """Values of one chart and where they stand."""

    path: str
    chart: str
    version: str
    values: Mapping[str, Any]
    decision: str = ""
    release: str = ""
    namespace: str = ""
    """Where it is installed; empty where the tree does not say."""


def of_tree(tree: Tree) -> list[Valued]:
    """Every chart of a tree with its values, whichever tool delivers it."""
    found: list[Valued] = []
    sources: dict[str, tuple[str, str]] = {}
    for entry in tree.objects():
        if entry.body["kind"] == "OCIRepository":
            with suppress(*UNSHAPED):
                source = entry.body["spec"]
                tag = str((source.get("ref") or {}).get("tag", ""))
                sources[entry.body["metadata"]["name"]] = source["url"].rsplit("/", 1)[-1], tag
    for entry in tree.objects():
        with suppress(*UNSHAPED):  # what is not shaped like its kind is told by the checks of references
            found.extend(_valued(entry, sources))
    return [*found, *_of_files(tree)]


def _valued(entry: Placed, sources: Mapping[str, tuple[str, str]]) -> Iterator[Valued]:
    """The chart that an object of the delivery tool installs."""
    spec = entry.body.get("spec") or {}
    if entry.body["kind"] == "Application" and "chart" in (spec.get("source") or {}):
        source = spec["source"]
        values = (source.get("helm") or {}).get("valuesObject") or {}
        version = str(source.get("targetRevision", ""))
        yield Valued(entry.path, source["chart"], version, values, entry.decision, *_installed(spec))
    elif entry.body["kind"] == "Application" and "helm" in (spec.get("source") or {}):
        name, version = _carried(spec["source"]["path"])
        values = spec["source"]["helm"].get("valuesObject") or {}
        yield Valued(entry.path, name, version, values, entry.decision, *_installed(spec))
    elif entry.body["kind"] == "HelmRelease":
        chart = (spec.get("chart") or {}).get("spec") or {}
        other = sources.get((spec.get("chartRef") or {}).get("name", ""), ("?", ""))
        name, version = (chart["chart"], str(chart.get("version", ""))) if chart else other
        if name.startswith("./"):
            name, version = _carried(name)
        release = str(spec.get("releaseName") or entry.body["metadata"]["name"])
        namespace = str(spec.get("targetNamespace") or entry.body["metadata"].get("namespace", ""))
        yield Valued(entry.path, name, version, spec.get("values") or {}, entry.decision, release, namespace)


def _installed(spec: Mapping[str, Any]) -> tuple[str, str]:
    """Release and namespace of an Application."""
    release = (spec["source"].get("helm") or {}).get("releaseName", "")
    return str(release), str((spec.get("destination") or {}).get("namespace", ""))


def _carried(path: str) -> tuple[str, str]:
    """Name and version of a chart that the repository carries: `charts/cert-manager-v1.21.1`."""
    match = re.search(r"(?:^|/)([a-z0-9][a-z0-9.-]*?)-(v?\d+\.\d+[^/]*)$", path)
    return (match[1], match[2]) if match else (path, "")


def _of_files(tree: Tree) -> Iterator[Valued]:
    """Values files: those that a helmfile names, and those of the bootstrap, whose header names the chart."""
    for path, bodies in tree.files.items():
        if not path.endswith("/helmfile.yaml") or not bodies:
            continue
        folder = path.rsplit("/", 1)[0]
        for release in bodies[0].get("releases") or ():
            for file in release.get("values") or ():
                target = _joined(folder, file)
                values = (tree.files.get(target) or [{}])[0]
                name, version = release["chart"].rsplit("/", 1)[-1], str(release.get("version", ""))
                if not version:
                    name, version = _carried(name)
                if not is_object(values):
                    decision = (release.get("labels") or {}).get("decision", "")
                    yield Valued(target, name, version, values, decision, release["name"], release.get("namespace", ""))
    for path, (name, version, decision) in tree.charts.items():
        if path.startswith(f"{paths.BOOTSTRAP}/"):
            yield Valued(path, name, version, (tree.files.get(path) or [{}])[0], decision)


def _joined(folder: str, relative: str) -> str:
    import posixpath

    return posixpath.normpath(posixpath.join(folder, relative))


def check(
    charts: Iterable[Valued],
    folder: Path | None,
    references: Mapping[str, str],
    validator: check_passed.Validator = lambda api, kind: None,
) -> tuple[list[Finding], list[str]]:
    """(values that their chart does not know or refuses, charts and kinds that are not at hand).

    `validator` holds what a chart passes on to the schema of its kind."""
    findings: list[Finding] = []
    unverified: list[str] = []
    for entry in charts:
        found = chart_at(str(folder), references.get(entry.chart, entry.chart)) if folder is not None else None
        if found is None:
            unverified.append(f"chart {entry.chart} {entry.version}: values unverified, the chart is not at hand")
            continue
        unknown = [f"value {key} does not exist in the chart" for key in unknown_keys(entry.values, found, str(folder))]
        passed, without = check_passed.complaints(entry.values, entry.chart, found.values, validator)
        unverified.extend(without)
        for message in (*unknown, *passed, *refused(entry.values, found)):
            findings.append(Finding(entry.path, "chart", f"chart {entry.chart}", message, entry.decision))
    return findings, list(dict.fromkeys(unverified))


@dataclass(frozen=True)
class Chart:
    """A chart as upstream has it."""

    name: str
    values: Mapping[str, Any]
    text: str
    schema: Mapping[str, Any] | None
    dependencies: Mapping[str, str]
    """Alias (or name) of each dependency to its chart name."""
    place: Path | None = None
    """Its folder, whose templates may use keys that nothing else mentions."""


@cache
def chart_at(folder: str, name: str) -> Chart | None:
    """The chart in the folder called `name`, or else the one that says it is called so."""
    place = folder_of(folder, name)
    if place is None:
        return None
    text = (place / "values.yaml").read_text(encoding="utf-8")
    schema = place / "values.schema.json"
    about = yaml.load((place / "Chart.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    dependencies = {str(entry.get("alias") or entry["name"]): str(entry["name"]) for entry in about.get("dependencies") or ()}
    values = yaml.load(text, yaml.CSafeLoader) or {}
    # Istio's charts keep their defaults below a key of this name and lift them up when they render.
    values = {**values.pop("_internal_defaults_do_not_set", {}), **values}
    rules = json.loads(schema.read_text(encoding="utf-8")) if schema.is_file() else None
    return Chart(name.partition("@")[0], values, text, rules, dependencies, place)


def folder_of(folder: str, name: str) -> Path | None:
    """The folder of a chart: the one called so, or else the one whose Chart.yaml says so. `name@2` is a chart of that major
    version alone, whose values are others than those of the next."""
    name, _, major = name.partition("@")
    place = Path(folder) / name
    if not major and (place / "values.yaml").is_file():
        return place
    return next(
        (
            Path(path)
            for chart, version, path in _named(folder)
            if chart == name and (not major or version.lstrip("v").split(".")[0] == major)
        ),
        None,
    )


@cache
def _named(folder: str) -> tuple[tuple[str, str, str], ...]:
    """Name, version and folder of every chart, in order."""
    found = []
    for path in sorted(Path(folder).glob("*/Chart.yaml")):
        about = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        found.append((str(about.get("name")), str(about.get("version")), str(path.parent)))
    return tuple(sorted(found))


def unknown_keys(values: Mapping[str, Any], chart: Chart, folder: str) -> list[str]:
    """Dotted paths of the keys that the chart does not have."""
    found: list[str] = []
    for key, value in values.items():
        if key == "global" or key == "enabled":
            continue
        if key in chart.dependencies:
            below = chart_at(folder, chart.dependencies[key])
            own = chart.values.get(key)
            if below is not None and isinstance(value, Mapping):
                wider = Chart(
                    below.name,
                    {**below.values, **(own if isinstance(own, Mapping) else {})},
                    below.text + chart.text,
                    below.schema,
                    below.dependencies,
                    below.place,
                )
                found.extend(f"{key}.{entry}" for entry in unknown_keys(value, wider, folder))
            continue
        found.extend(_unknown({key: value}, chart.values, chart.schema, chart, ()))
    return found


def _unknown(values: Mapping[str, Any], known: Any, schema: Any, chart: Chart, above: tuple[str, ...]) -> Iterator[str]:
    for key, value in values.items():
        path = (*above, str(key))
        passed = check_passed.of_chart(chart.name).at(path)
        if passed is not None and not passed.own:
            continue
        inner = _property(schema, str(key), chart.schema)
        if isinstance(known, Mapping) and key in known:
            below = known[key]
            free = _FREE.match(str(key)) and passed is None
            if isinstance(value, Mapping) and isinstance(below, Mapping) and below and not free:
                yield from _unknown(value, below, inner, chart, path)
        elif inner is None and not _commented(chart.text, str(key)) and not _used(chart.place, path):
            yield ".".join(path)


def _commented(text: str, key: str) -> bool:
    return re.search(rf"^\s*#[#\s-]*\"?{re.escape(key)}\"?:", text, re.MULTILINE) is not None


def _used(place: Path | None, path: tuple[str, ...]) -> bool:
    """Whether the templates, or files that they read, use a key that the chart's values do not mention."""
    wanted = re.escape(".".join(("Values", *path)[-2:]))
    return place is not None and re.search(rf"\b{wanted}\b", _templates(place)) is not None


@cache
def _templates(place: Path) -> str:
    files = (path for folder in ("templates", "files") for path in sorted((place / folder).rglob("*")) if path.is_file())
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def _property(schema: Any, key: str, root: Any) -> Any:
    """The schema of a property where the schema names it; None where it does not."""
    if not isinstance(schema, Mapping):
        return None
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Any = root
        for part in reference[2:].split("/"):
            target = target.get(part) if isinstance(target, Mapping) else None
        return _property(target, key, root)
    return (schema.get("properties") or {}).get(key)


def refused(values: Mapping[str, Any], chart: Chart) -> list[str]:
    """What the chart's own schema says about these values laid over its defaults."""
    if chart.schema is None:
        return []
    from jsonschema import validators
    from referencing.exceptions import Unresolvable

    from exporters.manifests.units import laid_over

    validator = validators.validator_for(chart.schema)(chart.schema)
    merged = laid_over(chart.values, values)
    already = {error.message for error in _errors(validator, chart.values, Unresolvable)}
    return [
        f"{'.'.join(str(part) for part in error.absolute_path) or 'values'}: {error.message[:200]}"
        for error in _errors(validator, merged, Unresolvable)
        if error.message not in already
    ]


def _errors(validator: Any, values: Any, unresolvable: type[Exception]) -> list[Any]:
    try:
        return list(validator.iter_errors(values))
    except unresolvable:
        return []  # its schema refers to a file that is not here; the keys were looked up all the same
