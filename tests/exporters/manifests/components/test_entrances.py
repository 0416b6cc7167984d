"""What every entry that makes a Service of its own has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from exporters.manifests.modules import hook
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import charts, objects, values, view, wrong_values

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

ENTRIES = ("istio", "kong", "traefik", "envoy-gateway", "kgateway", "nginx-gateway-fabric", "emissary", "f5-nginx-ingress")


def policies(part: Any) -> Iterator[Any]:
    """Every `externalTrafficPolicy` in values or objects."""
    for key, held in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if key == "externalTrafficPolicy":
            yield held
        yield from policies(held)


@pytest.mark.parametrize("entry", ENTRIES)
def test_proxies_see_the_address_of_who_calls(entry: str) -> None:
    """Lists of who may come in, limits by caller, filters and logs go by it."""
    found = view("on-premises", {"kubernetes": "rke2", "ingress": entry})
    made: list[Any] = [values(found, entry, mine.release) for mine in charts(found, entry)]
    made += objects(found, entry) if hook(entry, "objects") is not None else []
    assert set(policies(made)) == {"Local"} and wrong_values(found, entry) == []


def test_a_host_of_the_platform_proves_itself_by_http_where_paths_join_a_host() -> None:
    """The controller of F5 refuses what answers an authority for a host that another Ingress has as a whole."""
    choices = {"kubernetes": "rke2", "ingress": "f5-nginx-ingress", "registry": "harbor", "certificates": "lets-encrypt"}
    found = view("on-premises", choices, {}, {"acme.challenge": "http-01"})
    issuer = next(obj for obj in objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    solver = issuer["spec"]["acme"]["solvers"][0]["http01"]["ingress"]["ingressTemplate"]["metadata"]["annotations"]
    exposed = values(found, "harbor")["expose"]
    assert solver.items() <= exposed["ingress"]["annotations"].items() and not exposed["tls"]["enabled"]
    assert exposed["ingress"]["annotations"]["nginx.org/client-max-body-size"] == "0"
    (whole,) = (obj for obj in objects(found, "harbor") if obj["kind"] == "Ingress")
    rule = whole["spec"]["rules"][0]
    assert whole["metadata"]["annotations"]["nginx.org/mergeable-ingress-type"] == "master" and "http" not in rule
    assert rule["host"] == exposed["ingress"]["hosts"]["core"] == whole["spec"]["tls"][0]["hosts"][0]
    assert whole["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == issuer["metadata"]["name"]
