"""kubeadm: one file to make the cluster, one for each sort of machine that joins, and what the API server reads.

Kinds and fields are those of https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/.
"""

from __future__ import annotations

from typing import Any

from exporters.nodes import Step, control_plane, stacked
from exporters.nodes.machines import CONTROL_PLANE, EXCLUDED, Machines, Mirror
from exporters.nodes.text import documents, fetched, placed

_API = "kubeadm.k8s.io/v1beta4"
_FOLDER = "/etc/kubernetes/design"
"""Where the API server finds its files on a control plane machine."""
_LOGS = "/var/log/kubernetes/audit"
_CERTS = "/etc/containerd/certs.d"
_HIGH_AVAILABILITY = "https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/"
_TOKEN, _HASH = "JOIN_TOKEN", "CA_CERT_HASH"
"""Stand for what a step of the runbook asks the first machine for."""
_CERTIFICATES = "CERTIFICATE_KEY"


def files(machines: Machines) -> dict[str, str]:
    """Every file, named after what reads it."""
    found = {
        "init.yaml": documents("kubeadm init --config init.yaml, on the first control plane machine", _init(machines)),
    }
    if machines.servers > 1:
        found["join-control-plane.yaml"] = documents(
            "kubeadm join --config join-control-plane.yaml, on the other control plane machines",
            [_join(machines, {}, _control_plane_taints(machines), control_plane_too=True)],
        )
    for pool in machines.pools if machines.dedicated else ():
        found[f"join-{pool.name}.yaml"] = documents(
            f"kubeadm join --config join-{pool.name}.yaml, on the machines of pool {pool.name}",
            [_join(machines, machines.labels(pool), machines.taints(pool), control_plane_too=False)],
        )
    for name, data in control_plane.documents(machines).items():
        made = name == "encryption.yaml" and machines.at_rest == "key"
        notes = ("The key is put in by a step of the runbook.",) if made else ()
        found[name] = placed(f"{_FOLDER}/{name} of every control plane machine", data, *notes)
    if machines.mirror is not None:
        for name in control_plane.upstream(machines.mirror):
            found[f"certs.d/{name}/hosts.toml"] = _hosts(machines.mirror, name, machines.private_registry)
    if machines.private_registry is not None:
        host = machines.private_registry
        found[f"certs.d/{host}/hosts.toml"] = "\n".join(
            [f"# {_CERTS}/{host}/hosts.toml of every machine", f'server = "https://{host}"', f'ca = "{_authority(host)}"', ""]
        )
    return found


def _init(machines: Machines) -> list[dict[str, Any]]:
    registration = _registration({}, _control_plane_taints(machines))
    if not machines.dedicated and machines.pools:
        registration = _registration(machines.labels(machines.pools[0]), [])
    init: dict[str, Any] = {"apiVersion": _API, "kind": "InitConfiguration", "nodeRegistration": registration}
    if not machines.kube_proxy:
        init["skipPhases"] = ["addon/kube-proxy"]
    networking = {"podSubnet": machines.pods, "serviceSubnet": machines.services}
    arguments, volumes = _api_server(machines)
    # They listen on their own machine only, where nothing could watch them.
    shown = {"bind-address": "0.0.0.0"} if "core" in machines.shown else {}
    etcd = {"listen-metrics-urls": "http://0.0.0.0:2381"} if "etcd" in machines.shown else {}
    cluster: dict[str, Any] = {
        "apiVersion": _API,
        "kind": "ClusterConfiguration",
        "clusterName": machines.cluster,
        # The newest patch of the minor; without the internet, the version of the program.
        "kubernetesVersion": f"stable-{machines.minor}",
        "controlPlaneEndpoint": f"{machines.endpoint}:6443",
        "networking": {key: value for key, value in networking.items() if value},
        "apiServer": {"certSANs": [machines.endpoint], "extraArgs": arguments, "extraVolumes": volumes},
        "controllerManager": {"extraArgs": _arguments({"terminated-pod-gc-threshold": "1000", "profiling": "false", **shown})},
        "scheduler": {"extraArgs": _arguments({"profiling": "false", **shown})},
        "etcd": {"local": {"dataDir": "/var/lib/etcd", "extraArgs": _arguments(
            {"auto-compaction-retention": "8", "quota-backend-bytes": "8589934592", **etcd})}},
    }
    if not cluster["networking"]:
        del cluster["networking"]
    if machines.mirror is not None and machines.mirror.only:
        cluster["imageRepository"] = f"{machines.mirror.host}/registry.k8s.io"
        cluster["dns"] = {"imageRepository": f"{machines.mirror.host}/registry.k8s.io/coredns"}
    kubelet = {**control_plane.kubelet(), "cgroupDriver": "systemd", "protectKernelDefaults": True, "rotateCertificates": True}
    return [init, cluster, kubelet]


