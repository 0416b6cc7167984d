"""etcd beside the API server, both started by the kubelet of a control plane machine: bringing it back from a copy."""

from __future__ import annotations

from exporters.nodes import Step
from exporters.nodes.machines import Machines

AUTHORITIES = "/root/authorities.tgz"
"""What signs certificates and tokens, packed on a machine for a moment."""
_ETCD = "https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#restoring-an-etcd-cluster"
_COPY = "/root/etcd.db"


def restore(machines: Machines) -> list[Step]:
    """From a copy of the job to the control plane that was there, and what else new machines need."""
    copies = machines.copies
    if copies is None:
        return []
    away = f"rclone copyto {copies.target}/<COPY> {_COPY}" if copies.settings else f"cp {copies.target}/<COPY> {_COPY}"
    listed = ["export " + " ".join(copies.settings), f"rclone lsf {copies.target} | sort | tail -n 5"] if copies.settings else [
        f"ls -l {copies.target}"]
    one = machines.servers == 1
    cluster = "" if one else ",".join(f"<NAME {at}>=https://<ADDRESS {at}>:2380" for at in range(1, machines.servers + 1))
    every = "the control plane machine" if one else "each control plane machine"
    parts = "etcd.yaml kube-apiserver.yaml kube-controller-manager.yaml kube-scheduler.yaml"
    closed = machines.mirror is not None and machines.mirror.only
    # Without a way out the bootstrap has carried them in by then.
    pulled = [] if closed else [f"kubeadm config images pull --config {machines.path}/init.yaml"]
    carry = [] if one else [f"scp {_COPY} root@<OTHER CONTROL PLANE MACHINE>:{_COPY}"]
    told = [r"name=$(grep -oP -- '--name=\K\S+' /root/stopped/etcd.yaml)",
            r"peer=$(grep -oP -- '--initial-advertise-peer-urls=\K\S+' /root/stopped/etcd.yaml)"]
    return [
        (
            "The copy",
            "On a control plane machine, fetch the newest good copy"
            + (", with keys that may read the bucket" if copies.settings else "; each machine has those that it took")
            + ("." if one else ", and carry it to the others."),
            "\n".join(["umask 077", *listed, away, *carry]),
            "The names are the times, in UTC, at which copies were taken; the file is there"
            + ("." if one else f", and `sha256sum {_COPY}` is the same everywhere."),
            _ETCD,
        ),
        (
            "Stop the control plane",
            f"On {every}, take away what its kubelet starts etcd and the API server from. Pods go on running meanwhile.",
            f"install -d -m 0700 /root/stopped && cd /etc/kubernetes/manifests && mv {parts} /root/stopped/",
            "After half a minute `crictl ps --quiet --name 'etcd|kube-apiserver'` prints nothing.",
            _ETCD,
        ),
        (
            "Lay the copy in place",
            f"On {every}, put the old data aside and make new ones from the copy, by the program in etcd's own image"
            + ("." if one else ", with the same list of names and addresses on all of them (`--name` and "
               "`--initial-advertise-peer-urls` in each one's etcd.yaml).")
            + " Revisions go on from far above the copy's, so that nothing in the cluster believes what it remembers.",
            "\n".join([*told, "mv /var/lib/etcd /var/lib/etcd.lost", *_laid(cluster or "$name=$peer")]),
            "`restored snapshot` is among the last lines, and /var/lib/etcd/member is there.",
            "https://etcd.io/docs/v3.6/op-guide/recovery/",
        ),
        (
            "Start it again",
            f"On {every}, give the kubelet back what it starts.",
            f"cd /root/stopped && mv {parts} /etc/kubernetes/manifests/ && systemctl restart kubelet",
            "`kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes` lists every node; one that joined after the copy comes "
            "back when its kubelet is restarted.",
            _ETCD,
        ),
        (
            "Clear up",
            "Let the delivery tool bring what Git has and the copy has not, and compare volumes with their claims: those made "
            "since are known to nobody. Then remove what lies about; every Secret is in it.",
            f"rm -r /var/lib/etcd.lost {_COPY} /root/stopped",
            "The files are gone, and alerts are quiet.",
            _ETCD,
        ),
        (
            "Where the machines are lost, too",
            "Instead of all this, prepare new machines by the bootstrap up to and without its step “The first machine”, with the "
            "kept "
            + ("key for what lies in etcd and the kept " if machines.at_rest == "key" else "")
            + "authorities, fetch the copy, and start the first machine on it. The others join as in the bootstrap.",
            "\n".join([
                f"tar -C /etc/kubernetes -xzf {AUTHORITIES}",
                *pulled,
                "name=$(hostname | tr A-Z a-z) peer=https://<ADDRESS OF THIS MACHINE>:2380",
                *_laid("$name=$peer"),
                f"kubeadm init --config {machines.path}/init.yaml --upload-certs "
                "--ignore-preflight-errors=DirAvailable--var-lib-etcd",
                "kubectl --kubeconfig /etc/kubernetes/admin.conf delete node <MACHINE THAT IS NO MORE>",
            ]),
            "`kubectl --kubeconfig /etc/kubernetes/admin.conf get namespaces` lists those of the copy.",
            "https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/",
        ),
    ]


def _laid(cluster: str) -> list[str]:
    """Commands that make etcd's data from the copy, by the etcd that the machine has anyway."""
    mounts = " ".join(f"--mount type=bind,src={path},dst={path},options=rbind:{how}" for path, how in
                      (("/var/lib", "rw"), ("/root", "ro")))
    return [
        "image=$(ctr --namespace k8s.io images list --quiet | grep '/etcd:' | sort -V | tail -n 1)",
        f'ctr --namespace k8s.io run --rm {mounts} "$image" etcd-restore etcdutl snapshot restore {_COPY} '
        f'--data-dir /var/lib/etcd --name "$name" --initial-advertise-peer-urls "$peer" --initial-cluster "{cluster}" '
        "--bump-revision 1000000000 --mark-compacted",
    ]
