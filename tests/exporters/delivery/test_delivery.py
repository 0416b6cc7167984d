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
from catalog.workloads import Workload
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
    pinned = {"version": "v1", "commit": "0" * 40, "source": "https://example.org/tags", "checked": "2026-01-01"}
    added = [
        component(service, service, ["ci"], provides=provides,
                  extras={"checkout": pinned, "create-github-app-token": pinned}, **step),
        component("artifact-registry", "Artifact Registry", ["cdn"], provides=["registry"], clouds=["gcp"],
                  **{"clouds-because": "It is a service of Google Cloud."}),
        component("trivy", "Trivy", ["pod-autoscaling"], provides=["image-scanning"], extras={"trivy": pinned}),
        component("approval", "Approval", ["mesh"], provides=["approval", "gitops", "preview-environments"]),
    ]
    return replace(base, components={**base.components, **{entry.id: entry for entry in added}})


def exported(service: str) -> dict[str, str]:
    choices = {**CHOICES, "ci": (service,), "cdn": ("artifact-registry",), "pod-autoscaling": ("trivy",),
               "mesh": ("approval",)}
    workloads = [Workload(name="app", image="registry.example.com/example/app:1.0")]
    made = design(choices, catalog=catalog(service), workloads=workloads)
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
    assert "create-cred-config" in files["delivery/scripts/registry.sh"]
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


def _git(*words: str, where: Path) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *who, *words], cwd=where, check=True, capture_output=True, text=True).stdout


def _repository(folder: Path, files: dict[str, str]) -> Path:
    """A repository of manifests that can be pushed to."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    _git("init", "--quiet", "-b", "main", where=folder)
    _git("add", ".", where=folder)
    _git("commit", "--quiet", "-m", "first", where=folder)
    _git("config", "receive.denyCurrentBranch", "ignore", where=folder)
    return folder


def _ran(script: str, work: Path, origin: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A script of the pipeline, where a push left its digest."""
    (work / ".delivery").mkdir(parents=True, exist_ok=True)
    (work / "deploy.sh").write_text(script)
    told = {"PATH": "/usr/bin:/bin:/usr/local/bin", "TAG": "c0ffee", "DELIVERY_BRANCH": "main", "HOME": str(work),
            "DELIVERY_REPOSITORY": origin.as_uri(), "DELIVERY_TOKEN": "hidden-word", **more}
    done = subprocess.run(["sh", "deploy.sh", *words], cwd=work, env=told, capture_output=True, text=True, check=False)
    assert "hidden-word" not in done.stdout + done.stderr
    assert not [path for path in work.rglob("*") if path.is_file() and b"hidden-word" in path.read_bytes()]
    return done


IMAGES = "manifests/clusters/{}/images/kustomization.yaml"
DIGEST = f"sha256:{'b' * 64}"


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_delivery_writes_the_images_of_one_environment_and_leaves_the_others(tmp_path: Path) -> None:
    script = exported("gitlab-ci")["delivery/scripts/deploy.sh"]
    assert "k8s-wizard" not in script
    image = "registry.example.com/example/app"
    begun = (f"# Images\n---\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n"
             f"  - name: {image}\n    newTag: \"1.0\"\n    digest: sha256:{'a' * 64}\n"
             f"  - name: {image}-other\n    newTag: 2.0.0\n")
    origin = _repository(tmp_path / "origin", {IMAGES.format(name): begun for name in ("prod", "dev")})
    work = tmp_path / "code"
    (work / ".delivery").mkdir(parents=True)
    (work / ".delivery" / "app.digest").write_text(f"{DIGEST}\n")
    assert _ran(script, work, origin, "prod").returncode == 0
    written = yaml.safe_load(_git("show", f"main:{IMAGES.format('prod')}", where=origin))
    assert written["images"] == [{"name": image, "newTag": "c0ffee", "digest": DIGEST},
                                 {"name": f"{image}-other", "newTag": "2.0.0"}]
    assert _git("show", f"main:{IMAGES.format('dev')}", where=origin) == begun
    assert "nothing to deliver" in _ran(script, work, origin, "prod").stdout
    assert _ran(script, work, origin, "nowhere").returncode == 2


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_a_delivery_that_another_one_overtook_is_written_on_top_of_it(tmp_path: Path) -> None:
    script = exported("gitlab-ci")["delivery/scripts/deploy.sh"]
    image, begun = "registry.example.com/example/app", "kind: Component\nimages:\n"
    app = f"  - name: {image}\n    newTag: 1.0.0\n"
    origin = _repository(tmp_path / "origin", {IMAGES.format("prod"): begun + app})
    # The other one changes the line beside, before this one pushes for the first time.
    overtakes = tmp_path / "bin" / "git"
    overtakes.parent.mkdir()
    other = begun + app + "  - name: registry.example.com/example/other\n    newTag: 2.0.0\n"
    (tmp_path / "other").write_text(other)
    who = "-c user.name=o -c user.email=o@example.org"
    overtakes.write_text(
        f"#!/bin/sh\nPATH=/usr/bin:/bin\nif [ \"$1\" = push ] && [ ! -e {tmp_path}/done ]; then\n  : >{tmp_path}/done\n"
        f"  cp {tmp_path}/other {origin}/{IMAGES.format('prod')}\n"
        f"  env -i PATH=$PATH git -C {origin} {who} commit --quiet --all -m other\nfi\nexec git \"$@\"\n")
    overtakes.chmod(0o755)
    work = tmp_path / "code"
    (work / ".delivery").mkdir(parents=True)
    (work / ".delivery" / "app.digest").write_text(f"{DIGEST}\n")
    done = _ran(script, work, origin, "prod", PATH=f"{overtakes.parent}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(_git("show", f"main:{IMAGES.format('prod')}", where=origin))["images"] == [
        {"name": image, "newTag": "c0ffee", "digest": DIGEST},
        {"name": "registry.example.com/example/other", "newTag": "2.0.0"}]


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_an_image_that_the_manifests_do_not_name_is_not_delivered_in_silence(tmp_path: Path) -> None:
    script = exported("gitlab-ci")["delivery/scripts/deploy.sh"]
    begun = "kind: Component\nimages:\n  - name: registry.example.com/example/other\n    newTag: 1.0.0\n"
    origin = _repository(tmp_path / "origin", {IMAGES.format("prod"): begun})
    (tmp_path / "code" / ".delivery").mkdir(parents=True)
    (tmp_path / "code" / ".delivery" / "app.digest").write_text(f"{DIGEST}\n")
    done = _ran(script, tmp_path / "code", origin, "prod")
    assert done.returncode == 1 and "export the manifests again" in done.stderr


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
