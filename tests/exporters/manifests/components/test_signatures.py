"""What signatures are checked by, and what happens while nobody has said it."""

from __future__ import annotations

import base64

import pytest

from catalog import handover
from catalog.settings import pem
from exporters.manifests.references import Obj
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import objects, view, wrong_objects

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
KEY = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"
SIGNED = {"policy-engine": "kyverno", "ci": "jenkins"}


def line(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def policy(signing: str, **settings: str) -> Obj:
    found = view("on-premises", {**SIGNED, "image-signing": signing}, {}, {"policy.mode": "enforce", **settings})
    assert wrong_objects(objects(found, "kyverno", "policies"), found.kubernetes_minor) == []
    return next(obj for obj in objects(found, "kyverno", "policies") if obj["kind"] == "ImageValidatingPolicy")


@pytest.mark.parametrize(
    ("signing", "setting", "text"),
    [("notation", "signing.certificate", CERTIFICATE), ("cosign", "signing.key", KEY)],
    ids=["notation", "cosign"],
)
def test_signatures_are_checked_by_what_the_answers_say_and_only_reported_before_they_do(
    signing: str, setting: str, text: str
) -> None:
    made, open_ = policy(signing, **{setting: line(text)}), policy(signing)
    (attestor,) = made["spec"]["attestors"]
    assert made["spec"]["validationActions"] == ["Deny"] and text in str(attestor).replace("\\n", "\n")
    assert f"attestors.{attestor['name']}" in made["spec"]["validations"][0]["expression"] and "unknown" not in attestor
    assert open_["spec"]["validationActions"] == ["Audit"]
    assert setting in open_["metadata"]["annotations"]["policies.kyverno.io/description"]


def test_a_signature_with_a_key_is_looked_for_in_no_public_log_since_the_pipeline_enters_none() -> None:
    from exporters.delivery.parts import cosign

    (attestor,) = policy("cosign", **{"signing.key": line(KEY)})["spec"]["attestors"]
    assert "--tlog-upload=false" in cosign.SIGN[0] and attestor["cosign"]["ctlog"]["insecureIgnoreTlog"] is True


def test_signatures_that_no_engine_of_the_design_checks_are_warned_of() -> None:
    for engine, signing in (("gatekeeper", "notation"), ("validating-admission-policy", "cosign")):
        design = view("on-premises", {"policy-engine": engine, "image-signing": signing}).design
        assert f"{signing}-verified" in {warning.rule for warning in design.warnings}, engine
        told = [step.do for step in handover.steps(design, design.catalog.components[engine])]
        assert any("Kyverno in its place" in step for step in told)


@pytest.mark.parametrize("text", ["-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n", "hello " * 20])
def test_a_setting_takes_certificates_and_public_keys_and_nothing_else(text: str) -> None:
    assert pem(line(text)) is None and pem("none") is None and pem(line(CERTIFICATE)) == CERTIFICATE
