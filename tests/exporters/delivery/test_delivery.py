"""The exported pipelines parse, run only scripts that exist, and hold no key where the service can do without."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from catalog.catalog import Catalog
from exporters.base import Earlier, Stamp
from exporters.delivery.exporter import EXPORTER
from tests.designs import CHOICES, component, design, small_catalog

SERVICES = ("github-actions", "gitlab-ci", "circleci", "travis-ci", "jenkins", "tekton")
KEYLESS = ("github-actions", "gitlab-ci", "circleci")


def catalog(service: str) -> Catalog:
    """The small catalog with a CI service, a registry of Google's and an approval step."""
    base = small_catalog()
    provides = ["ci", "ci-oidc"] if service in KEYLESS else ["ci"]
    step = {"support": "hand-over", "handover": [{"do": "Switch it on.", "link": "https://example.org"}]}
    added = [
        component(service, service, ["ci"], provides=provides, **step),
        component("artifact-registry", "Artifact Registry", ["cdn"], provides=["registry"], clouds=["gcp"],
                  **{"clouds-because": "It is a service of Google Cloud."}),
        component("trivy", "Trivy", ["pod-autoscaling"], provides=["image-scanning"]),
        component("approval", "Approval", ["mesh"], provides=["approval", "gitops", "preview-environments"]),
    ]
    return replace(base, components={**base.components, **{entry.id: entry for entry in added}})


def exported(service: str) -> dict[str, str]:
    choices = {**CHOICES, "ci": (service,), "cdn": ("artifact-registry",), "pod-autoscaling": ("trivy",),
               "mesh": ("approval",)}
    made = design(choices, catalog=catalog(service))
    return {artifact.path: artifact.data.decode() for artifact in EXPORTER.export(made, Earlier(), Stamp())}


@pytest.mark.parametrize("service", SERVICES)
def test_a_pipeline_file_is_written_for_each_service(service: str) -> None:
    files = exported(service)
    pipelines = [path for path in files if "/scripts/" not in path and not path.endswith("README.md")]
    assert len(pipelines) == 1
    text = files[pipelines[0]]
    if not text.startswith("pipeline {"):
        assert list(yaml.safe_load_all(text))
    called = set(re.findall(r"delivery/scripts/([a-z]+)\.sh", text))
    named = set(re.findall(r"value: (test|build|scan|push|deploy)\b", text))
    assert called or named
    assert {f"delivery/scripts/{name}.sh" for name in called - {"SCRIPT"}} <= set(files)
    for step in ("test", "build", "scan", "push", "deploy"):
        assert step in called | named


@pytest.mark.parametrize("service", KEYLESS)
def test_no_password_is_asked_for_where_the_service_can_prove_who_it_is(service: str) -> None:
    files = exported(service)
    assert "create-cred-config" in files["delivery/scripts/push.sh"]
    assert "secrets.REGISTRY_PASSWORD" not in "".join(files.values())
    assert "no key of the registry is stored" in files["delivery/README.md"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="no sh on this machine")
@pytest.mark.parametrize("service", SERVICES)
def test_every_script_is_valid_shell(service: str, tmp_path: Path) -> None:
    for path, text in exported(service).items():
        if path.endswith(".sh"):
            script = tmp_path / "script.sh"
            script.write_text(text)
            done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{path}: {done.stderr}"


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_deploy_pins_the_digest_in_answers_and_manifests_and_pushes_it(tmp_path: Path) -> None:
    def git(*words: str, where: Path) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        return subprocess.run(["git", *who, *words], cwd=where, check=True, capture_output=True, text=True).stdout

    script = exported("github-actions")["delivery/scripts/deploy.sh"]
    origin, work = tmp_path / "origin", tmp_path / "code"
    (origin / "manifests").mkdir(parents=True)
    image = "registry.example.com/example/app"
    (origin / "manifests" / "app.yaml").write_text(f'image: "{image}:1.0"\nother: image: {image}-other:1\n')
    (origin / "answers.yaml").write_text(f"- {{name: app, image: {image}@sha256:{'a' * 64}}}\n")
    git("init", "--quiet", "-b", "main", where=origin)
    git("add", ".", where=origin)
    git("commit", "--quiet", "-m", "first", where=origin)
    git("config", "receive.denyCurrentBranch", "ignore", where=origin)
    (work / ".delivery").mkdir(parents=True)
    digest = f"sha256:{'b' * 64}"
    (work / ".delivery" / "app.digest").write_text(f"{digest}\n")
    (work / "deploy.sh").write_text(script)
    told = {"PATH": "/usr/bin:/bin:/usr/local/bin", "TAG": "c0ffee", "DELIVERY_BRANCH": "main",
            "DELIVERY_REPOSITORY": origin.as_uri(), "HOME": str(tmp_path)}
    subprocess.run(["sh", "deploy.sh"], cwd=work, env=told, check=True, capture_output=True)
    assert git("show", "main:manifests/app.yaml", where=origin) == (
        f'image: "{image}@{digest}"\nother: image: {image}-other:1\n')
    assert f"image: {image}@{digest}" in git("show", "main:answers.yaml", where=origin)


def test_nothing_is_written_without_a_ci_service() -> None:
    assert not list(EXPORTER.export(design({"ci": ()}), Earlier(), Stamp()))


def test_a_service_without_a_module_still_gets_scripts_and_instructions() -> None:
    paths = [artifact.path for artifact in EXPORTER.export(design(), Earlier(), Stamp())]
    assert "delivery/scripts/push.sh" in paths and "delivery/README.md" in paths
