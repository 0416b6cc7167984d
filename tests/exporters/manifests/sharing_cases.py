"""What becomes of a second version: every tool that tries versions, with every entry and every mesh of the catalog."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from catalog.design import Waiver
from catalog.workloads import Workload
from exporters.manifests import routes, workloads
from exporters.manifests.references import Obj
from exporters.manifests.view import View, views
from tests.exporters.manifests import generated
from wizard.answers import Answers, Said
from wizard.complete import Refused, resolve

TOOLS = ("gateway-weights", "mesh-traffic-splitting", "argo-rollouts", "flagger")

_IMAGE = {"image": "registry.example.com/app:1.5.0", "weight": 10, "header": "x-canary: yes"}
_APP = {"image": "registry.example.com/app:1.4.2", "port": 8080, "canary": _IMAGE, "slo": "99.9"}
OUTSIDE = Workload.model_validate({**_APP, "name": "web", "host": "shop.example.com", "calls": ["inner"]})
INSIDE = Workload.model_validate({**_APP, "name": "inner"})


def made(tool: str, entry: str, mesh: str, workload: Workload, accepted: str = "", **choices: str) -> View | frozenset[str]:
    """The view of a design with this tool, entry and mesh, or the rules that refuse it."""
    catalog = generated.real_catalog()
    assert catalog is not None
    said = {"progressive-delivery": tool, "ingress": entry, "mesh": mesh, **choices}
    clouds = generated.places(catalog.components[entry]) if entry in catalog.components else ("on-premises",)
    others = (OUTSIDE.model_copy(update={"canary": None}), INSIDE) if workload is INSIDE else (workload,)
    refused: frozenset[str] = frozenset()
    for cloud in clouds:
        answers = Answers(
            name="shop",
            context={"availability": Said(("99.95",)), "platform-team": Said(("yes",)), "services": Said(("tens",))},
            clusters=generated.clusters(cloud, 1),
            choices={name: Said((value,)) for name, value in said.items()},
            workloads=tuple(Said(other) for other in others),
            waivers=tuple(Said(_accepted(f"status:{part}")) for part in (entry, mesh) if part != "none" and _old(part))
            + ((Said(_accepted(accepted)),) if accepted else ()),
        )
        try:
            return views(resolve(answers, catalog, generated.engine(), reasons=False))[0]
        except Refused as conflict:
            refused = frozenset(rule.id for rule in conflict.conflict.reason.rules)
    return refused


def _old(component: str) -> bool:
    catalog = generated.real_catalog()
    assert catalog is not None
    return catalog.components[component].status(catalog.as_of) not in ("active", "deprecated")


def _accepted(rule: str) -> Waiver:
    return Waiver(rule=rule, reason="a test", owner="a test", until=date(2099, 1, 1))


def objects(found: View, workload: Workload) -> list[Obj]:
    """Everything that concerns the workload."""
    return [*workloads.objects(found, workload), *routes.routes(found, workload)]


def outcome(found: View, workload: Workload) -> str:
    """Who splits the requests to the second version and where, read from the objects; `told:` where nobody does."""
    everything = objects(found, workload)
    for body in everything:
        if body["kind"] == "Rollout":
            routing = body["spec"]["strategy"]["canary"].get("trafficRouting")
            if routing:
                return "rollout: " + ", ".join(sorted(key for key in routing if key != "managedRoutes"))
        if body["kind"] == "Canary" and body["spec"]["provider"] != "kubernetes":
            return f"canary: {body['spec']['provider']}"
    named = f"{workload.name}-canary"
    kinds = [body["kind"] for body in everything if _split(body) and json.dumps(named)[1:-1] in json.dumps(body)]
    told = [sentence for sentence in routes.residue(found) if workload.name in sentence]
    if kinds and not told:
        return "weights: " + ", ".join(sorted(dict.fromkeys(kinds)))
    return f"told: {_gist(told)}" if told else "silence"


def _split(body: dict[str, Any]) -> bool:
    return body["kind"] not in ("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget", "Rollout", "Canary")


def _gist(told: list[str]) -> str:
    words = {"number of its pods": "pods", "before anybody calls it": "trial", "gets no traffic": "no share"}
    return ", ".join(short for long, short in words.items() if any(long in sentence for sentence in told)) or str(told)
