"""The company's own certificate authority, where the registry is signed by it: who talks to the registry has to know it.

The root's certificate is no secret, but it has to be the right one: it comes by the way of secrets, from one entry for all.
"""

from __future__ import annotations

from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

FOLDER = "/etc/company-authority"
"""Where pods find it."""
FILE = "ca.crt"
_VOLUME = "company-authority"


def registry(view: View) -> str | None:
    """Host of the registry whose certificate the company's authority signs; None where public authorities do, or another."""
    if not view.gather("authority", "certificates") or not (view.capability("registry-in-cluster") or view.yes("air-gap")):
        return None
    host = view.address("registry") or str(view.setting("registry.host", "") or "")
    return host.split("/", 1)[0] or None


def root(view: View, namespace: str, name: str = FILE) -> Secret | None:
    """The root's certificate under a key in a namespace; None where nobody has to be told."""
    if registry(view) is None:
        return None
    entry: str = view.gather("authority", "certificates")[0]
    suffix = "" if name == FILE else f"-{name.rpartition('.')[0].replace('.', '-')}"
    return view.secret(f"company-authority{suffix}"[:63], {name: entry}, namespace=namespace)


def volume(secret: Secret) -> Obj:
    """The volume with it."""
    return {"name": _VOLUME, "secret": {"secretName": secret.name}}


def mount() -> Obj:
    """Its mount."""
    return {"name": _VOLUME, "mountPath": FOLDER, "readOnly": True}


def environment() -> dict[str, str]:
    """What lets programs of jobs trust it beside public authorities: those in Go by the folder
    (https://pkg.go.dev/crypto/x509#SystemCertPool), those of Node.js by the file
    (https://nodejs.org/api/cli.html#node_extra_ca_certsfile)."""
    return {"SSL_CERT_DIR": f"/etc/ssl/certs:{FOLDER}", "NODE_EXTRA_CA_CERTS": f"{FOLDER}/{FILE}"}
