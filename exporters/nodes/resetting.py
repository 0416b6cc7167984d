"""k3s and RKE2 alike: a cluster that is set back to one server with the etcd of a copy, and grows from there."""

from __future__ import annotations

from exporters.nodes import Step
from exporters.nodes.machines import Machines
from exporters.nodes.rancher import LOCAL, Product, kubectl


def restore(product: Product, machines: Machines) -> list[Step]:
    """From a copy to the servers that were there, the first one before the others."""
    if machines.snapshots is None:
        return []
    link = f"{product.docs}/{'datastore/backup_restore' if product.static_pods else 'cli/etcd-snapshot'}"
    service = "rke2-server" if product.static_pods else "k3s"
    store = machines.snapshots.store
    away = store is not None and store.protocol == "s3"
    folder = f"{product.data}/server/db/snapshots"
    where = (f"They lie in the bucket {store.bucket} below {machines.snapshots.folder}/, the newest {LOCAL} on the disks of "
             "servers, too." if store is not None and away else "They lie on the disks of the servers that took them.")
    path = "<NAME OF THE COPY>" if away else f"{folder}/<NAME OF THE COPY>"
    found: list[Step] = [
        (
            "The copy",
            f"Choose the newest good copy. {where}",
            f"ls -l {folder}",
            "A name ends with the second, counted from 1970, at which the copy was taken: `date -d @<SECONDS>` tells it.",
            link,
        ),
        (
            "Stop the servers",
            "On every server, stop what starts etcd and the API server.",
            f"systemctl stop {service}",
            f"`systemctl is-active {service}` says inactive.",
            link,
        ),
        (
            "Lay the copy in place",
            "On the first server, whose configuration names no other one. "
            + (f"It fetches the copy from the bucket by its name; add `--etcd-s3=false` and give the path below {folder} to take "
               "one from its disk. " if away else "")
            + f"The token in {product.folder}/server-token has to be the one of the copy's time.",
            f"{product.id} server --cluster-reset --cluster-reset-restore-path={path}",
            "Managed etcd cluster membership has been reset, restart without --cluster-reset flag now.",
            link,
        ),
        (
            "Start the first server",
            "Start it alone and wait.",
            f"systemctl start {service}\n{kubectl(product)} get nodes",
            "Every node of the copy is listed, this one Ready.",
            link,
        ),
    ]
    if machines.servers > 1:
        found.append(
            (
                "The other servers",
                "One after the other, without what they remember: they copy everything from the first.",
                f"rm -rf {product.data}/server/db && systemctl start {service}",
                "Each is Ready before the next one is started.",
                link,
            )
        )
    found.append(
        (
            "Where the machines are lost, too",
            "Prepare new ones by the bootstrap up to and without its step “The first server, then the others”, with both kept "
            "tokens; install on the first without starting it, lay the copy in place as above, start it, and go on by the "
            "bootstrap. Then take out the nodes that are no more.",
            f"{kubectl(product)} delete node <MACHINE THAT IS NO MORE>",
            f"`{kubectl(product)} get nodes` lists the machines that are there.",
            link,
        )
    )
    return found
