"""checkov fails nothing in what we export, and every skip carries its reason, where checkov is on the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from exporters.manifests import scanned
from tests.exporters.manifests.test_check import texts

FOLDER = Path(__file__).parents[3] / "samples"
SAMPLES = sorted(path.parent.name for path in FOLDER.glob("*/answers.yaml"))
CHECKOV = os.environ.get("CHECKOV") or shutil.which("checkov")


@pytest.mark.slow
@pytest.mark.skipif(CHECKOV is None, reason="checkov is not on this machine (set CHECKOV to its path)")
@pytest.mark.parametrize("name", ["stand-in", *SAMPLES])
def test_checkov_fails_nothing(name: str, tmp_path: Path) -> None:
    tree = tmp_path
    if name == "stand-in":
        for path, text in texts("stand-argo", 1).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    else:
        tree = FOLDER / name / "export" / "manifests"
    assert CHECKOV is not None
    command = [CHECKOV, "-d", str(tree), "--framework", "kubernetes", "-o", "json", "--skip-download"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    report = json.loads(done.stdout)
    failed = [f"{entry['check_id']} {entry['resource']}" for entry in report["results"]["failed_checks"]]
    assert failed == []
    assert report["summary"]["passed"] > 100
    skipped = report["results"]["skipped_checks"]
    assert len(skipped) == report["summary"]["skipped"]
    for entry in skipped:
        assert len(entry["check_result"]["suppress_comment"]) > 20


def pods(**container: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "a", "image": "a/b:1", **container}]}
    return {"kind": "CronJob", "metadata": {}, "spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}}}


def test_pods_of_components_say_why_a_check_is_no_use_and_only_then() -> None:
    told = " ".join(scanned.skips(pods()).values())
    assert all(check in told for check in ("CKV_K8S_11=", "CKV_K8S_15=", "CKV_K8S_38=", "CKV_K8S_40=", "CKV_K8S_43="))
    assert "CKV_K8S_35" not in told and "CKV_K8S_8" not in told
    digest = "a/b@sha256:" + "0" * 64
    told = " ".join(scanned.skips(pods(image=digest, resources={"limits": {"cpu": "1"}})).values())
    assert "CKV_K8S_43" not in told and "CKV_K8S_11" not in told


def test_what_makes_no_pods_or_has_reasons_of_its_own_is_left_alone() -> None:
    assert scanned.skips({"kind": "Service", "metadata": {}, "spec": {}}) == {}
    assert scanned.skips({**pods(), "metadata": {"annotations": {"checkov.io/skip1": "CKV_K8S_11=because"}}}) == {}


def test_what_builds_without_root_says_why_it_is_not_confined() -> None:
    told = scanned.skips(pods(securityContext={"seccompProfile": {"type": "Unconfined"}}))
    said = {text.partition("=")[0] for text in told.values()}
    assert {"CKV_K8S_20", "CKV_K8S_22", "CKV_K8S_28", "CKV_K8S_31", "CKV_K8S_37"} <= said
    confined = scanned.skips(pods(securityContext={"seccompProfile": {"type": "RuntimeDefault"}}))
    assert "CKV_K8S_31" not in str(confined)
