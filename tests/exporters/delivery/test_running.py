"""Whole pipelines, carried out in a scratch repository: in order, stopped by what stops them, and with no more than is listed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.catalog import Catalog
from exporters.delivery import archives
from exporters.delivery.parts import artifact_analysis, ecr_inspector
from tests.exporters.delivery.services import DIGEST, INDEX, OF, SHA, Event, Place, calls, run
from tests.exporters.delivery.test_pipelines import BOTH, REGISTRIES, SAMPLES, SERVICES, exported, made
from wizard import answers_file
from wizard.complete import resolve
from wizard.solver import Engine

pytestmark = pytest.mark.skipif(shutil.which("git") is None or shutil.which("bash") is None, reason="no git or no bash here")

IMAGES = "manifests/clusters/{}/images/kustomization.yaml"


def carried(
    catalog: Catalog, folder: Path, service: str, event: Event, registry: str = "artifact-registry", **more: Any
) -> Place:
    """A pipeline after an event."""
    found = exported(made(catalog, service, registry, **more))
    image = REGISTRIES[registry]
    begun = "kind: Component\nimages:\n" + "".join(f"  - name: {image}/{name}\n    newTag: 1.0.0\n" for name in ("web", "api"))
    platform = {IMAGES.format(name): begun for name in ("dev", "live")}
    platform["manifests/20-workloads/kustomization.yaml"] = "resources: []\n"
    place = Place(folder, found, platform)
    run(service, place, found[SERVICES[service][0]], event)
    return place


def delivered(place: Place, cluster: str, branch: str = "main") -> bool:
    return DIGEST in place.shown(branch, IMAGES.format(cluster))


def test_a_job_asks_for_a_token_of_five_minutes_when_it_signs_in_and_not_before_it_builds(
        catalog: Catalog, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, "github-actions", Event("merge"))
    asked, built = list(calls(place, "curl", "audience=")), list(calls(place, "docker buildx build"))
    signed_in = list(calls(place, "gcloud auth login"))
    assert signed_in and min(asked) > max(built)
    assert len(asked) == len(signed_in) and all(then < at for then, at in zip(asked, signed_in, strict=True))


def test_two_versions_are_never_brought_to_one_environment_at_once(catalog: Catalog) -> None:
    for service, key in (("github-actions", "concurrency"), ("gitlab-ci", "resource_group"), ("circleci", "serial-group")):
        found = exported(made(catalog, service, "artifact-registry", promotion="tag-promotion"))
        data = yaml.safe_load(found[SERVICES[service][0]])
        jobs = data.get("jobs", data)
        if service == "circleci":
            jobs = {name: job for entry in data["workflows"]["delivery"]["jobs"] if isinstance(entry, dict)
                    for name, job in entry.items()}
        deploys = {name: job[key] for name, job in jobs.items() if name.startswith("deploy-")}
        assert len(deploys) == 2 and len({str(group) for group in deploys.values()}) == 2, service
        assert "ref" not in str(deploys) and "TAG" not in str(deploys)


@pytest.mark.parametrize(("service", "registry"), [
    ("github-actions", "artifact-registry"), ("github-actions", "ghcr"), ("gitlab-ci", "ecr"), ("gitlab-ci", "harbor"),
    ("circleci", "acr"), ("travis-ci", "harbor")])
def test_a_merge_is_tested_built_scanned_pushed_signed_and_delivered_in_this_order(
        catalog: Catalog, service: str, registry: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("merge"), registry)
    assert place.failed == [], place.said
    image = f"{REGISTRIES[registry]}/web"
    test, = calls(place, "test web")
    build, = calls(place, "docker buildx build", f"{image}:{SHA}")
    scan, = calls(place, "trivy image", "web.oci")
    push, = calls(place, "skopeo copy", f"docker://{image}:{SHA}")
    sign, = calls(place, "cosign sign", f"{image}@{DIGEST}")
    assert test < build < scan < push < sign
    if service == "travis-ci":
        assert not delivered(place, "live") and delivered(place, "live", f"deliver/prod/{SHA}")
    else:
        assert delivered(place, "dev") and delivered(place, "live")
    tags = {entry["newTag"] for entry in yaml.safe_load(place.shown(
        f"deliver/prod/{SHA}" if service == "travis-ci" else "main", IMAGES.format("live")))["images"]}
    assert tags == {SHA}


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_scanner_finds_stops_everything_after_it(catalog: Catalog, service: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("merge", scan_fails=True))
    assert place.failed and list(calls(place, "trivy image"))
    assert not list(calls(place, "skopeo copy", "docker://")) and not list(calls(place, "cosign sign"))
    assert not delivered(place, "dev") and not delivered(place, "live")


@pytest.mark.parametrize("service", ["github-actions", "gitlab-ci", "circleci"])
def test_nothing_reaches_production_before_somebody_approves(catalog: Catalog, service: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("merge", approved=False))
    assert place.failed == []
    assert delivered(place, "dev") and not delivered(place, "live")


@pytest.mark.parametrize("service", SERVICES)
def test_a_change_gets_a_preview_and_loses_it(catalog: Catalog, service: str, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "closed").mkdir()
    place = carried(catalog, tmp_path / "open", service, Event("change"))
    assert place.failed == [], place.said
    push, = calls(place, "skopeo copy", "/web:pr-7")
    # By tag alone a second push to the change would change nothing in the cluster.
    assert f'digest: "{DIGEST}"' in (tmp_path / "open" / "shown.yaml").read_text()
    made, = calls(place, "kubectl", "create namespace pr-7")
    assert push < made and list(calls(place, "kubectl", "apply --server-side --force-conflicts"))
    assert not delivered(place, "dev") and not list(calls(place, "cosign sign"))
    assert list(calls(place, "test web")) and list(calls(place, "trivy image"))
    place = carried(catalog, tmp_path / "closed", service, Event("closed"))
    assert place.failed == [] and len(place.ran) == 1, (place.ran, place.said)
    assert list(calls(place, "kubectl --context dev delete namespace pr-7"))
    assert not list(calls(place, "skopeo"))


@pytest.mark.parametrize("service", ["github-actions", "gitlab-ci", "travis-ci"])
def test_a_change_of_a_fork_is_checked_and_gets_no_preview(catalog: Catalog, service: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("change", fork=True))
    assert place.failed == [] and place.ran == ["check"], place.said
    assert not list(calls(place, "skopeo copy", "docker://")) and not list(calls(place, "kubectl"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_tag_is_what_is_delivered_where_tags_deliver(catalog: Catalog, service: str, tmp_path: Path) -> None:
    (tmp_path / "tag").mkdir()
    (tmp_path / "merge").mkdir()
    place = carried(catalog, tmp_path / "tag", service, Event("tag"), promotion="tag-promotion")
    assert place.failed == [], place.said
    assert list(calls(place, "skopeo copy", "/web:v1.2.3"))
    branch = "deliver/prod/v1.2.3" if service == "travis-ci" else "main"
    assert 'newTag: "v1.2.3"' in place.shown(branch, IMAGES.format("live"))
    place = carried(catalog, tmp_path / "merge", service, Event("merge"), promotion="tag-promotion")
    assert place.failed == [] and not list(calls(place, "skopeo copy", "docker://")), place.said


@pytest.mark.parametrize("service", SERVICES)
def test_a_delivery_by_pull_request_changes_no_branch_that_clusters_follow(
        catalog: Catalog, service: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("merge"), promotion="pull-request-promotion")
    assert place.failed == [], place.said
    assert not delivered(place, "live") and delivered(place, "live", f"deliver/prod/{SHA}")
    assert list(calls(place, "curl", "api.github.com/repos/shop/platform/pulls"))


@pytest.mark.parametrize("service", ["gitlab-ci", "travis-ci"])
def test_builders_and_scanners_can_be_exchanged(catalog: Catalog, service: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, service, Event("merge"), "harbor",
                    choices={"image-build": ("buildah",), "image-scanning": ("grype",), "image-signing": ()})
    assert place.failed == [], place.said
    assert list(calls(place, "grype --fail-on high"))
    assert delivered(place, "live", f"deliver/prod/{SHA}" if service == "travis-ci" else "main")


def test_where_no_agent_follows_git_the_pipeline_applies_and_then_says_what_runs(
        catalog: Catalog, engine: Engine, tmp_path: Path) -> None:
    answers = SAMPLES / "small-team" / "answers.yaml"
    design = resolve(answers_file.load(answers, catalog, "answers.yaml"), catalog, engine, reasons=False)
    service, = design.chosen("ci")
    found = exported(design)
    place = Place(tmp_path, found, {"answers.yaml": answers.read_text()})
    run(service, place, found[SERVICES[service][0]], Event("tag"))
    assert place.failed == [], place.said
    push, build = (next(calls(place, words)) for words in ("skopeo copy", "k8s-wizard build answers.yaml"))
    apply = next(calls(place, "helmfile --file"))
    assert push < build < apply and list(calls(place, "kubectl --context", "apply --server-side -k manifests/"))
    assert DIGEST in place.shown("main", "answers.yaml")


@pytest.mark.parametrize(("service", "runners"), [
    ("gitlab-ci", "gitlab-runner"), ("github-actions", "actions-runner-controller")])
def test_jobs_in_the_cluster_hand_their_builds_to_a_builder_beside_them(
        catalog: Catalog, service: str, runners: str, tmp_path: Path) -> None:
    choices = {"runners": (runners,), "image-build": ("buildkit-in-cluster",)}
    place = carried(catalog, tmp_path, service, Event("merge"), "harbor", choices=choices)
    assert place.failed == [], place.said
    build, = calls(place, "buildctl --addr tcp://buildkitd.buildkit.svc:1234", "/web:")
    push, = calls(place, "skopeo copy", "/web:")
    assert build < push and delivered(place, "live")
    assert not [line for line in place.log if line.startswith(("docker ", "sudo ", "curl "))]


_AMAZON = """#!/bin/sh
case "$*" in *imageDigest=sha256:[ab]*) ;; *) exit 254 ;; esac
[ -e "$WORK/begun" ] || { : >"$WORK/begun"; echo '["IN_PROGRESS", null]'; exit; }
case "$*" in *imageDigest=sha256:b*) echo "[\\"COMPLETE\\", {\\"$WORST\\": 1}]" ;; *) echo '["COMPLETE", {"LOW": 3}]' ;; esac
"""
_GOOGLE = """#!/bin/sh
case "$*" in *--location*europe*) ;; *) exit 1 ;; esac
case "$*" in *" scan "*@sha256:[ab]*) echo "scan-${5##*@}" ;; *" list-vulnerabilities scan-sha256:b"*) echo "$WORST" ;;
  *" list-vulnerabilities "*) echo LOW ;; *) exit 1 ;; esac
