"""Talos: patches over generated machine configuration, for all machines, for the control plane and for each pool.

Documents and fields are those of Talos 1.14 (https://docs.siderolabs.com/talos/v1.14/reference/configuration/).
"""

from __future__ import annotations

from typing import Any

from exporters.nodes import Step, control_plane
from exporters.nodes.machines import CONTROL_PLANE, EXCLUDED, Machines, Mirror
from exporters.nodes.text import documents

_DOCS = "https://docs.siderolabs.com/talos/v1.14"
_GETTING_STARTED = f"{_DOCS}/getting-started/getting-started"


_CACHE = "20GB"
"""What a machine of a closed network sets aside for images that it was installed with."""


def _document(kind: str, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1alpha1", "kind": kind, **fields}


def files(machines: Machines) -> dict[str, str]:
    """Patches, named after the machines that they are for."""
    found = {
        "patch-all.yaml": documents("talosctl gen config --config-patch @patch-all.yaml", _everywhere(machines)),
        "patch-control-plane.yaml": documents(
            "talosctl gen config --config-patch-control-plane @patch-control-plane.yaml", _control_plane(machines)
        ),
    }
    if machines.at_rest == "service":
        # Lists of providers are joined by a patch: the generated one has to go before ours is read.
        found["patch-control-plane-0.yaml"] = documents(
            "talosctl gen config --config-patch-control-plane @patch-control-plane-0.yaml, before the other",
            [_document("KubeEtcdEncryptionConfig", **{"$patch": "delete"})],
        )
    for pool in machines.pools if machines.dedicated else ():
        taints = {taint["key"]: _spelt(taint) for taint in machines.taints(pool)}
        node = _document("KubeNodeConfig", labels=machines.labels(pool), **({"taints": taints} if taints else {}))
        found[f"patch-{pool.name}.yaml"] = documents(
            f"talosctl machineconfig patch worker.yaml --patch @patch-{pool.name}.yaml, for the machines of pool {pool.name}",
            [node],
        )
    return found


def _spelt(taint: dict[str, str]) -> str:
    return f"{taint['value']}:{taint['effect']}" if taint.get("value") else taint["effect"]


def _everywhere(machines: Machines) -> list[dict[str, Any]]:
    # What a field of its own says, and what Talos adds by itself.
    told = ("apiVersion", "kind", "seccompDefault")
    kubelet = {key: value for key, value in control_plane.kubelet().items() if key not in told}
    found = [_document("KubeletConfig", config=kubelet, defaultRuntimeSeccompProfileEnabled=True)]
    network = {"podSubnets": [machines.pods] if machines.pods else [],
               "serviceSubnets": [machines.services] if machines.services else []}
    network = {key: value for key, value in network.items() if value}
    if network:
        found.append(_document("KubeNetworkConfig", **network))
    if machines.node_encryption is not None:
        found.append(_document("KubeSpanConfig", enabled=True))
    if machines.mirror is not None and machines.mirror.only:
        # What no registry gives a machine before there is a cluster comes with the medium that it is installed from.
        place = {"diskSelector": {"match": "system_disk"}, "minSize": _CACHE, "maxSize": _CACHE}
        found.append(_document("ImageCacheConfig", local={"enabled": True}))
        found.append(_document("VolumeConfig", name="IMAGECACHE", provisioning=place))
        if machines.node_encryption is None:
            # The public discovery service cannot be reached, and nothing here needs one.
            found.append(_document("DiscoveryServiceConfig", name="default", **{"$patch": "delete"}))
    return [*found, *_mirrors(machines.mirror)]


def _mirrors(mirror: Mirror | None) -> list[dict[str, Any]]:
    if mirror is None:
        return []
    return [
        _document(
            "RegistryMirrorConfig",
            name=name,
            endpoints=[{"url": f"https://{mirror.host}/v2/{name}", "overridePath": True}],
            skipFallback=mirror.only,
        )
        for name in control_plane.upstream(mirror)
    ]


def _control_plane(machines: Machines) -> list[dict[str, Any]]:
    found = [_document("KubeAPIServerConfig", certExtraSANs=[machines.endpoint])]
    if machines.own_network:
        found.append(_document("KubeFlannelCNIConfig", **{"$patch": "delete"}))
    elif machines.policies:
        found.append(_document("KubeFlannelCNIConfig", kubeNetworkPoliciesEnabled=True))
    if not machines.kube_proxy:
        found.append(_document("KubeProxyConfig", enabled=False))
    if "core" in machines.shown:
        # They listen on their own machine only, where nothing could watch them.
        shown = {"bind-address": "0.0.0.0"}
        found += [_document(kind, extraArgs=shown) for kind in ("KubeControllerManagerConfig", "KubeSchedulerConfig")]
    if not machines.dedicated:
        labels = machines.labels(machines.pools[0]) if machines.pools else {}
        gone = {"$patch": "delete"}
        # Talos keeps load balancers away from control plane machines; here they carry the workloads too.
        found.append(_document("KubeNodeConfig", labels={**labels, EXCLUDED: gone}, taints={CONTROL_PLANE: gone}))
    if machines.audit:
        found.append(_document("KubeAuditPolicyConfig", configuration=control_plane.audit_policy()))
    if machines.sign_on is not None:
        found.append(_document("KubeAuthenticationConfig", configuration={"jwt": [control_plane.jwt(machines.sign_on)]}))
    if machines.at_rest == "service":
        body = control_plane.encryption("service")
        found.append(_document("KubeEtcdEncryptionConfig", config={"resources": body["resources"]}))
    if machines.other_backup:
        access = _document("KubeTalosAPIAccessConfig", allowedRoles=["os:etcd:backup"],
                           allowedKubernetesNamespaces=["kube-system"])
        found.append(access)
    return found


def steps(machines: Machines) -> list[Step]:
    """From booted machines to a cluster that answers."""
    at = machines.path
    patches = [f"--config-patch @{at}/patch-all.yaml"]
    if machines.at_rest == "service":
        patches.append(f"--config-patch-control-plane @{at}/patch-control-plane-0.yaml")
    own = f"~/.talos/{machines.cluster}/patch-control-plane.yaml"
    private = machines.sign_on is not None and machines.sign_on.private
    patches.append(f"--config-patch-control-plane @{own if private else f'{at}/patch-control-plane.yaml'}")
    roots = f"~/.talos/{machines.cluster}/trusted-roots.yaml"
    if machines.private_registry is not None:
        patches.append(f"--config-patch @{roots}")
    closed = machines.mirror is not None and machines.mirror.only
    clock = f"~/.talos/{machines.cluster}/clock.yaml"
    if closed:
        patches.append(f"--config-patch @{clock}")
    found: list[Step] = [
        (
            "A name for the API servers",
            f"Let {machines.endpoint} lead to port 6443 of the control plane machines, by a balancer or an address that moves.",
            f"nc -vz {machines.endpoint} 6443",
            "The name resolves; the port answers once the first machine runs.",
            _GETTING_STARTED,
        ),
        (
            "Secrets of the cluster",
            "Make them once, outside of the repository, and keep them with the break-glass credentials: whoever has them owns "
            "the cluster. The key that encrypts Secrets in etcd is among them.",
            f"install -d -m 0700 ~/.talos/{machines.cluster} && talosctl gen secrets -o ~/.talos/{machines.cluster}/secrets.yaml",
            "The file is there and only you can read it.",
            _GETTING_STARTED,
        ),
        (
            "Machine configuration",
            "Generate it from the secrets and the patches; name the disk and the image of your schematic.",
            f"talosctl gen config {machines.cluster} https://{machines.endpoint}:6443 "
            f"--with-secrets ~/.talos/{machines.cluster}/secrets.yaml "
            f"--kubernetes-version {machines.minor}.<PATCH> --install-disk <DISK> --install-image <IMAGE> "
            + " ".join(patches) + f" --output ~/.talos/{machines.cluster}",
            "`talosctl validate --mode metal --config` passes for controlplane.yaml and worker.yaml.",
            f"{_DOCS}/configure-your-talos-cluster/system-configuration/patching",
        ),
    ]
    if machines.dedicated and machines.pools:
        found.append(
            (
                "A configuration for each pool",
                "Patch the workers' configuration for each pool.",
                "\n".join(
                    f"talosctl machineconfig patch ~/.talos/{machines.cluster}/worker.yaml --patch @{at}/patch-{pool.name}.yaml "
                    f"--output ~/.talos/{machines.cluster}/{pool.name}.yaml"
                    for pool in machines.pools
                ),
                "One file a pool.",
                f"{_DOCS}/configure-your-talos-cluster/system-configuration/patching",
            )
        )
    found.append(
        (
            "Apply, and start etcd once",
            f"Apply the configuration to each of the {machines.servers} control plane machines and to the workers, then start "
            "etcd on the first.",
            f"talosctl apply-config --insecure --nodes <MACHINE> --file ~/.talos/{machines.cluster}/<FILE OF THE MACHINE>\n"
            # From here on machines ask who it is.
            f"talosctl config merge ~/.talos/{machines.cluster}/talosconfig\n"
            f"talosctl config context {machines.cluster}\n"
            "talosctl config endpoint <CONTROL PLANE MACHINES>\n"
            "talosctl bootstrap --nodes <FIRST CONTROL PLANE MACHINE>",
            "`talosctl health` passes, but for nodes that wait for the network plugin." if machines.own_network
            else "`talosctl health` passes.",
            _GETTING_STARTED,
        )
    )
    if private:
        found.insert(2, control_plane.vouched(f"{at}/patch-control-plane.yaml", own))
    if machines.private_registry is not None:
        found.insert(
            2,
            (
                "The company's authority",
                "Make a patch of the certificate of the company's own authority; nothing else makes machines trust the registry.",
                "(printf 'apiVersion: v1alpha1\\nkind: TrustedRootsConfig\\nname: company\\ncertificates: |\\n' && "
                f"sed 's/^/  /' <ROOT CERTIFICATE>) >{roots}",
                "The file holds the certificate, indented.",
                f"{_DOCS}/security/certificate-authorities",
            ),
        )
    if closed:
        found[2:2] = _carried(machines, clock)
    if machines.at_rest == "service":
        found.insert(
            1,
            (
                "The key service's plugin",
                "Run the KMS v2 plugin of the key service as a static pod (KubeStaticPodConfig) on each control plane machine.",
                "talosctl get staticpods",
                "The plugin is listed.",
                "https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/",
            ),
        )
    return found


def _carried(machines: Machines, clock: str) -> list[Step]:
    """What machines of a closed network are given beforehand."""
    docs = f"{_DOCS}/configure-your-talos-cluster"
    cache = f"{docs}/images-container-runtime/image-cache"
    needs = " KubeSpan needs a discovery service, and the public one is out of reach: run one of your own and name it in a " \
            "DiscoveryServiceConfig." if machines.node_encryption is not None else ""
    return [
        (
            "The company's clock",
            "Make a patch of the company's time servers: machines know one on the internet alone, and etcd does not start before "
            f"their clock is right.{needs}",
            "printf 'apiVersion: v1alpha1\\nkind: TimeSyncConfig\\nntp: {servers: [%s]}\\n' <TIME SERVER> "
            f">{clock}",
            "Once a machine runs, `talosctl get timestatus` says that it is synced.",
            f"{docs}/system-configuration/time-sync",
        ),
        (
            "A cache of images",
            "On a machine with a way out, pack the images of Kubernetes, the installer of your schematic, and those that no "
            f"registry gives yet, one a line in extra-images.txt. {control_plane.carried_images(machines)} are among them: "
            f"{control_plane.why_carried(machines)}.",
            f"talosctl image k8s-bundle --k8s-version {machines.minor}.<PATCH> >images.txt\n"
            "talosctl image talos-bundle <TALOS VERSION> --overlays=false --extensions=false >>images.txt\n"
            "cat extra-images.txt >>images.txt\n"
            "cat images.txt | talosctl image cache-create --image-cache-path ./image-cache.oci --images=-\n"
            "du -sh image-cache.oci",
            f"It is smaller than the {_CACHE} that patch-all.yaml sets aside on each machine; raise it there otherwise.",
            cache,
        ),
        (
            "A medium with the cache",
            "Build the installation medium with the cache in it, carry it over and boot the machines from it.",
            'mkdir -p _out && docker run --rm -t -v "$PWD/_out:/secureboot:ro" -v "$PWD/_out:/out" '
            '-v "$PWD/image-cache.oci:/image-cache.oci:ro" ghcr.io/siderolabs/imager:<TALOS VERSION> iso '
            "--image-cache /image-cache.oci",
            "Once a machine has its configuration, `talosctl get imagecacheconfig -o yaml` says ready for status and copyStatus.",
            cache,
        ),
    ]


def restore(machines: Machines) -> list[Step]:
    """From a copy to the control plane that was there."""
    if not machines.other_backup:
        return []
    link = f"{_DOCS}/build-and-extend-talos/cluster-operations-and-maintenance/disaster-recovery"
    every = "the control plane machine" if machines.servers == 1 else "every control plane machine"
    return [
        (
            "See that etcd is lost",
            "Ask every control plane machine: as long as most members are there, mend those that are not. Save what can still be "
            "saved, in case the newest copy turns out too old.",
            "talosctl --nodes <CONTROL PLANE MACHINES> etcd members\n"
            "talosctl --nodes <CONTROL PLANE MACHINE> cp /var/lib/etcd/member/snap/db .",
            "The members are not the same everywhere, or do not answer.",
            link,
        ),
        (
            "The copy",
            "Fetch the newest good copy from where your schedule puts it.",
            "ls -l db.snapshot",
            "It is as large as the ones before it.",
            link,
        ),
        (
            "Empty control plane machines",
            f"Wipe what {every} has of etcd. Where a machine itself is lost, apply the configuration to a new one, generated "
            "from the kept secrets as in the bootstrap, and let the API servers' name lead to it.",
            "talosctl --nodes <CONTROL PLANE MACHINE> reset --graceful=false --reboot --system-labels-to-wipe=EPHEMERAL",
            "`talosctl --nodes <CONTROL PLANE MACHINES> service etcd` says STATE Preparing for each.",
            link,
        ),
        (
            "Start etcd from the copy",
            "On one machine, once; add `--recover-skip-hash-check` for a file that was copied from a machine's disk.",
            "talosctl --nodes <FIRST CONTROL PLANE MACHINE> bootstrap --recover-from=./db.snapshot",
            "recovering from snapshot, with its hash and revision; the other machines join by themselves.",
            link,
        ),
        (
            "See that it is whole",
            "Remove the copies from your machine; every Secret is in them, encrypted or not as etcd had it.",
            f"talosctl --nodes <FIRST CONTROL PLANE MACHINE> health\nkubectl --context {machines.cluster} get nodes\n"
            "rm -f db db.snapshot",
            "Every check passes and every node is Ready.",
            link,
        ),
    ]


def upgrade(machines: Machines) -> list[Step]:
    """The operating system node by node, then Kubernetes."""
    return [
        (
            "A copy of etcd",
            "Save etcd to your machine.",
            "talosctl --nodes <CONTROL PLANE MACHINE> etcd snapshot etcd.db",
            "etcd snapshot saved, with its hash.",
            f"{_DOCS}/build-and-extend-talos/cluster-operations-and-maintenance/disaster-recovery",
        ),
        (
            "The operating system",
            "Machine by machine, control plane first: to the image of your schematic.",
            "talosctl upgrade --nodes <MACHINE> --image <IMAGE>",
            "`talosctl version` shows it; a machine that fails boots the image before.",
            f"{_DOCS}/configure-your-talos-cluster/lifecycle-management/upgrading-talos",
        ),
        (
            "Kubernetes",
            "One minor at a time; look at what would change first.",
            "talosctl --nodes <CONTROL PLANE MACHINE> upgrade-k8s --to <VERSION> --dry-run\n"
            "talosctl --nodes <CONTROL PLANE MACHINE> upgrade-k8s --to <VERSION>",
            f"`kubectl --context {machines.cluster} get nodes` shows the new version on every node.",
            "https://docs.siderolabs.com/kubernetes-guides/advanced-guides/upgrading-kubernetes",
        ),
    ]


def reach(machines: Machines) -> tuple[str, ...]:
    """The administrator's kubeconfig, as a context of this cluster's name."""
    return (f"talosctl kubeconfig --nodes <FIRST CONTROL PLANE MACHINE> --force-context-name {machines.cluster}",)
