"""Answers what a storage driver answers."""

from typing import Any

from exporters.manifests.view import View

NAME = "stand-disk"


def storage_class(view: View, purpose: str) -> str | None:
    return NAME if purpose == "block" else None


def objects(view: View) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": NAME},
            "provisioner": "disk.stand.in",
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        }
    ]
