"""The promise: a sample driven through the wizard with keys is the same Design, and the same export, as headless."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.catalog import Catalog
from catalog.conditions import Scalar
from exporters.base import Earlier, Stamp
from tests import tiny
from tests.wizard.tui.driving import Driver, driving, real_catalog
from wizard.answers import Answers, Said
from wizard.answers_dump import plain
from wizard.answers_file import load, loads
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.fields import Field, fields, shown
from wizard.tui.rows import Rows
from wizard.tui.screens.forms import Form
from wizard.tui.screens.general import Ask, Pick
from wizard.tui.screens.shaping import MODELS

CATALOG = tiny.catalog(
    [
        tiny.layer([], [
            tiny.question("traffic", ["low", "high"]), tiny.question("protocols", ["http", "grpc"], several=True),
            tiny.question("cloud", ["gcp", "aws"], scope="cluster"),
            tiny.question("environment", ["prod", "dev"], scope="cluster"),
            tiny.question("private", ["no", "yes"], scope="cluster", boolean=True),
        ], id_="use-case"),
        tiny.layer([
            tiny.decision("mesh", "optional"), tiny.decision("cni", scope="cluster"), tiny.decision("backup", "optional"),
            tiny.decision("metrics", "several", settings=[{
                "id": "metrics.retention", "title": "Retention", "type": "duration", "why": "It bounds the disk.",
                "steps": ["7d", "15d"], "default": [{"value": "15d"}]}]),
            tiny.decision("metrics-store", scope="cluster", settings=[{
                "id": "store.size", "title": "Size", "type": "quantity", "why": "It costs.", "steps": ["10Gi", "20Gi"],
                "default": [{"value": "10Gi"}]}]),
        ], id_="inside"),
    ],
    [
        tiny.component("istio", ["mesh"]), tiny.component("cilium", ["cni"]), tiny.component("vpc-cni", ["cni"]),
        tiny.component("flannel", ["cni"], rules=[
            tiny.rule("flannel-has-no-policy", waivable=True, excludes=[{"context": {"traffic": "high"}}])]),
        tiny.component("velero", ["backup"]), tiny.component("restic", ["backup"]),
        tiny.component("prometheus", ["metrics"], releases=[
            {"version": "3.1", **tiny.SOURCE}, {"version": "3.2", **tiny.SOURCE}]),
        tiny.component("small", ["metrics-store"]), tiny.component("big", ["metrics-store"]),
        tiny.component("other", ["metrics-store"]),
    ],
)
"""Made up, so that every key of an answers file can be said of it."""

SAMPLES = sorted(Path(__file__).parents[3].glob("samples/*/answers.yaml"))


LATER = {"calls", "clusters"}
"""What a workload names may come after it: said once everything is there."""


async def drive(driver: Driver, wanted: Answers, catalog: Catalog) -> None:
    """Say everything that the wanted answers say, with keys."""
    await driver.find("name")
    await driver.press("enter")
    await driver.type(wanted.name)
    await driver.press("enter")
    if wanted.priorities.value:
        await driver.find("priorities")
        await driver.press("enter")
        for priority in wanted.priorities.value:
            await driver.pick(priority)
        await driver.pick("")
    for question, said in wanted.context.items():
        for value in said.value:
            await driver.find(question)
            assert driver.desk.under == ("question", question)
            await driver.press("enter")
            await driver.pick(value)
            await driver.agree()
    data = plain(wanted)
    for section, model in MODELS.items():
        entries = data.get(section, [])
        for entry in entries:
            await driver.find(section)
            await driver.press("enter")
            if section == "clusters":
                await driver.type(entry["name"])
                await driver.press("enter")
                await driver.go(("cluster", entry["name"]))
                await driver.press("enter")
            await fill(driver, fields(model), {key: value for key, value in entry.items() if key not in LATER})
            await driver.agree()
            assert driver.app.screen is driver.desk, driver.text()
    for number, entry in enumerate(data.get("workloads", [])):
        later = {key: value for key, value in entry.items() if key in LATER}
        if later:
            await driver.go(("entry", "workloads", str(number)))
            await driver.press("enter")
            await fill(driver, fields(MODELS["workloads"]), later)
            await driver.agree()
    for component, version in data.get("versions", {}).items():
        await driver.find("versions")
        await driver.press("enter")
        await driver.pick(component)
        await driver.pick(version)
        await driver.agree()
    await decide(driver, wanted.choices, wanted.rejects, wanted.settings)
    for entry in wanted.clusters:
        if entry.choices or entry.rejects or entry.settings:
            await look_at(driver, entry.cluster.name)
            await decide(driver, entry.choices, entry.rejects, entry.settings)
            await look_at(driver, None)
    for subject in wanted.pinned:
        await driver.find(subject if subject not in catalog.decisions else f"{subject}={catalog.options[subject][0]}")
        await driver.press("b")


async def look_at(driver: Driver, cluster: str | None) -> None:
    """Turn to one kind of cluster, or to all."""
    kinds = {name: kind.name for kind in driver.app.space.kinds for name in kind.clusters}
    await driver.press("c")
    await driver.pick(("kind", kinds[cluster]) if cluster else ("all",))
    assert driver.desk.kind == (kinds[cluster] if cluster else None)


async def decide(
    driver: Driver, choices: Mapping[str, Said[tuple[str, ...]]], rejects: Mapping[str, Said[tuple[str, ...]]],
    settings: Mapping[str, Said[Scalar]],
) -> None:
    """Choose, reject and set on the pages of the layers."""
    for decision, said in choices.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            assert driver.desk.under == ("option", decision, component)
            if driver.desk.view.shown(decision, component) != "chosen":
                await driver.press("enter")
                await driver.agree()
            assert driver.app.screen is driver.desk, driver.text()
    for decision, said in rejects.items():
        for component in said.value:
            await driver.find(f"{decision}={component}")
            await driver.press("x")
            await driver.agree()
    for setting, value in settings.items():
        await driver.find(setting)
        await driver.press("enter")
        if isinstance(driver.app.screen, Pick):
            keys = [row.key for row in driver.app.screen.query_one(Rows).rows]
            offered = ("value", value.value)
            await driver.pick(offered if offered in keys else ("other",))
        if isinstance(driver.app.screen, Ask):
            await driver.type(str(value.value))
            await driver.press("enter")
        await driver.agree()
        assert driver.app.screen is driver.desk, driver.text()


async def fill(driver: Driver, known: Sequence[Field], entry: Mapping[str, Any]) -> None:
    """Fill in a form that is open, part by part, and take it."""
    form = driver.app.screen
    assert isinstance(form, Form), driver.text()
    for field in known:
        if field.name not in entry or form.value.get(field.name) == entry[field.name]:
            continue
        value = entry[field.name]
        await driver.pick(("field", field.name))
        if field.kind == "part":
            await fill(driver, field.parts, value)
        elif field.kind == "parts":
            for each in value:
                await driver.pick(-1)
                await fill(driver, field.parts, each)
            await driver.press("escape")
        elif isinstance(driver.app.screen, Pick):
            for each in value if field.kind == "words" else [value]:
                if not isinstance(driver.app.screen, Pick):
                    await driver.pick(("field", field.name))
                await driver.pick((shown(field, each) if field.kind == "switch" else str(each),))
        else:
            await driver.type(shown(field, value))
            await driver.press("enter")
        assert driver.app.screen is form, driver.text()
    await driver.pick(("take",))


def unplaced(answers: Answers) -> Answers:
    """The answers without where each was said."""
    return replace(
        answers,
        context={key: Said(said.value) for key, said in answers.context.items()},
        priorities=Said(answers.priorities.value),
        clusters=tuple(replace(
            entry, origin="", choices={key: Said(said.value) for key, said in entry.choices.items()},
            rejects={key: Said(said.value) for key, said in entry.rejects.items()},
            settings={key: Said(said.value) for key, said in entry.settings.items()}) for entry in answers.clusters),
        choices={key: Said(said.value) for key, said in answers.choices.items()},
        rejects={key: Said(said.value) for key, said in answers.rejects.items()},
        pinned={key: Said(None) for key in answers.pinned},
        settings={key: Said(said.value) for key, said in answers.settings.items()},
        versions={key: Said(said.value) for key, said in answers.versions.items()},
        waivers=tuple(Said(said.value) for said in answers.waivers),
        workloads=tuple(Said(said.value) for said in answers.workloads),
        externals=tuple(Said(said.value) for said in answers.externals),
    )


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
async def test_keys_and_the_answers_file_give_the_same_design_and_the_same_export(tmp_path: Path, sample: Path) -> None:
    catalog = real_catalog()
    wanted = load(sample, catalog)
    async with driving(tmp_path / "state", Answers(name="design")) as driver:
        await drive(driver, wanted, catalog)
        await driver.press("S")
        await driver.type(str(tmp_path / "driven.yaml"))
        await driver.press("enter")
        driven = driver.session.answers
    assert plain(driven) == plain(wanted)
    filed = load(tmp_path / "driven.yaml", catalog)
    mine, theirs = resolve(unplaced(driven), catalog), resolve(unplaced(wanted), catalog)
    assert mine == theirs
    assert resolve(unplaced(filed), catalog) == theirs
    one, two = (artifacts(design, Earlier(), Stamp()) for design in (mine, theirs))
    assert {entry.path: entry.data for entry in one.artifacts} == {entry.path: entry.data for entry in two.artifacts}
    assert one.artifacts


EVERYTHING = """
version: 1
name: everything
context: {traffic: low, protocols: [http, grpc]}
priorities: [cost, simplicity]
clusters:
  - name: prod
    environment: prod
    cloud: aws
    region: eu-central-1
    private: true
    ranges: {nodes: 10.0.0.0/20, pods: 10.1.0.0/16, services: 10.2.0.0/20}
    pools:
      - {name: main, machine: m7g.large, nodes: 3, at-least: 2, at-most: 9, architecture: arm64, spot: true, zones: 3,
         compute: fargate, disks: {raw: 2, size: 1Ti}, taints: ["a=b:NoSchedule", "c=d:NoExecute"]}
      - {name: more}
    choices: {cni: vpc-cni, metrics-store: big}
    rejects: {metrics-store: [small]}
    settings: {store.size: 20Gi}
  - {name: dev, environment: dev, cloud: gcp, private: false}
