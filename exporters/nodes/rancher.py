"""k3s and RKE2 alike: one configuration file a node, read with its folder `config.yaml.d`, and files it points to.

What differs between the two is in `Product`. Options are those of `server` and `agent` at
https://docs.k3s.io/cli/server and https://docs.rke2.io/reference/server_config.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exporters.nodes import Step, control_plane
from exporters.nodes.machines import CONTROL_PLANE, Machines, spelt
from exporters.nodes.text import fetched, placed

LOCAL = 28
"""Copies of etcd that servers keep on their own disks, where there are others elsewhere."""
_TOKEN_LINES = (
    "The token is made on the first server and carried to the others by hand; it is in no file of the repository.",
)


@dataclass(frozen=True)
class File:
    """A file of the export and where it belongs."""

    name: str
    place: str
    of: str
    """Whose it is: `every node`, `every server`, `the first server`, `every other server`, `pool NAME`."""
    data: Mapping[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Product:
    """The words of one of the two."""

    id: str
    docs: str
    joins_at: int
    """Port at which machines join."""
    first: Mapping[str, Any] = field(default_factory=dict)
    """Options of the first server only."""
    install: str = ""
    """Installs the program; ROLE stands for server or agent, VERSION for a release."""
    static_pods: bool = False
    """True where the API server is a pod, which sees only the files that it is given."""
    more: tuple[File, ...] = ()
    """Files of this product alone."""
    everywhere: Mapping[str, Any] = field(default_factory=dict)
    """Options of servers and agents alike."""

    @property
    def folder(self) -> str:
        """Where configuration lies on a node."""
        return f"/etc/rancher/{self.id}"

    @property
    def data(self) -> str:
        """Where state lies on a node."""
        return f"/var/lib/rancher/{self.id}"


def files(product: Product, machines: Machines, options: Mapping[str, Any]) -> dict[str, str]:
    """Every file; `options` are the product's own for servers."""
    return {
        entry.name: placed(f"{entry.place} of {entry.of}", entry.data, *entry.notes)
        for entry in _files(product, machines, options)
    }


def _files(product: Product, machines: Machines, options: Mapping[str, Any]) -> list[File]:
    config, servers = f"{product.folder}/config.yaml", "every server"
    kubelet = f"{product.data}/agent/etc/kubelet.conf.d/50-design.conf"
    found = [
        File("server.yaml", config, servers, _server(product, machines, options), _TOKEN_LINES),
        File("kubelet.yaml", kubelet, "every node", control_plane.kubelet()),
    ]
    if product.first:
        found.append(File("first-server.yaml", f"{config}.d/10-first.yaml", "the first server", product.first))
    if machines.servers > 1:
        found.append(File("next-server.yaml", f"{config}.d/10-join.yaml", "every other server", _join(product, machines)))
    for pool in machines.pools if machines.dedicated else ():
        taints = [spelt(taint) for taint in machines.taints(pool)]
        labels = [f"{key}={value}" for key, value in machines.labels(pool).items()]
        body = {
            **_join(product, machines),
            "token-file": f"{product.folder}/token",
            "node-label": labels,
            **({"node-taint": taints} if taints else {}),
            **product.everywhere,
            **_node(machines),
        }
        found.append(File(f"agent-{pool.name}.yaml", config, f"pool {pool.name}", body, _TOKEN_LINES))
    if machines.mirror is not None or machines.private_registry is not None:
        note = "An image lies in the registry below the name of where it comes from; nodes read it without signing in."
        body = _registries(product, machines)
        notes = (note,) if machines.mirror is not None else ()
        found.append(File("registries.yaml", f"{product.folder}/registries.yaml", "every node", body, notes))
    for name, data in control_plane.documents(machines).items():
        # A key of its own is the distribution's to make; only a key service is told by a file.
        if name != "encryption.yaml" or machines.at_rest == "service":
            found.append(File(name, f"{product.folder}/{name}", servers, data))
    return [*found, *product.more]