def _control_plane_taints(machines: Machines) -> list[dict[str, str]]:
    return [{"key": CONTROL_PLANE, "effect": "NoSchedule"}] if machines.dedicated else []


def _registration(labels: dict[str, str], taints: list[dict[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {"criSocket": "unix:///run/containerd/containerd.sock", "taints": taints}
    if labels:
        found["kubeletExtraArgs"] = _arguments({"node-labels": ",".join(f"{key}={value}" for key, value in labels.items())})
    return found


def _join(
    machines: Machines, labels: dict[str, str], taints: list[dict[str, str]], *, control_plane_too: bool
) -> dict[str, Any]:
    if control_plane_too and not machines.dedicated and machines.pools:
        labels = machines.labels(machines.pools[0])
    token = {"token": _TOKEN, "apiServerEndpoint": f"{machines.endpoint}:6443", "caCertHashes": [_HASH]}
    found: dict[str, Any] = {
        "apiVersion": _API,
        "kind": "JoinConfiguration",
        "discovery": {"bootstrapToken": token},
        "nodeRegistration": _registration(labels, taints),
    }
    if control_plane_too:
        found["controlPlane"] = {"certificateKey": _CERTIFICATES}
    return found


def _arguments(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _api_server(machines: Machines) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Flags of the API server, and the folders of the machine that it has to see for them."""
    flags = {"profiling": "false"}
    volumes: list[dict[str, Any]] = []
    if machines.audit:
        flags |= {
            "audit-policy-file": f"{_FOLDER}/audit-policy.yaml",
            "audit-log-path": f"{_LOGS}/audit.log",
            "audit-log-maxage": "30",
            "audit-log-maxbackup": "10",
            "audit-log-maxsize": "100",
        }
        volumes.append({"name": "audit-log", "hostPath": _LOGS, "mountPath": _LOGS, "pathType": "DirectoryOrCreate"})
    if machines.sign_on is not None:
        flags["authentication-config"] = f"{_FOLDER}/authentication.yaml"
    if machines.at_rest:
        flags["encryption-provider-config"] = f"{_FOLDER}/encryption.yaml"
    if machines.at_rest == "service":
        socket = control_plane.KMS_SOCKET.rpartition("/")[0]
        volumes.append({"name": "key-service", "hostPath": socket, "mountPath": socket, "pathType": "DirectoryOrCreate"})
    if len(flags) > 1 and (machines.audit or machines.sign_on or machines.at_rest):
        design = {"name": "design", "hostPath": _FOLDER, "mountPath": _FOLDER, "readOnly": True, "pathType": "Directory"}
        volumes.insert(0, design)
    return _arguments(flags), volumes


def _authority(host: str) -> str:
    """Where machines keep the certificate of the authority that signs a registry."""
    return f"{_CERTS}/{host}/ca.crt"


def _hosts(mirror: Mirror, name: str, private: str | None) -> str:
    """containerd's file for one registry (https://github.com/containerd/containerd/blob/main/docs/hosts.md)."""
    origin = "https://registry-1.docker.io" if name == "docker.io" else f"https://{name}"
    server = f"https://{mirror.host}/v2/{name}" if mirror.only else origin
    host = mirror.host.split("/", 1)[0]
    known = [f'ca = "{_authority(host)}"'] if private == host else []
    lines = [
        f"# {_CERTS}/{name}/hosts.toml of every machine",
        f'server = "{server}"',
        # Without it containerd would ask below /v2 once more, when it falls back to the server.
        *(["override_path = true", *known] if mirror.only else []),
        "",
        f'[host."https://{mirror.host}/v2/{name}"]',
        '  capabilities = ["pull", "resolve"]',
        "  override_path = true",
        *(f"  {line}" for line in known),
    ]
    return "\n".join(lines) + "\n"


def steps(machines: Machines) -> list[Step]:
    """From prepared machines to a cluster that answers."""
    at = machines.path
    found: list[Step] = [
        (
            "A name for the API servers",
            f"Let {machines.endpoint} lead to port 6443 of the control plane machines, by a balancer or an address that moves.",
            f"nc -vz {machines.endpoint} 6443",
            "The name resolves; the port answers once the first machine runs.",
            _HIGH_AVAILABILITY,
        ),
        (
            "Kernel parameters",
            "On each machine, set what kubelets expect; they refuse to start otherwise.",
            "printf 'vm.panic_on_oom=0\\nvm.overcommit_memory=1\\nkernel.panic=10\\nkernel.panic_on_oops=1\\n' "
            ">/etc/sysctl.d/90-kubelet.conf && sysctl -p /etc/sysctl.d/90-kubelet.conf",
            "Four values are printed.",
            "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
        ),
    ]
    if machines.private_registry is not None:
        found.append(
            control_plane.authority(
                _authority(machines.private_registry),
                "After the next step `crictl pull` of an image of the registry does not complain of its certificate.",
                "https://github.com/containerd/containerd/blob/main/docs/hosts.md",
            )
        )
    if machines.mirror is not None or machines.private_registry is not None:
        found.append(
            (
                "Where images come from",
                "On each machine, put the folder certs.d in place and let containerd read it (`config_path`).",
                f"cp -r {at}/certs.d /etc/containerd/ && systemctl restart containerd",
                "`crictl pull` of an image that `kubeadm config images list` names pulls from the registry of the design.",
                "https://github.com/containerd/containerd/blob/main/docs/hosts.md",
            )
        )
    if machines.mirror is not None and machines.mirror.only:
        found.append(
            (
                "Carry the images in",
                f"On a machine with a way out, save kubeadm's images under the names that this file gives them. "
                f"{control_plane.carried_images(machines)} come with them: {control_plane.why_carried(machines)}.",
                f"kubeadm config images list --config {at}/init.yaml\nctr --namespace k8s.io images import <ARCHIVE>",
                "`crictl images` lists them on every machine.",
                "https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/#without-internet-connection",
            )
        )
    names = list(control_plane.documents(machines))
    if machines.at_rest == "key":
        names.remove("encryption.yaml")
    if names or machines.at_rest:
        found.append(
            (
                "Files of the API server",
                "On each control plane machine, put the API server's files in place.",
                f"install -d -m 0700 {_FOLDER}\n" + "\n".join(f"install -m 0600 {at}/{name} {_FOLDER}/" for name in names),
                f"Every file is in {_FOLDER} and belongs to root.",
                "https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/",
            )
        )
    if machines.sign_on is not None and machines.sign_on.private:
        found.append(control_plane.vouched(f"{_FOLDER}/authentication.yaml"))
    if machines.at_rest == "key":
        found.append(
            (
                "A key for what lies in etcd",
                "On the first machine, make the key and put it into the file; carry the file to the other control plane "
                "machines, and keep it with the break-glass credentials: without it a copy of etcd cannot be read.",
                f"(umask 077 && sed \"s|{control_plane.KEY}|$(head -c 32 /dev/urandom | base64 -w0)|\" {at}/encryption.yaml "
                f">{_FOLDER}/encryption.yaml)",
                f"`grep -c {control_plane.KEY} {_FOLDER}/encryption.yaml` prints 0.",
                "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",
            )
        )
    if machines.at_rest == "service":
        found.append(
            (
                "The key service's plugin",
                "Run the KMS v2 plugin of the key service as a static pod on each control plane machine, with its socket where "
                "encryption.yaml looks for it.",
                f"ls -l {control_plane.KMS_SOCKET}",
                "The socket is there before the API server starts.",
                "https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/",
            )
        )
    found.append(
        (
            "The first machine",
            "Make the cluster.",
            f"kubeadm init --config {at}/init.yaml --upload-certs",
            "It ends with the commands by which machines join. Nodes stay NotReady until there is a network plugin.",
            _HIGH_AVAILABILITY,
        )
    )
    kept = " ".join(f"pki/{name}" for name in ("ca.crt", "ca.key", "sa.pub", "sa.key", "front-proxy-ca.crt", "front-proxy-ca.key",
                                               "etcd/ca.crt", "etcd/ca.key"))
    found.append(
        (
            "Authorities of the cluster",
            "Pack what signs certificates and tokens, keep the archive encrypted with the break-glass credentials, and remove it "
            "from the machine: a copy of etcd does not have them, and without them machines and pods trust no cluster that is "
            "made from one.",
            f"(umask 077 && tar -C /etc/kubernetes -czf {stacked.AUTHORITIES} {kept})",
            f"`tar -tzf {stacked.AUTHORITIES}` lists eight files.",
            "https://kubernetes.io/docs/setup/best-practices/certificates/",
        )
    )
    if machines.servers > 1 or machines.dedicated:
        secret = " ".join([f'-e "s|{_TOKEN}|$(kubeadm token create --ttl 2h)|"', f'-e "s|{_HASH}|sha256:$(openssl x509 -pubkey '
                           "-in /etc/kubernetes/pki/ca.crt | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)|\"",
                           f'-e "s|{_CERTIFICATES}|$(kubeadm init phase upload-certs --upload-certs | tail -1)|"'])
        found.append(
            (
                "The other machines",
                "On the first machine, put a token of two hours into the files for joining; carry each to its machines, control "
                "plane first, and join.",
                f"mkdir -m 0700 /root/join && for file in {at}/join-*.yaml; do sed {secret} \"$file\" "
                '>"/root/join/$(basename "$file")"; done\n'
                "kubeadm join --config <FILE OF THE MACHINE>",
                "`kubectl get nodes -L k8s-wizard.dev/pool` lists every machine with its pool.",
                _HIGH_AVAILABILITY,
            )
        )
    if not machines.dedicated:
        found.append(
            (
                "Machines that balancers may use",
                "kubeadm keeps load balancers away from control plane machines; here they carry the workloads too.",
                f"kubectl --kubeconfig /etc/kubernetes/admin.conf label nodes --all {EXCLUDED}-",
                f"`kubectl get nodes -l {EXCLUDED}` finds none.",
                "https://kubernetes.io/docs/reference/labels-annotations-taints/",
            )
        )
    return found


def upgrade(machines: Machines) -> list[Step]:
    """One minor at a time, control plane first."""
    link = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/"
    save: Step = (
        "A copy of etcd",
        "Start the backup once more and see the copy elsewhere." if machines.other_backup else "Save etcd to another machine.",
        f"kubectl --context {machines.cluster} -n kube-system create job etcd-before-upgrade --from=cronjob/etcd-backup"
        if machines.other_backup
        else "etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt "
        "--cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key snapshot save /root/etcd.db",
        "The copy is listed.",
        "https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/",
    )
    return [
        save,
        (
            "The first control plane machine",
            "Install the new kubeadm, look at the plan, apply it; then the new kubelet.",
            "kubeadm upgrade plan\nkubeadm upgrade apply v<VERSION>\nsystemctl daemon-reload && systemctl restart kubelet",
            "SUCCESS! Your cluster was upgraded.",
            link,
        ),
        (
            "The others, one after the other",
            "Control plane machines first, then the rest: drain, install the new programs, upgrade, uncordon.",
            f"kubectl --context {machines.cluster} drain <NODE> --ignore-daemonsets --delete-emptydir-data\n"
            "kubeadm upgrade node && systemctl daemon-reload && systemctl restart kubelet\n"
            f"kubectl --context {machines.cluster} uncordon <NODE>",
            "Every node is Ready at the new version.",
            link,
        ),
    ]


def restore(machines: Machines) -> list[Step]:
    """etcd from a copy of the job, as a static pod runs it."""
    return stacked.restore(machines)


def reach(machines: Machines) -> tuple[str, ...]:
    """The administrator's kubeconfig of the first machine, by the name of this cluster."""
    name = machines.cluster
    context, user = f"s/kubernetes-admin@{name}/{name}/", f"s/: kubernetes-admin$/: {name}-admin/"
    return fetched(name, "/etc/kubernetes/admin.conf", context, user)
