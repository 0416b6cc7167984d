"""The exporter `delivery`: the pipeline file of the chosen CI service and how to set it up.

Owns which file is written where. What a pipeline does is in `steps.py`; how a service says it, in `services/`.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog.design import Design
from exporters.base import Artifact, Earlier, Missing, Stamp


class DeliveryExporter:
    """Writes `delivery/`."""

    name = "delivery"
    title = "pipeline of the CI service"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterable[Artifact | Missing]:
        """Produce the pipeline file and its companion; nothing where no CI service was chosen."""
        return ()


EXPORTER = DeliveryExporter()