def _server(product: Product, machines: Machines, options: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "token-file": f"{product.folder}/server-token",
        "agent-token-file": f"{product.folder}/token",
        "tls-san": [machines.endpoint],
        "write-kubeconfig-mode": "0600",
    }
    if machines.pods:
        found["cluster-cidr"] = machines.pods
    if machines.services:
        found["service-cidr"] = machines.services
    if not machines.kube_proxy:
        found["disable-kube-proxy"] = True
    if machines.dedicated:
        found["node-taint"] = [f"{CONTROL_PLANE}=true:NoSchedule"]
    elif machines.pools:
        found["node-label"] = [f"{key}={value}" for key, value in machines.labels(machines.pools[0]).items()]
    found |= {**options, **product.everywhere}
    if machines.at_rest == "key":
        found["secrets-encryption-provider"] = "secretbox"
    found |= _snapshots(product, machines)
    arguments = _api_server(product, machines)
    if arguments:
        found["kube-apiserver-arg"] = arguments
    if "etcd" in machines.shown:
        found["etcd-expose-metrics"] = True
    if "core" in machines.shown:
        found |= {f"{part}-arg": ["bind-address=0.0.0.0"] for part in ("kube-controller-manager", "kube-scheduler")}
    if product.static_pods and machines.at_rest == "service":
        folder = control_plane.KMS_SOCKET.rpartition("/")[0]
        found["kube-apiserver-extra-mount"] = [f"{folder}:{folder}"]
    return found | _node(machines)


def _node(machines: Machines) -> dict[str, Any]:
    return {"disable-default-registry-endpoint": True} if machines.mirror is not None and machines.mirror.only else {}


def _join(product: Product, machines: Machines) -> dict[str, Any]:
    return {"server": f"https://{machines.endpoint}:{product.joins_at}"}


def _snapshots(product: Product, machines: Machines) -> dict[str, Any]:
    """Schedule and bucket; the keys of the bucket are in a file that a step of the runbook makes."""
    snapshots = machines.snapshots
    if snapshots is None:
        return {"etcd-disable-snapshots": True}
    found: dict[str, Any] = {"etcd-snapshot-schedule-cron": snapshots.cron, "etcd-snapshot-retention": snapshots.keep}
    store = snapshots.store
    if store is None or store.protocol != "s3":
        return found
    found |= {"etcd-s3": True, "etcd-s3-bucket": store.bucket, "etcd-s3-folder": snapshots.folder}
    if store.host:
        found["etcd-s3-endpoint"] = store.host
    if snapshots.private:
        found["etcd-s3-endpoint-ca"] = _authority(product)
    if store.region:
        found["etcd-s3-region"] = store.region
    # Disks of servers hold a day or two; the bucket holds all of them.
    found["etcd-snapshot-retention"] = min(snapshots.keep, LOCAL)
    return {**found, "etcd-s3-retention": snapshots.keep}


def _api_server(product: Product, machines: Machines) -> list[str]:
    found = []
    if machines.audit and not product.static_pods:
        found += [
            f"audit-policy-file={product.folder}/audit-policy.yaml",
            f"audit-log-path={product.data}/server/logs/audit.log",
            "audit-log-maxage=30",
            "audit-log-maxbackup=10",
            "audit-log-maxsize=100",
        ]
    if machines.sign_on is not None:
        found.append(f"authentication-config={product.folder}/authentication.yaml")
    if machines.at_rest == "service":
        found.append(f"encryption-provider-config={product.folder}/encryption.yaml")
    return found


