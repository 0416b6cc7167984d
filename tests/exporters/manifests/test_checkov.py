"""checkov fails nothing in what we export, and every skip carries its reason, where checkov is on the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.exporters.manifests.test_check import texts

CHECKOV = os.environ.get("CHECKOV") or shutil.which("checkov")


@pytest.mark.slow
@pytest.mark.skipif(CHECKOV is None, reason="checkov is not on this machine (set CHECKOV to its path)")
def test_checkov_fails_nothing(tmp_path: Path) -> None:
    for path, text in texts("stand-argo", 1).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert CHECKOV is not None
    command = [CHECKOV, "-d", str(tmp_path), "--framework", "kubernetes", "-o", "json", "--skip-download", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    report = json.loads(done.stdout)
    failed = [f"{entry['check_id']} {entry['resource']}" for entry in report["results"]["failed_checks"]]
    assert failed == []
    assert report["summary"]["passed"] > 100
    for entry in report["results"].get("skipped_checks", []):
        assert len(entry["check_result"]["suppress_comment"]) > 20
