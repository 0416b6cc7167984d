"""RKE2: static pods and etcd on the servers, one of its packaged network plugins or none, the CIS profile on demand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exporters.nodes import Step, control_plane, rancher, resetting
from exporters.nodes.machines import Machines

_PRODUCT = rancher.Product("rke2", "https://docs.rke2.io", 9345, static_pods=True)


def _product(machines: Machines) -> rancher.Product:
    command = f"curl -sfL https://get.rke2.io | INSTALL_RKE2_CHANNEL=v{machines.minor} INSTALL_RKE2_TYPE=ROLE sh -"
    if machines.mirror is not None and machines.mirror.only:
        command = "INSTALL_RKE2_ARTIFACT_PATH=/root/rke2-artifacts INSTALL_RKE2_TYPE=ROLE sh install.sh"
    lines = [command]
    if machines.hardened:
        # The profile makes RKE2 refuse to start until kernel parameters and the owner of etcd's files are there
        # (https://docs.rke2.io/security/hardening_guide).
        lines += [
            "cp /usr/local/share/rke2/rke2-cis-sysctl.conf /etc/sysctl.d/60-rke2-cis.conf  # /usr/share/rke2 after an RPM",
            "systemctl restart systemd-sysctl",
            "id etcd || useradd -r -c 'etcd user' -s /sbin/nologin -M etcd -U",
        ]
    # Agents check their machine against the benchmark too (https://docs.rke2.io/reference/linux_agent_config).
    return replace(_PRODUCT, install="\n".join([*lines, "systemctl enable --now rke2-ROLE.service"]), more=_network(machines),
                   everywhere={"profile": "cis"} if machines.hardened else {})


def files(machines: Machines) -> dict[str, str]:
    """Configuration of servers and agents, and of a packaged network plugin that encrypts
    (https://docs.rke2.io/networking/basic_network_options)."""
    options: dict[str, Any] = {
        "cni": "none" if machines.own_network else machines.network,
        "ingress-controller": "none",
    }
    if machines.audit:
        options["audit-policy-file"] = "/etc/rancher/rke2/audit-policy.yaml"
    return rancher.files(_product(machines), machines, options)


def _network(machines: Machines) -> tuple[rancher.File, ...]:
    """Values of the packaged network plugin, read when RKE2 installs it."""
    if machines.node_encryption is None or machines.own_network:
        return ()
    name = f"rke2-{machines.network}"
    body = {
        "apiVersion": "helm.cattle.io/v1",
        "kind": "HelmChartConfig",
        "metadata": {"name": name, "namespace": "kube-system"},
        "spec": {"valuesContent": f"flannel:\n  backend: {machines.node_encryption}\n"},
    }
    place = f"/var/lib/rancher/rke2/server/manifests/{name}-config.yaml"
    return (rancher.File("network.yaml", place, "every server", body),)


def steps(machines: Machines) -> list[Step]:
    """From bare machines to a cluster that answers."""
    found = rancher.steps(_product(machines), machines)
    first, *rest = found
    more: list[Step] = []
    if machines.mirror is not None and machines.mirror.only:
        more.append(
            (
                "Carry RKE2 in",
                "On a machine with a way out, fetch the release's archives, checksums and install script; put them into "
                f"/root/rke2-artifacts on every machine. {control_plane.carried_images(machines)} go into "
                f"/var/lib/rancher/rke2/agent/images as archives: {control_plane.why_carried(machines)}.",
                "(cd /root/rke2-artifacts && sha256sum --check --ignore-missing sha256sum-amd64.txt)",
                "Every line ends with OK.",
                "https://docs.rke2.io/install/airgap",
            )
        )
    return [first, *more, *rest]


def upgrade(machines: Machines) -> list[Step]:
    """One minor at a time."""
    return rancher.upgrade(_product(machines), machines)


def restore(machines: Machines) -> list[Step]:
    """etcd from a copy of the distribution's own."""
    return resetting.restore(_product(machines), machines)


def reach(machines: Machines) -> tuple[str, ...]:
    """The commands that make a kubectl context."""
    return rancher.reach(_product(machines), machines)