def _registries(product: Product, machines: Machines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    mirror = machines.mirror
    if mirror is not None:
        found["mirrors"] = {
            name: {"endpoint": [f"https://{mirror.host}"], "rewrite": {"^(.*)$": f"{name}/$1"}}
            for name in control_plane.upstream(mirror)
        }
    if machines.private_registry is not None:
        found["configs"] = {machines.private_registry: {"tls": {"ca_file": _authority(product)}}}
    return found


def _authority(product: Product) -> str:
    return f"{product.folder}/company-ca.crt"


def steps(product: Product, machines: Machines) -> list[Step]:
    """From bare machines to a cluster that answers."""
    at, configuration = machines.path, f"{product.docs}/installation/configuration"
    if product.static_pods:
        configuration = f"{product.docs}/install/configuration"
    found: list[Step] = [
        (
            "A name for the API servers",
            f"Let {machines.endpoint} lead to {_ports(product)} of the servers, by a balancer or an address that moves.",
            f"nc -vz {machines.endpoint} {product.joins_at}",
            "The name resolves; ports answer once the first server runs.",
            f"{product.docs}/{'install/ha' if product.static_pods else 'datastore/ha-embedded'}",
        ),
        (
            "Tokens",
            "On the first server, make both tokens. Carry both to the other servers and `token` alone to the rest, and keep "
            "them with the break-glass credentials: a restore needs the server's.",
            f"install -d -m 0700 {product.folder}\n"
            + "\n".join(
                f"(umask 077 && head -c 32 /dev/urandom | sha256sum | cut -d' ' -f1 >{product.folder}/{name})"
                for name in ("server-token", "token")
            ),
            "Both files belong to root and nobody else can read them.",
            f"{product.docs}/{'security/token' if product.static_pods else 'cli/token'}",
        ),
        (
            "Files of the servers",
            "Put these in place on each server; the first and the others differ in one file.",
            "\n".join(
                f"install -D -m 0600 {at}/{entry.name} {entry.place}"
                + ("" if entry.of in ("every node", "every server") else f"  # on {entry.of} only")
                for entry in _files(product, machines, {})
                if not entry.of.startswith("pool ")
            ),
            f"`ls -l {product.folder}` lists them, and they belong to root.",
            configuration,
        ),
    ]
    if machines.sign_on is not None and machines.sign_on.private:
        found.append(control_plane.vouched(f"{product.folder}/authentication.yaml"))
    copied = machines.snapshots is not None and machines.snapshots.private
    if machines.private_registry is not None or copied:
        found.append(
            control_plane.authority(
                _authority(product),
                "Once the machine runs, it complains of the certificate of neither registry nor bucket."
                if copied and machines.private_registry is not None
                else "Once the machine runs, it pulls from the registry without complaint of its certificate."
                if machines.private_registry is not None
                else f"Once the server runs, `{product.id} etcd-snapshot save` does not complain of the bucket's certificate.",
                f"{product.docs}/{'install/private_registry' if product.static_pods else 'installation/private-registry'}",
            )
        )
    store = machines.snapshots.store if machines.snapshots is not None else None
    if store is not None and store.protocol == "s3":
        found.append(
            (
                "Keys of the bucket for snapshots",
                "On each server, write the keys of the bucket into a file of their own.",
                f"install -d -m 0700 {product.folder}/config.yaml.d && "
                f"(umask 077 && printf 'etcd-s3-access-key: %s\\netcd-s3-secret-key: %s\\n' '<ACCESS KEY>' '<SECRET KEY>' "
                f">{product.folder}/config.yaml.d/20-snapshots.yaml)",
                f"`{product.id} etcd-snapshot save` ends without an error once the server runs.",
                f"{product.docs}/{'datastore/backup_restore' if product.static_pods else 'cli/etcd-snapshot'}",
            )
        )
    if machines.at_rest == "service":
        found.append(_kms(machines))
    found += [
        (
            "The first server, then the others",
            f"Install {product.id} {machines.minor} on the first server and wait until it is up; then one server after the "
            "other.",
            product.install.replace("ROLE", "server"),
            f"`{kubectl(product)} get nodes` lists {machines.servers} servers.",
            f"{product.docs}/{'install/ha' if product.static_pods else 'datastore/ha-embedded'}",
        )
    ]
    if machines.dedicated:
        found.append(
            (
                "The other machines",
                "On each machine of a pool, put that pool's file in place, with what every node has, and install.",
                "\n".join(
                    [
                        f"install -D -m 0600 {at}/agent-<POOL>.yaml {product.folder}/config.yaml",
                        *(
                            f"install -D -m 0600 {at}/{entry.name} {entry.place}"
                            for entry in _files(product, machines, {})
                            if entry.of == "every node"
                        ),
                        product.install.replace("ROLE", "agent"),
                    ]
                ),
                f"`{kubectl(product)} get nodes -L k8s-wizard.dev/pool` lists every machine with its pool.",
                configuration,
            )
        )
    if machines.at_rest == "key":
        found.append(
            (
                "See that Secrets are encrypted",
                "Ask a server.",
                f"{product.id} secrets-encrypt status",
                "Encryption Status: Enabled, and the active key is of type XSalsa20-POLY1305.",
                f"{product.docs}/{'security/secrets_encryption' if product.static_pods else 'security/secrets-encryption'}",
            )
        )
    return found


def _kms(machines: Machines) -> Step:
    return (
        "The key service's plugin",
        "Run the KMS v2 plugin of the key service on each server, with its socket where encryption.yaml looks for it.",
        f"ls -l {control_plane.KMS_SOCKET}",
        "The socket is there before the API server starts.",
        "https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/",
    )


def _ports(product: Product) -> str:
    return "port 6443" if product.joins_at == 6443 else f"ports 6443 and {product.joins_at}"


def kubectl(product: Product) -> str:
    """kubectl as a server has it."""
    return f"{product.data}/bin/kubectl --kubeconfig {product.folder}/rke2.yaml" if product.static_pods else "k3s kubectl"


def upgrade(product: Product, machines: Machines) -> list[Step]:
    """One minor at a time, servers first; by Plan objects in Git or by hand."""
    link = f"{product.docs}/upgrades/{'manual' if not machines.copied_by_plan else 'automated'}"
    found: list[Step] = [
        (
            "A snapshot",
            "On a server, save etcd and see the copy elsewhere.",
            f"{product.id} etcd-snapshot save --name before-upgrade",
            f"`{product.id} etcd-snapshot ls` lists it.",
            f"{product.docs}/{'datastore/backup_restore' if product.static_pods else 'cli/etcd-snapshot'}",
        )
    ]
    if machines.copied_by_plan:
        closed = machines.mirror is not None and machines.mirror.only
        named = " and name the release that was carried in under `upgrades.release`" if closed else ""
        found.append(
            (
                "Servers, then the rest",
                f"Raise `kubernetes.version` in the answers by one minor{named}, export again and merge: the plans take the "
                "servers one by one and then the other machines, in the maintenance window.",
                f"kubectl --context {machines.cluster} -n system-upgrade get plans,jobs --watch",
                "Every job completes and no plan has open nodes.",
                link,
            )
        )
    else:
        found.append(
            (
                "Servers, then the rest",
                "Raise the version by one minor: drain a server, install the new version, restart it, and go on with the next. "
                "Then the other machines.",
                product.install.replace("ROLE", "server"),
                f"`kubectl --context {machines.cluster} get nodes` shows the new version on every node.",
                link,
            )
        )
    return found


def reach(product: Product, machines: Machines) -> tuple[str, ...]:
    """The administrator's kubeconfig of a server, by the name of this cluster and the address of all servers."""
    name = "rke2.yaml" if product.static_pods else "k3s.yaml"
    server = f"s#https://127.0.0.1:6443#https://{machines.endpoint}:6443#"
    return fetched(machines.cluster, f"{product.folder}/{name}", f"s/: default$/: {machines.cluster}/", server)
