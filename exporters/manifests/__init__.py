"""Kubernetes manifests of a design: objects, charts, their order and the delivery that brings them into clusters.

`Manifests` is the exporter. `residue(design)` lists what policies and routes cannot say, `bootstrap.steps(design)`
and `runbooks.removal(design)` are the runbooks' data. Nothing here knows a component by its id: what is particular to
one stands in `components/<id>.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.design import Design
from exporters.base import Artifact, Earlier, Stamp

__all__ = ["EXPORTER", "Manifests", "residue"]


class Manifests:
    """The exporter: every file under manifests/."""

    name = "manifests"
    title = "Kubernetes manifests"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Every artifact in the order of its path. Raises MissingProgram when there is no Node that works."""
        from exporters.manifests import filled, images, plan, synth
        from exporters.manifests.view import views

        documents = plan.documents(design, earlier.delivered)
        texts = synth.render(documents)
        texts |= images.kept(texts, earlier.delivered)
        texts |= filled.Filled(views(design), earlier.delivered).whole(texts)
        for path in sorted(texts):
            yield Artifact(path, texts[path].encode())


EXPORTER = Manifests()


def residue(design: Design) -> dict[str, list[str]]:
    """Cluster name to plain sentences: what its policies, routes and volumes leave open beyond the design."""
    from exporters.manifests import network, routes, storage
    from exporters.manifests.view import views

    return {view.cluster.name: [*network.residue(view), *routes.residue(view), *storage.residue(view)] for view in views(design)}


EXPORTER = Manifests()
