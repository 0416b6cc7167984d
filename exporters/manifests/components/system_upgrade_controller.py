"""Upgrade plans: servers one by one, then agents; the controller itself is installed by a person."""

from __future__ import annotations

from exporters.manifests.cluster import namespace
from exporters.manifests.families import windows
from exporters.manifests.labels import PREFIX
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_NAMESPACE = "system-upgrade"
_BECAUSE = "Its jobs replace programs on the nodes."
_NEWEST = "newest"
_SERVERS = "node-role.kubernetes.io/control-plane"


def objects(view: View) -> list[Obj]:
    """Two plans (https://docs.rke2.io/upgrades/automated_upgrade); none for a platform that this cannot upgrade."""
    images = view.gather("upgrade_image", "kubernetes")
    if not images or "cluster-upgrades" not in view.roles:
        return []
    product = images[0].split("/")[1].removesuffix("-upgrade")
    release = str(view.setting("upgrades.release", _NEWEST))
    if release != _NEWEST:
        channel = {"version": release}
    else:
        channel = {"channel": f"https://update.{product}.io/v1-release/channels/v{view.kubernetes_minor}"}

    def plan(name: str, operator: str, prepare: bool) -> Obj:
        spec: Obj = {
            "concurrency": 1,
            "cordon": True,
            "serviceAccountName": "system-upgrade",
            "nodeSelector": {"matchExpressions": [{"key": _SERVERS, "operator": operator}]},
            "upgrade": {"image": images[0]},
            # Nodes that keep pods away are upgraded like the others.
            "tolerations": [{"operator": "Exists"}],
            **_window(view),
            **channel,
        }
        if prepare:
            spec["prepare"] = {"image": images[0], "args": ["prepare", "servers"]}
            spec["drain"] = {"force": True, "skipWaitForDeleteTimeout": 60}
            del spec["cordon"]
        return {
            "apiVersion": "upgrade.cattle.io/v1",
            "kind": "Plan",
            "metadata": {"name": name, "namespace": _NAMESPACE},
            "spec": spec,
        }

    # Its release makes the namespace as well; stating it here holds it to a level, and lets plans be applied at any time.
    place = namespace(_NAMESPACE, "privileged", {f"{PREFIX}/kind": "platform"}, {f"{PREFIX}/pod-security-because": _BECAUSE})
    # Nothing answers for channels in a closed network, and a release that is only guessed would take nodes back to it.
    if view.yes("air-gap") and release == _NEWEST:
        return [place]
    return [place, plan("servers", "Exists", prepare=False), plan("agents", "DoesNotExist", prepare=True)]


def upgrades_by_plan(view: View) -> bool | None:
    """True where another minor is a change of the plans."""
    return True if "cluster-upgrades" in view.roles else None


def _window(view: View) -> Obj:
    """When jobs may start; nothing where the window says something else."""
    said = windows.of(view)
    if said is None:
        return {}
    if any(view.gather("reboots", "node-patching")):
        _, said = windows.parted(said)
    times = {"startTime": windows.clock(said.start), "endTime": windows.clock(said.end), "timeZone": said.zone}
    return {"window": {"days": [str(day) for day in said.days], **times}}
