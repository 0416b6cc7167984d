"""What kustomize itself builds from the export is what the checks build, where kubectl is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from exporters.manifests import check, check_kustomize, overlays
from tests.exporters.manifests.test_check import texts

KUBECTL = shutil.which("kubectl", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))


@pytest.mark.skipif(KUBECTL is None, reason="kubectl is not on this machine")
@pytest.mark.parametrize("how", ["stand-argo", "stand-flux", "stand-push"])
def test_kustomize_builds_what_the_checks_build(how: str, tmp_path: Path) -> None:
    exported = texts(how)
    for path, text in exported.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    tree = check.Tree.of(exported)
    assert KUBECTL is not None
    folders = [path.removesuffix("/kustomization.yaml") for path in exported if path.endswith("/kustomization.yaml")]
    assert any("/clusters/dev" in folder for folder in folders)
    for folder in folders:
        done = subprocess.run(
            [KUBECTL, "kustomize", str(tmp_path / folder)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        built = {overlays.key(body): body for body in yaml.load_all(done.stdout, yaml.CSafeLoader) if body}
        assert built == {overlays.key(entry.body): entry.body for entry in check_kustomize.build(tree, folder)[0]}, folder
