"""k3s: embedded etcd over the servers, its own Flannel or none, and the packaged parts that the design uses."""

from __future__ import annotations

from typing import Any

from exporters.nodes import Step, control_plane, rancher, resetting
from exporters.nodes.machines import Machines

_PRODUCT = rancher.Product(
    "k3s",
    "https://docs.k3s.io",
    6443,
    first={"cluster-init": True},
    everywhere={"protect-kernel-defaults": True},
    install="curl -sfL https://get.k3s.io | INSTALL_K3S_CHANNEL=v{minor} sh -s - ROLE",
)
_PACKAGED = {"balancer": "servicelb", "local-volumes": "local-storage"}
"""Packaged parts by what they do; the others are named below."""


def _product(machines: Machines) -> rancher.Product:
    from dataclasses import replace

    command = _PRODUCT.install.replace("{minor}", machines.minor)
    if machines.mirror is not None and machines.mirror.only:
        command = "INSTALL_K3S_SKIP_DOWNLOAD=true sh install.sh ROLE"
    return replace(_PRODUCT, install=command)


def files(machines: Machines) -> dict[str, str]:
    """Configuration of servers and agents (https://docs.k3s.io/installation/packaged-components)."""
    options: dict[str, Any] = {
        "disable": ["traefik", *(name for use, name in _PACKAGED.items() if use not in machines.keeps)]
    }
    if machines.own_network:
        options |= {"flannel-backend": "none", "disable-network-policy": True}
    elif machines.node_encryption == "wireguard":
        options["flannel-backend"] = "wireguard-native"
    options["secrets-encryption"] = machines.at_rest == "key"
    return rancher.files(_product(machines), machines, options)


def steps(machines: Machines) -> list[Step]:
    """From bare machines to a cluster that answers."""
    kernel: Step = (
        "Kernel parameters",
        "On each machine, set what kubelets expect; they refuse to start otherwise.",
        "printf 'vm.panic_on_oom=0\\nvm.overcommit_memory=1\\nkernel.panic=10\\nkernel.panic_on_oops=1\\n' "
        ">/etc/sysctl.d/90-kubelet.conf && sysctl -p /etc/sysctl.d/90-kubelet.conf",
        "Four values are printed.",
        "https://docs.k3s.io/security/hardening-guide",
    )
    logs: Step = (
        "A folder for the audit log",
        "On each server, make the folder that the API server writes its audit log to.",
        "install -d -m 0700 /var/lib/rancher/k3s/server/logs",
        "Only root can read it.",
        "https://docs.k3s.io/security/hardening-guide",
    )
    found = rancher.steps(_product(machines), machines)
    if machines.mirror is not None and machines.mirror.only:
        carry: Step = (
            "Carry k3s in",
            "On a machine with a way out, fetch the release's program, archive of images, checksums and install script, and put "
            "the archive into /var/lib/rancher/k3s/agent/images on every machine. "
            f"{control_plane.carried_images(machines)} go there as archives too: {control_plane.why_carried(machines)}.",
            "sha256sum --check --ignore-missing sha256sum-amd64.txt && install -m 0755 k3s /usr/local/bin/k3s",
            "Every line ends with OK.",
            "https://docs.k3s.io/installation/airgap",
        )
        found.insert(1, carry)
    return [found[0], kernel, *([logs] if machines.audit else []), *found[1:]]


def upgrade(machines: Machines) -> list[Step]:
    """One minor at a time."""
    return rancher.upgrade(_product(machines), machines)


def restore(machines: Machines) -> list[Step]:
    """etcd from a copy of the distribution's own."""
    return resetting.restore(_product(machines), machines)


def reach(machines: Machines) -> tuple[str, ...]:
    """The commands that make a kubectl context."""
    return rancher.reach(_product(machines), machines)
