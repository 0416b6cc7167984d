"""Answers what a trace store answers."""

from exporters.manifests.view import View


def address(view: View, capability: str) -> str | None:
    return f"stand-traces.{view.namespace}.svc:4317" if capability == "trace-ingest-otlp" else None