choices: {mesh: none, metrics: [prometheus], cni: cilium}
rejects: {backup: [velero]}
pinned: [mesh, traffic, metrics.retention]
settings: {metrics.retention: 9d}
versions: {prometheus: "3.1"}
waivers: [{rule: flannel-has-no-policy, reason: A test only., owner: us@example.com, until: 2027-01-31}]
externals: [{name: db, title: The books, kind: postgresql, host: db.example.com, port: 5432, cidr: 10.9.0.0/24}]
workloads:
  - name: web
    image: registry.example.com/web:1.4.2
    title: The shop
    port: 8080
    protocol: grpc
    metrics-port: 9090
    host: shop.example.com
    path: /shop
    calls: [jobs-db, db]
    slo: "99.9"
    team: sales
    namespace: shop
    replicas: {at-least: 3, at-most: 8}
    cpu: 250m
    memory: 1Gi
    command: [serve]
    args: ["--name=a b", "--fast"]
    env: {MODE: "a b", LEVEL: debug}
    secrets: [{env: PASSWORD, key: shop/password}, {env: TOKEN, key: shop/token}]
    health: {ready: /ready, live: /alive}
    canary: {image: "registry.example.com/web:1.5.0", weight: 10, header: "x-canary: yes"}
    spot: true
    architecture: arm64
    clusters: [prod]
  - {name: jobs-db, kind: statefulset, image: "registry.example.com/db:1", port: 5432, protocol: tcp,
     volumes: [{path: /data, size: 10Gi}], writable: [/run/db]}
  - {name: nightly, kind: cronjob, image: "registry.example.com/report:1", schedule: "0 3 * * *", calls: [jobs-db]}
