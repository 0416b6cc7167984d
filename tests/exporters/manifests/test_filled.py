"""Values that people seal and commit: later exports leave them where they are, whatever else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters.base import Earlier, Stamp
from exporters.manifests import EXPORTER, check
from exporters.manifests.components.sealed_secrets import UNSEALED
from exporters.manifests.components.sops import UNFILLED
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import view
from wizard.output import earlier, plan, write

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

VALUE = "AgBx" + "k7" * 200 + "=="


def exported(before: Earlier | None = None, **choices: str) -> dict[str, str]:
    found = view("on-premises", {"secrets": "sealed-secrets", "metrics": "prometheus", "dashboards": "grafana", **choices})
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


def encrypted(text: str) -> str:
    """What SOPS makes of a file."""
    return text.replace(UNFILLED, "ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]") + "sops:\n  mac: ENC[x]\n  version: 3.13.3\n"


def test_a_file_that_was_encrypted_stays_letter_by_letter_and_holds_one_secret_alone() -> None:
    choices = {"secrets": "sops", "deployment": "flux"}
    first = exported(**choices)
    paths = [path for path, text in first.items() if UNFILLED in text]
    assert paths and all(path.endswith(".sops.yaml") for path in paths)
    assert all(len(list(yaml.safe_load_all(first[path]))) == 1 for path in paths)
    held = {path: encrypted(first[path]) for path in paths}
    again = exported(Earlier(delivered=held), **choices)
    assert {path: again[path] for path in paths} == held
    assert {path for path in again if path not in paths and again[path] != first[path]} == set()


def test_an_encrypted_file_moves_with_its_folder_and_is_asked_for_anew_when_a_key_is_wanted_that_it_lacks() -> None:
    choices = {"secrets": "sops", "deployment": "flux"}
    first = exported(**choices)
    path = next(path for path in first if path.endswith("grafana-admin.sops.yaml"))
    held = encrypted(first[path])
    moved = exported(Earlier(delivered={path.replace("manifests/", "manifests/9"): held}), **choices)
    assert moved[path] == held
    short = held.replace("  admin-user: ENC[AES256_GCM,data:aa,iv:bb,tag:cc,type:str]\n", "")
    assert short != held and exported(Earlier(delivered={path: short}), **choices)[path] == first[path]
    assert exported(Earlier(delivered={path: first[path]}), **choices)[path] == first[path]


def test_flux_opens_what_lies_encrypted_in_git_and_only_flux_is_offered_for_it() -> None:
    folders = [body for path, text in exported(secrets="sops", deployment="flux").items() if "/delivery/" in path
               for body in yaml.safe_load_all(text) if body.get("kind") == "Kustomization" and "wait" in body.get("spec", {})]
    assert folders and all(body["spec"]["decryption"]["secretRef"] == {"name": "sops-age"} for body in folders)
    sops = generated.real_catalog().components["sops"]  # type: ignore[union-attr]
    refused = {str(literal) for rule in sops.rules for literal in rule.excludes or ()}
    assert any("argo-cd" in text for text in refused) and any("push-from-ci" in text for text in refused)


def test_how_a_secret_is_encrypted_is_no_fault_of_it() -> None:
    first = exported(secrets="sops", deployment="flux")
    held = {path: encrypted(text) if path.endswith(".sops.yaml") else text for path, text in first.items()}
    secrets = [body for bodies in check.Tree.of(held).files.values() for body in bodies if body.get("kind") == "Secret"]
    assert secrets and all("sops" not in body for body in secrets)
