"""Notation: the certificate that signatures lead to, for a policy engine that verifies them."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View

_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nSIGNING_CERTIFICATE\n-----END CERTIFICATE-----\n"
"""Stands where nobody has said the certificate: nothing leads to it, and no policy refuses for its sake."""


def attestor(view: View) -> dict[str, Any]:
    """The certificate, as the root of all trust: whoever holds another one below it may sign too
    (https://kyverno.io/docs/policy-types/image-validating-policy/)."""
    certificate = view.pem("signing.certificate")
    made = {"name": "notary", "notary": {"certs": {"value": certificate or _CERTIFICATE}}}
    return made if certificate is not None else {**made, "unknown": "signing.certificate"}