"""


@pytest.mark.skipif(shutil.which("jq") is None, reason="no jq here")
@pytest.mark.parametrize(("worst", "passes"), [("LOW", True), ("CRITICAL", False)])
@pytest.mark.parametrize(("gate", "program", "answers"), [
    (ecr_inspector.GATE, "aws", _AMAZON), (artifact_analysis.GATE, "gcloud", _GOOGLE)])
def test_a_registrys_scanner_is_waited_for_and_asked_about_each_platform(
        gate: tuple[str, ...], program: str, answers: str, worst: str, passes: bool, tmp_path: Path) -> None:
    for name, text in ((program, answers), ("sleep", "#!/bin/sh\n"), ("skopeo", "#!/bin/sh\nprintf %s \"$INDEX\"\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    setting = {"REPOSITORY": "europe.example.com/shop/web", "REGISTRY": "europe.example.com", "WORK": str(tmp_path), "FAIL": "1",
               "SEVERITIES": "HIGH,CRITICAL", "PINNED": "europe.example.com/shop/web@sha256:list", "INDEX": INDEX,
               "WORST": worst, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-euc", "\n".join(archives.for_each(gate))], env=setting, capture_output=True, text=True,
                          check=False)
    assert (done.returncode == 0) == passes, done.stderr
    assert "no scan" not in done.stderr and (passes or f"web@{OF['arm64']} has vulnerabilities" in done.stderr)
    assert program != "aws" or (tmp_path / "begun").exists()


@pytest.mark.parametrize(("builder", "scanner", "word"), [
    ("buildkit", "trivy", "trivy image --exit-code 1"), ("buildah", "grype", "grype --fail-on high --only-fixed oci-dir:")])
def test_the_image_of_every_platform_is_scanned(
        catalog: Catalog, builder: str, scanner: str, word: str, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, "gitlab-ci", Event("merge"), "harbor", pools=BOTH,
                    choices={"image-build": (builder,), "image-scanning": (scanner,), "image-signing": ()})
    assert place.failed == [], place.said
    for architecture in ("amd64", "arm64"):
        taken, = calls(place, "skopeo copy", f"--override-arch {architecture} oci-archive:", "web.tar")
        assert place.log[taken + 1].startswith(word)
    assert len(list(calls(place, word, "web.oci"))) == 2


def test_a_hole_in_the_second_platform_stops_a_delivery(catalog: Catalog, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, "gitlab-ci", Event("merge", hole_in="arm64"), "harbor", pools=BOTH)
    assert place.failed == ["publish"]
    assert not list(calls(place, "docker://")) and not delivered(place, "dev")


def test_what_one_machine_builds_is_one_platform_and_told_where_nodes_are_of_several(catalog: Catalog, tmp_path: Path) -> None:
    place = carried(catalog, tmp_path, "gitlab-ci", Event("merge"), "harbor", pools=BOTH,
                    choices={"image-build": ("buildpacks",), "image-scanning": ("grype",), "image-signing": ()})
    assert place.failed == [], place.said
    assert len(list(calls(place, "grype", "docker-archive:", "web.tar"))) == 1
    assert "nodes run `linux/amd64`, `linux/arm64`" in place.files["delivery/README.md"]
