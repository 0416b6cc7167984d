"""A store of secrets in the cluster comes before what reads from it, for every delivery tool and whatever it stands on."""

from __future__ import annotations

import itertools
import re

import pytest

from catalog.design import Design
from exporters.manifests import bootstrap, order, runbooks, units
from exporters.manifests.plan import plans
from exporters.manifests.through import Plan
from tests.exporters.manifests import generated

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

READERS = ("ExternalSecret", "VaultStaticSecret", "SecretProviderClass", "ClusterSecretStore")
_STORES = [("vault", "external-secrets"), ("openbao", "external-secrets"), ("vault", "vault-secrets-operator")]
CASES = [
    (cloud, store, reader, tool, certificates)
    for (cloud, certificates), (store, reader), tool in itertools.product(
        (("on-premises", "lets-encrypt"), ("aws", "private-ca")), _STORES, ("argo-cd", "flux", "push-from-ci")
    )
]


def design(cloud: str, store: str, reader: str, tool: str, certificates: str, **more: str) -> Design:
    said = {"secret-store": store, "secrets": reader, "deployment": tool, "certificates": certificates, **more}
    made = generated.made(cloud, 1, {"backup": ("velero",), **{name: (value,) for name, value in said.items()}})
    assert made is not None
    return made


def _ranks(plan: Plan) -> tuple[int, dict[str, int]]:
    """Rank of the store, and of every unit that reads from it."""
    stores = {entry.id for entry in plan.view.providers("secret-store")}
    rank = {name: folder.rank for folder in plan.folders for name in folder.units if name in plan.units}
    readers = {
        name: rank[name] for name, unit in plan.units.items() if any(obj["kind"] in READERS for obj in unit.objects)
    }
    return max(rank[name] for name in stores if name in rank), readers


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case))
def test_whatever_reads_from_the_store_comes_in_a_later_folder(case: tuple[str, str, str, str, str]) -> None:
    for plan in plans(design(*case)):
        store, readers = _ranks(plan)
        assert len(readers) > 2 and min(readers.values()) > store, readers


@pytest.mark.parametrize("storage", ["longhorn", "rook"])
def test_storage_under_the_store_waits_for_no_secret_of_it(storage: str) -> None:
    decision = {"longhorn": "distributed-storage", "rook": "storage-operator"}[storage]
    made = design("on-premises", "vault", "external-secrets", "flux", "lets-encrypt", **{decision: storage})
    plan = plans(made)[0]
    store, readers = _ranks(plan)
    rank = {name: folder.rank for folder in plan.folders for name in folder.units}
    assert rank[storage] < store < min(readers.values())
    # No wait was dropped to get there.
    for name, needs in order.merged([units.of_cluster(plan.view)]).items():
        assert all(rank[other] <= rank[name] for other in needs.after | needs.kinds), name


def test_a_tool_that_waits_halts_at_the_store_until_it_is_filled() -> None:
    made = design("on-premises", "vault", "external-secrets", "push-from-ci", "lets-encrypt")
    steps = bootstrap.steps(made)
    titles = [step.title for step in steps]
    first = titles.index("As far as the store of secrets")
    assert titles[first : first + 3] == ["As far as the store of secrets", "The store of secrets", "Everything else"]
    plan = plans(made)[0]
    rank, readers = _ranks(plan)
    before, after = (re.findall(r"[= /](\d\d)-", steps[at].command) for at in (first, first + 2))
    assert int(max(before)) == rank and {f"{at:02d}" for at in readers.values()} <= set(after)


def test_a_restore_fills_the_store_before_anything_is_waited_for_that_reads_from_it() -> None:
    made = design("on-premises", "vault", "external-secrets", "push-from-ci", "lets-encrypt")
    titles = [step.title for step in runbooks.restore(made)]
    wanted = ["As far as the store of secrets", "Vault", "The platform", "Velero", "The workloads"]
    assert [titles.index(title) for title in wanted] == sorted(titles.index(title) for title in wanted)
    last = len(titles) - 1 - titles[::-1].index("Vault")
    assert last < titles.index("The platform") and "The store of secrets" not in titles


def test_without_a_store_in_the_cluster_nothing_halts() -> None:
    made = generated.made("aws", 1, {"deployment": ("push-from-ci",), "secret-store": ("aws-secrets-manager",)})
    assert made is not None
    titles = [step.title for step in bootstrap.steps(made)]
    assert "Everything else" in titles and "As far as the store of secrets" not in titles
