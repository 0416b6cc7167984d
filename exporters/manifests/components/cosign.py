"""Cosign: whose signatures count, for a policy engine that verifies them."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View

_KEY = "-----BEGIN PUBLIC KEY-----\nPUBLIC_KEY\n-----END PUBLIC KEY-----\n"
"""Stands where nobody has said the key: nothing is signed with it, and no policy refuses for its sake."""


def attestor(view: View) -> dict[str, Any]:
    """The pipeline's own identity where the CI service issues one, else the public half of a key. Signatures with a key are
    entered into no public log (exporters/delivery/parts), so none is asked for
    (https://github.com/kyverno/kyverno/blob/main/pkg/image/verifiers/ivpol/cosign/opts.go)."""
    for identity in view.gather("signer", "ci"):
        return {"name": "cosign", "cosign": {"keyless": {"identities": [identity]}}}
    key = view.pem("signing.key")
    unlogged = {"insecureIgnoreTlog": True}
    made = {"name": "cosign", "cosign": {"key": {"data": key or _KEY}, "ctlog": unlogged}}
    return made if key is not None else {**made, "unknown": "signing.key"}
