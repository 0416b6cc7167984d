"""Network Load Balancers: made by the AWS Load Balancer Controller, which follows the cluster."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import aws_controller
from exporters.manifests.references import Obj
from exporters.manifests.view import View


def values(view: View) -> dict[str, Any]:
    """Values of the controller's chart."""
    return aws_controller.values(view)


def objects(view: View) -> list[Obj]:
    """What the controller signs in with."""
    return aws_controller.objects(view)
