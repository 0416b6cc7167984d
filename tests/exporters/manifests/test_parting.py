"""What a change takes that no command gives back, and what it asks of people, is told before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from catalog.catalog import Catalog
from catalog.design import Design
from exporters import nodes
from exporters.manifests import again, in_place, parting
from exporters.manifests.gone import gone
from samples import rebuild
from wizard import answers_file
from wizard.answers import Answers, Said
from wizard.complete import resolve
from wizard.solver import Engine

Make = Callable[..., Design]
With = Callable[..., Design]


@pytest.fixture(scope="module")
def small(catalog: Catalog) -> Answers:
    return answers_file.load(rebuild.HERE / "small-team" / "answers.yaml", catalog, "small-team")


@pytest.fixture(scope="module")
def changed(small: Answers, catalog: Catalog, engine: Engine) -> With:
    """The small team's design with other fields of its second workload, the database."""

    def made(**fields: Any) -> Design:
        shop, db = small.workloads
        calls = shop.value.model_copy(update={"calls": (fields.get("name", db.value.name),)})
        entries = (Said(calls), Said(db.value.model_copy(update=fields)))
        return resolve(replace(small, workloads=entries), catalog, engine, reasons=False)

    return made


def test_the_same_design_takes_and_asks_nothing(make: Make) -> None:
    one = make("small-team")
    assert parting.anew(one, one) == parting.lost(one, one) == parting.raised(one, one) == ()
    assert parting.left_to_people(one, one) == again.handed(one, one) == again.steps(one, one) == again.rejoined(one, one) == ()
    assert nodes.changed(one, one) == {} and not any(parting.hosts(one, one)) and not any(parting.turnover(one, one))


def test_a_store_of_volumes_that_goes_is_agreed_to_with_what_it_asks_before(make: Make) -> None:
    before, after = make("small-team"), make("small-team", distributed_storage="none", block_storage="local-path")
    (lost,) = [entry for entry in parting.lost(before, after) if "/var/lib/longhorn" in entry.because]
    assert lost.clusters == ("hof",)
    assert [command.split(" -n ")[1].split(" ")[0] for command in lost.commands] == ["longhorn-system"]
    assert "copied" in next(entry.because for entry in parting.anew(before, after))
    assert not any("/var/lib/longhorn" in entry.because for entry in parting.lost(after, before))


def test_another_network_plugin_is_told_as_what_no_running_cluster_becomes_with_the_files_of_its_nodes(make: Make) -> None:
    before, after = make("small-team"), make("small-team", cni="calico")
    assert [entry.clusters for entry in parting.anew(before, after)] == [("hof",)]
    assert nodes.changed(before, after) == {"hof": ["nodes/hof/server.yaml"]}
    other = make("small-team", ingress="envoy-gateway")
    assert parting.anew(before, other) == () and nodes.changed(before, other) == {}


def test_a_minor_goes_up_by_its_runbook_and_never_down(make: Make, catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / "start-up" / "answers.yaml", catalog, "start-up")
    said = [{**answers.settings, "kubernetes.version": Said(minor)} for minor in ("1.35", "1.36")]
    one, other = (resolve(replace(answers, settings=settings), catalog, engine, reasons=False) for settings in said)
    assert [entry.what for entry in parting.raised(one, other)] == ["Kubernetes 1.36"] and parting.anew(one, other) == ()
    assert [entry.what for entry in parting.anew(other, one)] == ["Kubernetes 1.35"] and parting.raised(other, one) == ()


def test_a_workload_of_another_name_begins_with_empty_volumes_and_unsealed_values(changed: With) -> None:
    before, after = changed(), changed(name="database")
    (lost,) = parting.lost(before, after)
    assert "hofladen" in lost.because and lost.clusters == ("hof",)
    (step,) = again.steps(before, after)
    assert step.command.startswith("kubeseal --raw ")
    assert step.command.endswith("--namespace hofladen --name database-env --from-file=<FILE WITH POSTGRES_PASSWORD>")
    assert again.steps(before, changed(memory="768Mi")) == ()


def test_larger_volumes_are_grown_and_smaller_ones_told(changed: With) -> None:
    before = changed()
    volume = before.workloads[0].volumes or before.workloads[1].volumes
    (grown,) = in_place.kept(before, changed(volumes=(volume[0].model_copy(update={"size": "40Gi"}),)))
    (command,) = grown.then
    assert "'/data-db-[0-9]+$'" in command and '"storage":"40Gi"' in command and grown.note == ""
    (shrunk,) = in_place.kept(before, changed(volumes=(volume[0].model_copy(update={"size": "2Gi"}),)))
    assert shrunk.then == () and "smaller" in shrunk.note