"""


def said_of(known: Sequence[Field], entries: Sequence[Mapping[str, Any]]) -> set[str]:
    """The fields that some of the entries fill in, those of their parts with a point."""
    found = {name for entry in entries for name in entry}
    for field in known:
        if field.parts:
            held = [entry[field.name] for entry in entries if field.name in entry]
            inner = [each for value in held for each in (value if isinstance(value, list) else [value])]
            found |= {f"{field.name}.{name}" for name in said_of(field.parts, inner)}
    return found


def known_of(known: Sequence[Field]) -> set[str]:
    """Every field, those of parts with a point."""
    return {name for field in known for name in (
        field.name, *(f"{field.name}.{inner}" for inner in known_of(field.parts)))}


async def test_all_that_a_file_can_say_is_said_with_keys(tmp_path: Path) -> None:
    wanted = loads(EVERYTHING, CATALOG)
    data = plain(wanted)
    # A new field of the answers has to be entered here too, or this fails; which cluster is looked at is no answer.
    assert set(data) >= {field.name for field in dataclasses.fields(Answers)} - {"apart"}
    for section, model in MODELS.items():
        assert known_of(fields(model)) <= said_of(fields(model), data[section]), section
    async with driving(tmp_path / "state", Answers(name="design"), catalog=CATALOG) as driver:
        await drive(driver, wanted, CATALOG)
        await driver.press("S")
        await driver.type(str(tmp_path / "driven.yaml"))
        await driver.press("enter")
        assert plain(driver.session.answers) == data
    assert plain(load(tmp_path / "driven.yaml", CATALOG)) == data


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 3
