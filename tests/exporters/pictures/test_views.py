"""What each view shows, and when it shows nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.design import Design
from exporters.pictures import views
from exporters.pictures.graph import Picture
from exporters.pictures.subject import Subject, subject
from tests.designs import design
from tests.exporters.pictures.landscape import catalog, choices, crowd, media, shop


def picture(about: Subject, name: str) -> Picture | None:
    return views.view(name).make(about, views.view(name).most)


def drawn(about: Subject, name: str) -> Picture:
    found = picture(about, name)
    assert found is not None
    return found


def titles(found: Picture) -> set[str]:
    return {box.title for box in found.boxes}


def arrows(found: Picture) -> set[tuple[str, str, str]]:
    named = {box.id: box.title for box in found.boxes} | {group.id: group.title for group in found.groups}
    return {(named[arrow.source], named[arrow.target], arrow.kind) for arrow in found.arrows}


def without(*decisions: str) -> Design:
    known = catalog()
    base = shop()
    left = {decision: () if decision in decisions else ids for decision, ids in choices(known).items()}
    return design(left, catalog=known, name="shop", clusters=base.clusters, workloads=base.workloads,
                  externals=base.externals)


def test_every_view_of_a_full_design_is_drawn() -> None:
    about = subject(media())
    assert [view.name for view in views.VIEWS if picture(about, view.name) is None] == []


@pytest.mark.parametrize("name", views.names())
def test_every_arrow_ends_at_something_in_the_picture_and_every_id_is_unique(name: str) -> None:
    for made in (shop(), media(), crowd()):
        found = picture(subject(made), name)
        if found is None:
            continue
        ids = [box.id for box in found.boxes]
        assert len(ids) == len(set(ids))
        ends = set(ids) | {group.id for group in found.groups}
        assert {end for arrow in found.arrows for end in (arrow.source, arrow.target)} <= ends
        assert {box.group for box in found.boxes} - {None} <= {group.id for group in found.groups}


def test_the_path_of_a_request_goes_from_users_to_the_last_service() -> None:
    ways = arrows(drawn(subject(shop()), "request-path"))
    assert {("Users", "Cloud DNS", "resolve"), ("Users", "Cloud CDN", "request"),
            ("Cloud CDN", "Global load balancer", "request"), ("Global load balancer", "Gateway", "request"),
            ("Gateway", "web", "request"), ("web", "api", "request"), ("api", "db", "request")} <= ways


def test_without_a_cdn_the_request_goes_straight_to_the_load_balancer() -> None:
    ways = arrows(drawn(subject(without("cdn")), "request-path"))
    assert ("Users", "Global load balancer", "request") in ways
    assert not any("Cloud CDN" in way for way in ways)


def test_connections_are_labelled_with_protocol_and_port() -> None:
    found = drawn(subject(shop()), "request-path")
    labels = {arrow.label for arrow in found.arrows}
    assert {"DNS 53", "HTTPS 443", "gRPC 9090", "PostgreSQL 5432"} <= labels


def test_metrics_are_pulled_from_the_store_and_alerts_pushed_to_whoever_is_called() -> None:
    ways = arrows(drawn(subject(shop()), "metrics"))
    assert {("Prometheus", "Alertmanager", "push"), ("Alertmanager", "On-call service", "push")} <= ways


def test_the_metrics_view_leaves_out_connections_that_are_not_about_metrics() -> None:
    assert not any(way[:2] == ("web", "api") for way in arrows(drawn(subject(shop()), "metrics")))


@pytest.mark.parametrize(("view", "decisions"), [
    ("metrics", ("metrics", "alerting", "on-call", "dashboards")), ("logs", ("log-collection", "log-store")),
    ("tracing", ("tracing",)), ("backup", ("backup", "backup-destination")),
])
def test_a_view_whose_subject_was_not_chosen_is_not_drawn(view: str, decisions: tuple[str, ...]) -> None:
    assert picture(subject(shop()), view) is not None
    assert picture(subject(without(*decisions)), view) is None


def test_one_cluster_in_one_region_has_no_picture_of_regions() -> None:
    assert picture(subject(shop()), "regions") is None


def test_regions_show_every_cluster_where_it_stands() -> None:
    found = drawn(subject(media()), "regions")
    assert {"eu", "us", "dev"} <= titles(found)
    assert {"europe-west1", "us-east1"} <= {group.title for group in found.groups}


def test_inside_the_cluster_every_component_of_it_has_a_box_under_its_layer() -> None:
    found = drawn(subject(crowd()), "inside")
    inside = {node.title for node in subject(crowd()).topology.nodes
              if node.kind == "component" and node.cluster == "prod" and node.where in ("cluster", "node")}
    assert inside <= titles(found)


def test_workloads_beyond_what_fits_are_counted_and_named_in_one_box() -> None:
    found = drawn(subject(crowd()), "request-path")
    folded = [box for box in found.boxes if box.kind == "summary"]
    assert len(folded) == 1
    own = [box for box in found.boxes if box.kind == "workload"]
    assert len(own) + len(folded[0].members) == 40


def test_a_cluster_like_the_main_one_is_summarised_by_how_it_differs() -> None:
    found = drawn(subject(media()), "overview")
    assert any(box.title == "Platform" and box.subtitle == "as in eu" for box in found.boxes)


def test_a_stateful_workload_is_joined_to_what_provides_its_volume() -> None:
    assert ("queue", "Persistent Disk CSI", "store") in arrows(drawn(subject(shop()), "storage"))


def test_the_network_names_ranges_and_what_carries_traffic_out() -> None:
    found = drawn(subject(shop()), "network")
    assert any(group.note == "10.0.0.0/20" for group in found.groups)
    assert ("Nodes", "Cloud NAT", "request") in arrows(found)
    assert ("Cloud NAT", "Internet", "request") in arrows(found)


def test_the_small_start_and_what_is_added_hold_every_component_once() -> None:
    about = subject(shop())
    found = drawn(about, "growth")
    components = {node.name for node in about.topology.nodes if node.kind == "component" and node.where != "none"}
    assert len(found.boxes) == len(components)


def test_what_only_another_kind_of_cluster_has_is_not_part_of_the_small_start() -> None:
    known, base = catalog(), media()
    entries = tuple(replace(entry, chosen=()) if entry.decision == "cni" and entry.kind != "dev" else entry
                    for entry in base.decisions)
    found = drawn(subject(replace(base, decisions=entries, catalog=known)), "growth")
    assert {box.group for box in found.boxes if box.title == "Dataplane V2"} == {"full"}


def test_a_service_that_answers_names_and_carries_requests_is_on_the_way_into_the_network() -> None:
    known = catalog()
    names = {"authoritative-dns": known.components["cloud-names"].roles["authoritative-dns"]}
    both = known.components["cache"].model_copy(update={"roles": {**known.components["cache"].roles, **names}})
    changed = replace(known, components={**known.components, "cache": both})
    base = shop()
    made = design({**choices(known), "authoritative-dns": ("cache",)}, catalog=changed, name="shop",
                  clusters=base.clusters, workloads=base.workloads)
    assert ("Users", "Cloud CDN", "request") in arrows(drawn(subject(made), "network"))


def test_boxes_lead_to_the_record_of_their_decision() -> None:
    about = replace(subject(shop()), links={"cdn": "../../decisions/0002-cdn.md"})
    assert {box.link for box in drawn(about, "request-path").boxes if box.title == "Cloud CDN"} == {
        "../../decisions/0002-cdn.md"}


def test_the_pipeline_is_read_from_the_commit_to_the_node_and_what_pulls_stands_behind() -> None:
    found = drawn(subject(shop()), "delivery")
    ways = arrows(found)
    assert {("Developers", "Git repository", "push"), ("GitHub Actions", "Git repository", "sync"),
            ("GitHub Actions", "Trivy", "control"), ("Trivy", "Artifact Registry", "push"),
            ("Nodes", "Artifact Registry", "sync")} <= ways
    named = {box.id: box.title for box in found.boxes}
    assert ("GitHub Actions", "Git repository") in {
        (named[arrow.source], named[arrow.target]) for arrow in found.arrows if arrow.back}
