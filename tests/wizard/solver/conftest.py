"""A small catalog with one of everything that reasons are made of."""

from __future__ import annotations

import pytest

from catalog.catalog import Catalog
from tests import tiny


def clusters_and_storage() -> Catalog:
    """Kubernetes, storage that needs disks, a CDN that is not always asked for, and a backup with an interval."""
    interval = {
        "id": "backup.interval",
        "title": "Interval",
        "type": "duration",
        "why": "It bounds the loss.",
        "steps": ["1h", "4h", "24h"],
        "default": [{"value": "24h"}],
    }
    return tiny.catalog(
        tiny.layer(
            [
                tiny.decision("kubernetes", scope="cluster"),
                tiny.decision("storage", "optional"),
                tiny.decision("cdn", "optional", asked_when=[{"not": {"context": {"traffic": "low"}}}]),
                tiny.decision("backup", settings=[interval]),
                tiny.decision("add-ons", "several"),
            ],
            [
                tiny.question("cloud", ["gcp", "aws"], scope="cluster"),
                tiny.question("traffic", ["low", "middle", "high"], ordered="rising"),
                tiny.question("loss", ["1h", "4h", "24h"], ordered="rising", duration=True, assume="24h"),
            ],
        ),
        [
            tiny.component("autopilot", ["kubernetes"], clouds=["gcp"], clouds_because="It is Google's."),
            tiny.component(
                "standard",
                ["kubernetes"],
                provides=["raw-disks"],
                clouds=["gcp"],
                clouds_because="It is Google's.",
                ratings={"operations": 1},
            ),
            tiny.component(
                "eks", ["kubernetes"], provides=["raw-disks"], clouds=["aws"], clouds_because="It is Amazon's."
            ),
            tiny.component(
                "rook",
                ["storage"],
                ratings={"operations": 1},
                rules=[
                    tiny.rule("rook-disks", requires=[{"capability": "raw-disks"}]),
                    tiny.rule("rook-effort", warns=[]),
                ],
            ),
            tiny.component("ebs", ["storage"], clouds=["aws"], clouds_because="It is Amazon's."),
            tiny.component("edge", ["cdn"], ratings={"operations": 3}),
            tiny.component(
                "velero",
                ["backup"],
                goes_with=["snapshots"],
                rules=[
                    tiny.rule("velero-interval", requires=[{"setting": {"backup.interval": {"at-most": "loss"}}}]),
                ],
            ),
            tiny.component("old-backup", ["backup"], status="unsupported", ratings={"operations": 4}),
            tiny.component("snapshots", ["add-ons"]),
            tiny.component("dashboards", ["add-ons"]),
        ],
    )


@pytest.fixture
def catalog() -> Catalog:
    return clusters_and_storage()