def test_secrets_that_a_tool_made_outlive_it_and_those_made_by_hand_go_when_nobody_asks(make: Make) -> None:
    sealed, by_hand = make("small-team"), make("small-team", secrets="none")
    going = [entry for entry in gone(sealed, by_hand) if "sealedsecret.bitnami.com/db-env" in entry.command]
    assert [entry.command.count("--cascade=orphan") for entry in going] == [1], "or the Secret goes with it"
    made = {step.title for step in again.steps(sealed, by_hand) if step.title.startswith("Secret ")}
    assert {"Secret hofladen/db-env", "Secret velero/backup-bucket"} <= made
    # Back again: the controller writes to no Secret that it finds.
    steps = again.steps(by_hand, sealed)
    assert sum(step.command.count("annotate secret db-env sealedsecrets.bitnami.com/managed=true") for step in steps) == 1
    assert not any("made by hand" in entry.what for entry in gone(by_hand, sealed))
    without = make("small-team", secrets="none", dashboards="none")
    (grafana,) = [entry for entry in gone(by_hand, without) if "grafana" in " ".join(entry.objects)]
    assert grafana.what == "Namespace grafana", "it takes its Secret along"


def test_a_secret_made_by_hand_in_a_namespace_that_stays_is_taken_away_by_name(
    small: Answers, catalog: Catalog, engine: Engine
) -> None:
    answers = replace(small, choices={**small.choices, "secrets": Said(("none",))})
    shop, db = answers.workloads
    less = replace(answers, workloads=(Said(shop.value.model_copy(update={"secrets": ()})), db))
    before, after = (resolve(each, catalog, engine, reasons=False) for each in (answers, less))
    (entry,) = [entry for entry in gone(before, after) if "secret" in entry.command]
    assert entry.command == "kubectl --context hof --namespace hofladen delete --ignore-not-found secret/shop-env"
    (step,) = [step for step in again.steps(after, before) if step.title.startswith("Secret ")]
    assert step.title == "Secret hofladen/shop-env"


def test_what_reads_a_store_names_the_values_that_it_has_to_hold(make: Make) -> None:
    before, after = make("bank"), make("bank", log_store="loki", log_aggregation="")
    steps = [step for step in again.steps(before, after) if "logs-bucket" in step.do]
    assert [step.cluster for step in steps] == ["hamburg", "bremen"]
    assert "hansebank/loki/logs-bucket/access-key" in steps[0].do and "vault" not in steps[0].do


def test_another_mesh_is_joined_by_a_restart(make: Make) -> None:
    steps = again.rejoined(make("bank"), make("bank", mesh="linkerd"))
    assert [(step.cluster, step.title) for step in steps[:3]] == [
        ("hamburg", f"Restart {space}") for space in ("payments", "risk", "channels")
    ]
    assert steps[0].command.endswith("--namespace payments rollout restart deployment,statefulset,daemonset")


def test_what_is_handed_over_anew_is_told_and_what_people_set_up_for_what_goes_too(make: Make) -> None:
    before, after = make("start-up"), make("start-up", authoritative_dns="cloudflare")
    told = again.handed(before, after)
    assert {entry.title for entry in told} == {"Cloudflare"}
    assert {entry.comes for entry in told} == {"before", "after"}
    assert again.handed(after, before) == ()
    assert parting.left_to_people(after, before) == ("Cloudflare",)


def test_what_people_only_did_again_and_again_is_not_taken_down(make: Make) -> None:
    gone = parting.left_to_people(make("bank"), make("start-up"))
    assert "Hardware load balancer" in gone and "gRPC" not in gone


def test_a_pipeline_brings_its_folders_by_itself_again(make: Make) -> None:
    steps = again.steps(make("small-team"), make("small-team", metrics="victoria-metrics"))
    assert not any("helmfile" in step.command for step in steps)


def test_a_cluster_that_moves_is_another_cluster(catalog: Catalog, engine: Engine) -> None:
    answers = answers_file.load(rebuild.HERE / "start-up" / "answers.yaml", catalog, "start-up")
    (entry,) = answers.clusters
    moved = replace(answers, clusters=(replace(entry, cluster=entry.cluster.model_copy(update={"region": "europe-west4"})),))
    one, other = (resolve(each, catalog, engine, reasons=False) for each in (answers, moved))
    assert [(told.what, told.clusters) for told in parting.anew(one, other)] == [("Cluster prod", ("prod",))]
