"""What the address plan of clusters is found to say."""

from __future__ import annotations

from catalog.facts import FactValue, Surroundings, evaluate
from catalog.workloads import Cluster, Pool, Ranges


def _fact(name: str, cluster: Cluster, *others: Cluster) -> FactValue:
    return evaluate(Surroundings((cluster, *others), (), ()), cluster)[name]


def _cluster(name: str, nodes: str | None = None, pods: str | None = None, services: str | None = None) -> Cluster:
    return Cluster(name=name, ranges=Ranges(nodes=nodes, pods=pods, services=services))


def test_equal_node_ranges_of_two_clusters_overlap() -> None:
    one, two = _cluster("one", nodes="10.0.0.0/20"), _cluster("two", nodes="10.0.8.0/24")
    assert _fact("node-ranges-overlap-others", one, two) is True
    assert _fact("node-ranges-overlap-others", two, one) is True


def test_equal_pod_ranges_behind_overlays_are_no_overlap_of_nodes() -> None:
    one = _cluster("one", nodes="10.0.0.0/20", pods="10.42.0.0/16")
    two = _cluster("two", nodes="10.0.16.0/20", pods="10.42.0.0/16")
    assert _fact("node-ranges-overlap-others", one, two) is False
    assert _fact("ranges-overlap-others", one, two) is True


def test_a_cluster_without_a_node_range_says_nothing_about_overlaps() -> None:
    one, two = _cluster("one", pods="10.42.0.0/16"), _cluster("two", nodes="10.42.0.0/20")
    assert _fact("node-ranges-overlap-others", one, two) is None


def test_ranges_of_one_cluster_that_share_addresses_overlap() -> None:
    assert _fact("ranges-overlap", _cluster("one", nodes="10.0.0.0/16", pods="10.0.128.0/17")) is True
    assert _fact("ranges-overlap", _cluster("one", nodes="10.0.0.0/17", pods="10.0.128.0/17")) is False


def test_a_node_range_holds_the_upper_limit_of_its_pools_and_five_more() -> None:
    ranges = Ranges(nodes="10.0.0.0/27")
    fits = Cluster(name="one", pools=(Pool(name="a", at_most=27),), ranges=ranges)
    assert _fact("nodes-fit-range", fits) is True
    grown = Cluster(name="one", pools=(Pool(name="a", at_most=28),), ranges=ranges)
    assert _fact("nodes-fit-range", grown) is False
