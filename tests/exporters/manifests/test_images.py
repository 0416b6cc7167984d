"""Images that a pipeline brings to each environment: where they begin, what a delivery changes, what an export keeps."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from exporters.base import Earlier, Stamp
from exporters.manifests import EXPORTER, check, check_kustomize, images
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

CHOICES = {"ci": "github-actions", "deployment": "flux", "registry": "ghcr", "pipeline-steps": "build-step,push-step"}
SETTINGS = {"delivery.registry-path": "registry.example.com"}
PATH = images.path("prod")
DIGEST = f"sha256:{'c' * 64}"


def exported(earlier: Earlier | None = None, rejects: dict[str, str] | None = None, **choices: str) -> dict[str, str]:
    found = view("on-premises", {**CHOICES, **choices}, settings=SETTINGS, rejects=rejects)
    return {entry.path: entry.data.decode() for entry in EXPORTER.export(found.design, earlier or Earlier(), Stamp())}


def entries(text: str) -> dict[str, dict[str, str]]:
    return {entry["name"]: entry for entry in yaml.safe_load(text)["images"]}


def test_images_begin_as_the_answers_say_and_each_cluster_has_its_own() -> None:
    made = exported()
    assert entries(made[PATH])["registry.example.com/api"]["newTag"]
    overlay = next(text for path, text in made.items() if path.endswith("-workloads/kustomization.yaml") and "clusters" in path)
    assert yaml.safe_load(overlay)["components"] == ["../images"]


def test_an_export_keeps_what_a_delivery_wrote_letter_by_letter() -> None:
    first = exported()[PATH]
    written = first.replace("newTag: 2.0.0", f'newTag: "c0ffee"\n    digest: {DIGEST}')
    assert written != first
    again = exported(Earlier(delivered={PATH: written}))[PATH]
    assert again == written


def test_an_image_that_is_new_is_added_and_what_is_no_image_is_not_taken_over() -> None:
    entry = "{name: registry.example.com/api, newTag: 'x y; rm -rf'}"
    bad = f"kind: Component\nimages:\n- {entry}\n- {{name: gone/image, newTag: '1'}}\n- 7\n"
    made = exported(Earlier(delivered={PATH: bad}))[PATH]
    assert made == exported()[PATH]
    assert exported(Earlier(delivered={PATH: "a: ["}))[PATH] == exported()[PATH]


def test_checks_see_the_images_that_a_cluster_will_run() -> None:
    made = exported()
    made[PATH] = made[PATH].replace("newTag: 2.0.0", f"newTag: 3.0.0\n    digest: {DIGEST}")
    tree = check.Tree({path: list(yaml.safe_load_all(text)) for path, text in made.items()})
    assert check_kustomize.check(tree) == []
    objects, problems = check_kustomize.build(tree, "manifests/clusters/prod")
    assert problems == []
    api = next(entry.body for entry in objects if entry.body["kind"] == "Deployment" and entry.body["metadata"]["name"] == "api")
    assert api["spec"]["template"]["spec"]["containers"][0]["image"] == f"registry.example.com/api:3.0.0@{DIGEST}"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl on this machine to build a kustomization")
def test_kustomize_builds_the_same(tmp_path: Path) -> None:
    made = exported()
    made[PATH] = made[PATH].replace("newTag: 2.0.0", f"newTag: 3.0.0\n    digest: {DIGEST}")
    for path, text in made.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    done = subprocess.run(["kubectl", "kustomize", str(tmp_path / "manifests/clusters/prod")], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert f"image: registry.example.com/api:3.0.0@{DIGEST}" in done.stdout


def test_without_a_pipeline_that_pushes_the_answers_alone_say_what_runs() -> None:
    assert PATH not in exported(rejects={"pipeline-steps": "push-step"}, **{"pipeline-steps": "build-step"})
    assert PATH not in exported(deployment="push-from-ci")
