"""The export as a whole: what stands where, how it is named, what differs, and that it never changes by itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import exporters.manifests
from exporters import paths
from exporters.base import Earlier, Stamp
from exporters.manifests import (
    Manifests,
    bootstrap,
    check,
    check_charts,
    check_kustomize,
    check_references,
    cluster,
    overlays,
    plan,
    runbooks,
    synth,
)
from exporters.manifests.check import Tree
from exporters.manifests.labels import DECISION, RECORD
from exporters.manifests.through import argocd_objects
from exporters.manifests.view import views
from tests.exporters.manifests import generated
from tests.exporters.manifests.standins import CLUSTERS, stand_in

HOWS = ("stand-argo", "stand-flux", "stand-push")


def export(design: Any) -> dict[str, bytes]:
    return {entry.path: entry.data for entry in Manifests().export(design, Earlier(), Stamp())}


@pytest.mark.parametrize("how", HOWS)
def test_the_same_design_gives_the_same_bytes(how: str) -> None:
    design = stand_in({"deployment": (how,)}, clusters=CLUSTERS)
    assert export(design) == export(stand_in({"deployment": (how,)}, clusters=CLUSTERS))


@pytest.mark.parametrize("how", HOWS)
def test_every_path_is_safe_and_every_file_ends_with_a_line(how: str) -> None:
    found = export(stand_in({"deployment": (how,)}, clusters=CLUSTERS))
    assert paths.safe(list(found)) == list(found) == sorted(found)
    assert all(data.endswith(b"\n") and not data.endswith(b"\n\n") for data in found.values())


@pytest.mark.parametrize("how", HOWS)
def test_overlays_build_exactly_what_each_cluster_gets(how: str) -> None:
    design = stand_in({"deployment": (how,)}, clusters=CLUSTERS)
    tree = Tree.of({path: data.decode() for path, data in export(design).items()})
    for name, objects in plan.objects_by_cluster(design).items():
        built, problems = check_kustomize.build(tree, f"manifests/clusters/{name}")
        assert problems == []
        expected = {overlays.key(body): body for body in objects}
        assert {overlays.key(entry.body): entry.body for entry in built} == expected


def test_what_cdk8s_writes_is_what_was_meant() -> None:
    documents = plan.documents(stand_in(clusters=CLUSTERS))
    texts = synth.render(documents)
    for document in documents:
        assert list(yaml.load_all(texts[document.path], yaml.CSafeLoader)) == list(document.objects), document.path


def test_text_that_yaml_would_read_as_something_else_stays_text() -> None:
    tricky = [
        "yes",
        "no",
        "on",
        "1.10",
        "0x1f",
        "~",
        "null",
        "1e3",
        "08",
        "12:30:45",
        "2026-01-01",
        "- a",
        "a: b",
        "#x",
        "",
        " x",
        "---\na",
    ]
    body = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "x"},
        "data": {f"k{at}": value for at, value in enumerate(tricky)},
    }
    document = synth.Document("manifests/01-x/x.yaml", (body,))
    assert yaml.load(synth.render([document])[document.path], yaml.CSafeLoader) == body


@pytest.mark.parametrize("how", HOWS)
def test_every_object_says_which_decision_made_it_its_record_and_who_manages_it(how: str) -> None:
    texts = {path: data.decode() for path, data in export(stand_in({"deployment": (how,)}, clusters=CLUSTERS)).items()}
    placed = list(Tree.of(texts).objects())
    assert len(placed) > 80
    for entry in placed:
        metadata = entry.body["metadata"]
        assert metadata["annotations"].get(DECISION) and metadata["annotations"].get(RECORD), (entry.path, entry.name)
        assert metadata["labels"]["app.kubernetes.io/managed-by"] == "k8s-wizard"
        assert metadata["labels"]["app.kubernetes.io/part-of"] == "shop"


def test_workload_namespaces_are_restricted_and_privileged_ones_say_why() -> None:
    view = views(stand_in())[0]
    spaces = {body["metadata"]["name"]: body["metadata"] for body in cluster.namespaces(view)}
    level = "pod-security.kubernetes.io/enforce"
    assert {spaces[name]["labels"][level] for name in cluster.workload_namespaces(view)} == {"restricted"}
    for metadata in spaces.values():
        if metadata["labels"][level] == "privileged":
            assert metadata["annotations"]["k8s-wizard.dev/pod-security-because"]


def test_pods_of_workloads_are_what_restricted_allows() -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
    pods = [found[1] for body in plan.objects_by_cluster(stand_in())["prod"] if (found := check_references.pod_spec(body))]
    assert len(pods) == 6
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        assert all(volume.keys() & {"emptyDir", "configMap", "secret", "projected"} for volume in pod["volumes"])
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert not any("hostPort" in port for port in container.get("ports", ()))


def test_charts_of_a_component_are_installed_one_after_the_other() -> None:
    for folder in plan.plans(stand_in())[0].folders:
        waves = [
            int(body["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])
            for bodies in argocd_objects.applications(plan.plans(stand_in())[0], folder).values()
            for body in bodies
        ]
        assert waves == sorted(waves) and all(folder.rank * 1000 <= wave < (folder.rank + 1) * 1000 for wave in waves)


@pytest.mark.parametrize("how", HOWS)
def test_without_a_way_out_charts_are_carried_in_the_repository(how: str) -> None:
    design = stand_in({"deployment": (how,)}, context={"air-gap": "yes"})
    found = {path: data.decode() for path, data in export(design).items()}
    assert not any("https://charts.example.org" in text for text in found.values())
    charts = [entry.chart for entry in check_charts.of_tree(Tree.of(found))]
    assert "stand-meter" in charts
    assert check.check(Tree.of(found), ("1.36",)).findings == ()
    carry = next(step for step in bootstrap.steps(design) if step.title == "Carry the charts in")
    assert "helm pull stand-meter --repo https://charts.example.org --version 1.2.3" in carry.command
    installs = [step.command for step in bootstrap.steps(design) if "upgrade --install stand-net" in step.command]
    assert all("charts/stand-net-1.2.3" in command and "--repo" not in command for command in installs) and installs


def test_a_cluster_for_development_differs_in_numbers_only() -> None:
    found = export(stand_in(clusters=CLUSTERS))
    patches = yaml.safe_load(found["manifests/clusters/dev/11-workloads/kustomization.yaml"])["patches"]
    changed = {operation["path"] for patch in patches for operation in yaml.safe_load(patch["patch"])}
    assert changed <= {"/spec/minReplicas", "/spec/maxReplicas", "/spec/replicas"}


def test_one_answer_more_moves_nothing_unrelated() -> None:
    before = export(stand_in())
    after = export(stand_in({"metrics": ()}))
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    kept = {path.split("/", 2)[-1] for path in before.keys() & after.keys()} - {path.split("/", 2)[-1] for path in changed}
    assert {"api.yaml", "cache.yaml", "report.yaml"} <= kept | {path.split("/", 2)[-1] for path in after}
    assert not any("stand-signer" in path for path in changed)


def test_what_follows_git_is_started_once_its_repository_has_the_export() -> None:
    steps = bootstrap.steps(stand_in(clusters=CLUSTERS[:2]))
    titles = [(step.cluster, step.title) for step in steps]
    (put,) = (at for at, step in enumerate(steps) if step.title == "The export in its repository")
    assert put < min(at for at, (_, title) in enumerate(titles) if title in ("Start", "Join the delivery tool"))
    assert all(f"manifests/clusters/{cluster.name}/kustomization.yaml" in steps[put].command for cluster in CLUSTERS[:2])
    pushed = bootstrap.steps(stand_in({"deployment": ("stand-push",)}))
    assert "The export in its repository" not in {step.title for step in pushed}


def test_the_bootstrap_installs_the_network_first_and_the_delivery_tool_last() -> None:
    steps = [step for step in bootstrap.steps(stand_in()) if step.command.startswith("helm ")]
    assert ["stand-net" in steps[0].command, "stand-argo" in steps[-1].command] == [True, True]
    files = export(stand_in())
    for step in steps:
        values = re.search(r"--values (\S+)", step.command)
        assert values is not None and values[1] in files


def test_removal_is_the_reverse_of_installation() -> None:
    design = stand_in({"deployment": ("stand-push",)})
    removed = [re.search(r"uninstall (\S+)", step.command) for step in runbooks.removal(design)]
    charts = [match[1] for match in removed if match]
    made = plan.plans(design)[0]
    installed = [release.chart.release for folder in made.folders for _, release in made.releases(folder)]
    assert charts[: len(installed)] == installed[::-1]


def test_no_secret_value_is_ever_written() -> None:
    for path, data in export(stand_in({"secrets": ("none",)})).items():
        for body in yaml.load_all(data, yaml.CSafeLoader):
            assert not (isinstance(body, dict) and body.get("kind") == "Secret"), path


def test_a_job_with_another_template_is_another_job() -> None:
    names = []
    for image in ("registry.example.com/migrate:7", "registry.example.com/migrate:8"):
        job = next(entry for entry in stand_in().workloads if entry.kind == "job").model_copy(update={"image": image})
        objects = plan.objects_by_cluster(stand_in(workloads=[job]))["prod"]
        names += [body["metadata"]["name"] for body in objects if body["kind"] == "Job"]
    assert len(set(names)) == 2


def test_several_clusters_are_served_by_one_applicationset() -> None:
    found = export(stand_in(clusters=CLUSTERS))
    root = yaml.safe_load(found["manifests/00-bootstrap/root/root.yaml"])
    assert root["kind"] == "ApplicationSet"
    elements = root["spec"]["generators"][0]["list"]["elements"]
    assert [entry["cluster"] for entry in elements] == ["prod", "dev"]
    assert all(f"manifests/clusters/{entry['cluster']}/delivery/kustomization.yaml" in found for entry in elements)


def test_nothing_can_be_chosen_that_has_neither_manifests_nor_steps_for_people() -> None:
    from exporters.manifests.modules import module

    catalog = generated.real_catalog()
    assert catalog is not None
    # Patterns: what they are is in objects of the framework itself, by the capability named or by being chosen.
    patterns = {
        "default-deny", "namespace-isolation", "open-network", "fqdn-network-policy",  # network policies
        "gateway-weights", "mesh-traffic-splitting", "cluster-ip-behind-gateway", "load-balancer-services", "node-ports",
        "burn-rate-rules", "hpa", "pod-security-admission-restricted", "pod-security-admission-baseline",
        "pod-security-by-policy-engine",
    }
    bare = set()
    for component in catalog.components.values():
        charts = component.install.charts if component.install is not None else ()
        made = module(component.id) is not None and any(
            callable(getattr(module(component.id), name, None)) for name in ("objects", "policies", "entry"))
        if not charts and not made and not component.handover and component.support != "known":
            bare.add(component.id)
    assert bare <= patterns, "no chart, no module and no step: nothing comes of choosing it"


def test_the_framework_names_no_component() -> None:
    import catalog

    folder = Path(catalog.__file__).parent / "components"
    ids = {path.stem for path in folder.glob("*/*.yaml")}
    words = {"argocd", "flux", "helmfile", "none"}  # names of the delivery modules, chosen by the kinds a tool brings
    # Ids that are also names of roles, fields of Kubernetes or of custom kinds, or protocols cannot be told from them.
    words |= {"vault", "istio"}  # the keys of a SecretStore and of a Rollout, whoever serves them
    words |= {"http", "grpc", "s3", "gcs", "thrift", "hpa", "restricted", "private-nodes", "default-deny", "exporters"}
    root = Path(exporters.manifests.__file__).parent
    for path in [*root.glob("*.py"), *(root / "through").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in ids - words, f"{path.name}:{node.lineno} names {node.value}"
