"""Values that people seal and commit: later exports leave them where they are, whatever else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters.base import Earlier, Stamp
from exporters.manifests import EXPORTER
from exporters.manifests.components.sealed_secrets import UNSEALED
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import view
from wizard.output import earlier, plan, write

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

VALUE = "AgBx" + "k7" * 200 + "=="


def exported(before: Earlier | None = None, **choices: str) -> dict[str, str]:
    found = view("on-premises", {"secrets": "sealed-secrets", "dashboards": "grafana", **choices})
    return {entry.path: entry.data.decode() for entry in EXPORTER.export(found.design, before or Earlier(), Stamp())}


def sealed(texts: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Path and name of each sealed object to its values."""
    return {f"{path} {body['metadata']['name']}": body["spec"]["encryptedData"] for path, text in texts.items()
            if "kind: SealedSecret" in text for body in yaml.safe_load_all(text) if body["kind"] == "SealedSecret"}


def test_an_export_keeps_what_was_sealed_and_asks_for_the_rest() -> None:
    first = exported()
    path = next(path for path, text in first.items() if "name: grafana-admin" in text and "SealedSecret" in text)
    filled = first[path].replace(f"admin-password: {UNSEALED}", f"admin-password: {VALUE}")
    again = sealed(exported(Earlier(delivered={path: filled})))
    name = next(name for name in again if name.endswith(" grafana-admin"))
    assert again[name] == {"admin-user": UNSEALED, "admin-password": VALUE}
    assert all(set(values.values()) == {UNSEALED} for other, values in again.items() if other != name)


def test_what_was_sealed_goes_along_when_its_folder_gets_another_rank() -> None:
    first = exported()
    path = next(path for path, text in first.items() if "name: grafana-admin" in text and "SealedSecret" in text)
    filled = first[path].replace(f"admin-password: {UNSEALED}", f"admin-password: {VALUE}")
    moved = sealed(exported(Earlier(delivered={path.replace("manifests/", "manifests/9"): filled})))
    assert [values["admin-password"] for name, values in moved.items() if name.endswith(" grafana-admin")] == [VALUE]


def test_what_is_no_sealed_value_is_not_taken_over() -> None:
    first = exported()
    path = next(path for path, text in first.items() if "name: grafana-admin" in text and "SealedSecret" in text)
    for bad in ("hunter2", "{a: [b]}", "&a x", "'{{ .Values }}'"):
        assert exported(Earlier(delivered={path: first[path].replace(UNSEALED, bad)}))[path] == first[path]
    assert exported(Earlier(delivered={path: "a: ["}))[path] == first[path]


def test_the_folder_of_an_export_tells_what_was_sealed_in_it(tmp_path: Path) -> None:
    found = view("on-premises", {"secrets": "sealed-secrets", "dashboards": "grafana"})
    made = list(EXPORTER.export(found.design, Earlier(), Stamp()))
    write(tmp_path, plan(tmp_path, made, earlier(tmp_path)))
    at = next(entry.path for entry in made if b"name: grafana-admin" in entry.data and b"SealedSecret" in entry.data)
    text = (tmp_path / at).read_text()
    (tmp_path / at).write_text(text.replace(f"admin-user: {UNSEALED}", f"admin-user: {VALUE}"))
    again = list(EXPORTER.export(found.design, earlier(tmp_path), Stamp()))
    assert plan(tmp_path, again, earlier(tmp_path)).stale == ()
