"""The company's own certificate authority: who talks to something that it signs has to be told of it.

The root's certificate is no secret, but it has to be the right one: it comes by the way of secrets, from one entry for all.
Programs are told beside the public authorities that they know, never instead of them, wherever they can be.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from exporters.manifests.references import Obj, ObjectStore, Secret
from exporters.manifests.view import View

FOLDER = "/etc/company-authority"
"""Where pods find it."""
FILE = "ca.crt"
NAME = "company-authority"
"""The Secret with it, and the volume."""


def chosen(view: View) -> bool:
    """True where certificates of this cluster are signed by an authority that nobody knows who has not been told."""
    return bool(view.gather("authority", "certificates"))


def signs(view: View, address: str | None) -> bool:
    """Whether the company's authority signs what answers at an address: a host of the design's own domain, and any host
    where no public authority can reach."""
    parts = urlsplit(address or "")
    if parts.scheme != "https" or not parts.hostname or not chosen(view):
        return False
    return view.yes("air-gap") or f".{parts.hostname}".endswith(f".{view.domain}")


def registry(view: View) -> str | None:
    """Host of the registry whose certificate the company's authority signs; None where public authorities do, or another."""
    if not chosen(view) or not (view.capability("registry-in-cluster") or view.yes("air-gap")):
        return None
    host = view.address("registry") or str(view.setting("registry.host", "") or "")
    return host.split("/", 1)[0] or None


def root(view: View, namespace: str, *addresses: str | None, name: str = FILE) -> Secret | None:
    """The root's certificate under a key in a namespace; None where it signs nothing at these addresses."""
    return brought(view, namespace, name) if any(signs(view, address) for address in addresses) else None


def of_registry(view: View, namespace: str) -> Secret | None:
    """The root's certificate in a namespace, where it signs the registry."""
    return brought(view, namespace) if registry(view) is not None else None


def of_store(view: View, store: ObjectStore | None) -> Secret | None:
    """The root's certificate beside who asks for a bucket, where it signs the address of the bucket."""
    return root(view, view.namespace, store.endpoint if store is not None else None)


def brought(view: View, namespace: str, name: str = FILE) -> Secret | None:
    """The root's certificate under a key in a namespace, for who talks to what people name later; None without such an
    authority."""
    if not chosen(view):
        return None
    suffix = "" if name == FILE else f"-{name.rpartition('.')[0].replace('.', '-')}"
    return view.secret(f"{NAME}{suffix}"[:63], {name: entry(view)}, namespace=namespace)


def entry(view: View) -> str:
    """Where the store of secrets keeps it."""
    found: str = view.gather("authority", "certificates")[0]
    return found


def volume(secret: Secret) -> Obj:
    """The volume with it."""
    return {"name": NAME, "secret": {"secretName": secret.name}}


def mount() -> Obj:
    """Its mount."""
    return {"name": NAME, "mountPath": FOLDER, "readOnly": True}


def folders(folder: str = FOLDER) -> str:
    """Where programs in Go look for authorities, with the company's: the folders of this variable beside the files of the
    system (https://pkg.go.dev/crypto/x509#SystemCertPool)."""
    return f"/etc/ssl/certs:{folder}"


def variable(folder: str = FOLDER) -> Obj:
    """What lets a program in Go trust it beside public authorities, as an entry of `env`."""
    return {"name": "SSL_CERT_DIR", "value": folders(folder)}


def environment() -> dict[str, str]:
    """What lets programs of jobs trust it beside public authorities: those in Go by the folder, those of Node.js by the file
    (https://nodejs.org/api/cli.html#node_extra_ca_certsfile)."""
    return {"SSL_CERT_DIR": folders(), "NODE_EXTRA_CA_CERTS": f"{FOLDER}/{FILE}"}
