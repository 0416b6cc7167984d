"""The OpenTelemetry Collector: https://opentelemetry.io/docs/collector/configuration/#service"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from exporters.manifests.texts.fields import fields


def leads(held: Sequence[Any], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Parts of pipelines, and extensions, that nothing describes. What joins pipelines ends one and begins another."""
    for config in held:
        service = fields(config, "service")
        joins = set(fields(config, "connectors"))
        for name in service.get("extensions") or ():
            if name not in fields(config, "extensions"):
                yield f"its extension {name} is described nowhere"
        for pipeline, parts in fields(service, "pipelines").items():
            for kind in ("receivers", "processors", "exporters"):
                known = set(fields(config, kind)) | (joins if kind != "processors" else set())
                for name in (parts or {}).get(kind) or ():
                    if name not in known:
                        yield f"its pipeline {pipeline} names {name}, which is none of its {kind}"
