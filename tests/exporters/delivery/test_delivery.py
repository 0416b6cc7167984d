"""The exported pipelines parse, run only scripts that exist, and hold no key where the service can do without."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from catalog.catalog import Catalog
from exporters.base import Artifact, Earlier, Stamp
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
    return {artifact.path: artifact.data.decode() for artifact in EXPORTER.export(made, Earlier(), Stamp())
            if isinstance(artifact, Artifact)}


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
def test_deploy_pins_tag_and_digest_in_the_answers_exports_again_and_pushes(tmp_path: Path) -> None:
    def git(*words: str, where: Path) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        return subprocess.run(["git", *who, *words], cwd=where, check=True, capture_output=True, text=True).stdout

    script = exported("gitlab-ci")["delivery/scripts/deploy.sh"]
    assert "pipx install" in script
    # The export itself is tested elsewhere: here a stand-in shows that it runs after the answers were changed.
    script = re.sub(r"^pipx install.*\n", "", script, flags=re.M)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "k8s-wizard").write_text('#!/bin/sh\ncp "$2" exported.txt\n')
    (programs / "k8s-wizard").chmod(0o755)
    origin, work = tmp_path / "origin", tmp_path / "code"
    origin.mkdir()
    image = "registry.example.com/example/app"
    other = f"- {{name: b, image: {image}-other:1}}\n- {{name: c, image: registryXexample.com/example/app:1}}\n"
    (origin / "answers.yaml").write_text(
        f'- {{name: a, image: "{image}:1.0"}}\n- {{name: app, image: {image}@sha256:{"a" * 64}}}\n{other}')
    git("init", "--quiet", "-b", "main", where=origin)
    git("add", ".", where=origin)
    git("commit", "--quiet", "-m", "first", where=origin)
    git("config", "receive.denyCurrentBranch", "ignore", where=origin)
    (work / ".delivery").mkdir(parents=True)
    digest = f"sha256:{'b' * 64}"
    (work / ".delivery" / "app.digest").write_text(f"{digest}\n")
    (work / "deploy.sh").write_text(script)
    told = {"PATH": f"{programs}:/usr/bin:/bin:/usr/local/bin", "TAG": "c0ffee", "DELIVERY_BRANCH": "main",
            "DELIVERY_REPOSITORY": origin.as_uri(), "HOME": str(tmp_path), "DELIVERY_TOKEN": "hidden-word"}
    done = subprocess.run(["sh", "deploy.sh"], cwd=work, env=told, check=True, capture_output=True, text=True)
    expected = (f'- {{name: a, image: "{image}:c0ffee@{digest}"}}\n- {{name: app, image: {image}:c0ffee@{digest}}}\n{other}')
    assert git("show", "main:answers.yaml", where=origin) == expected
    assert git("show", "main:exported.txt", where=origin) == expected
    assert "hidden-word" not in done.stdout + done.stderr
    assert not [path for path in work.rglob("*") if path.is_file() and b"hidden-word" in path.read_bytes()]


def test_an_archive_whose_checksum_differs_is_not_installed(tmp_path: Path) -> None:
    text = exported("travis-ci")["delivery/scripts/tools.sh"]
    function = text[text.index("fetch() {"):text.index("\n}\n") + 3]
    archive = tmp_path / "tool-linux"
    archive.write_text("#!/bin/sh\n")
    sums = tmp_path / "sums.txt"
    (tmp_path / "bin" / ".local" / "bin").mkdir(parents=True)
    run = f'set -eu\nWORK="{tmp_path}/work"\nmkdir -p "$WORK"\n{function}fetch tool {archive.as_uri()} {sums.as_uri()}\n'
    told = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path / "bin")}
    good = hashlib.sha256(archive.read_bytes()).hexdigest()
    for listed, accepted in ((f"{'0' * 64}  tool-linux\n", False), (f"{good}  other-tool-linux.sbom\n", False),
                             (f"{'0' * 64}  tool-linux.sbom\n{good}  tool-linux\n", True)):
        sums.write_text(listed)
        done = subprocess.run(["sh", "-c", run], env=told, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is accepted, done.stderr
        assert (tmp_path / "bin" / ".local" / "bin" / "tool").exists() is accepted


def test_nothing_is_written_without_a_ci_service() -> None:
    assert not list(EXPORTER.export(design({"ci": ()}), Earlier(), Stamp()))


def test_a_service_without_a_module_still_gets_scripts_and_instructions() -> None:
    paths = [artifact.path for artifact in EXPORTER.export(design(), Earlier(), Stamp())]
    assert "delivery/scripts/push.sh" in paths and "delivery/README.md" in paths
