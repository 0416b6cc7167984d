"""Install order follows what waits for what, in as few folders as that allows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.components import ChartInstall
from exporters.manifests.order import Release, Unit, folders
from tests.designs import chart

LAYERS = ("namespaces", "a", "b", "c", "workloads")


def unit(
    name: str,
    layer: str,
    *,
    after: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    charts: bool = True,
    last: bool = False,
) -> Unit:
    release = Release(ChartInstall.model_validate(chart(name)), "x", {}, name, "d")
    return Unit(name, layer, "d", name, (), (release,) if charts else (), frozenset(after), frozenset(kinds), last)


def placed(*units: Unit) -> dict[str, tuple[int, int]]:
    return {name: (folder.rank, folder.waves[name]) for folder in folders([units], LAYERS) for name in folder.units}


def test_a_layer_is_one_folder_where_nothing_splits_it() -> None:
    found = folders([(unit("x", "a"), unit("y", "a", after=("x",)), unit("z", "b", after=("y",)))], LAYERS)
    assert [folder.name for folder in found] == ["01-a", "02-b"]
    assert found[0].units == ("x", "y")


def test_objects_come_in_a_later_folder_than_the_chart_that_installs_their_kinds() -> None:
    found = placed(unit("x", "a"), unit("x-configuration", "a", kinds=("x",), charts=False))
    assert found["x-configuration"][0] > found["x"][0]


def test_a_layer_is_split_when_its_configuration_needs_a_later_layer() -> None:
    found = placed(unit("x", "a"), unit("y", "b", after=("x",)), unit("conf", "a", after=("y",), charts=False))
    assert found["x"] < found["y"] < found["conf"]


def test_workloads_come_last_whatever_they_wait_for() -> None:
    found = placed(unit("w", "workloads", last=True, charts=False), unit("x", "c"), unit("y", "a"))
    assert found["w"] > max(found["x"], found["y"])


def test_a_circle_of_waits_ends_all_the_same() -> None:
    found = placed(unit("x", "a", after=("y",)), unit("y", "b", after=("x",)))
    assert set(found) == {"x", "y"}


def test_an_operator_of_storage_comes_before_what_stores_though_it_stores_itself() -> None:
    operator = unit("operator", "c", after=("volumes",))
    found = placed(operator, unit("volumes", "c", kinds=("operator",), charts=False), unit("store", "a", after=("volumes",)))
    assert found["operator"] < found["volumes"] < found["store"]


def test_a_new_part_before_others_changes_their_ranks_and_not_what_they_are_called_in_the_cluster() -> None:
    before = (unit("y", "b"), unit("z", "c", after=("y",)), unit("conf", "b", kinds=("z",), charts=False))
    after = (unit("x", "a"), *before)
    called = [{folder.units: (folder.rank, folder.stage) for folder in folders([units], LAYERS)} for units in (before, after)]
    assert {units: stage for units, (_, stage) in called[0].items()} == {
        ("y",): "layer-b", ("z",): "layer-c", ("conf",): "layer-b-2"
    }
    for units, (rank, stage) in called[0].items():
        assert called[1][units] == (rank + 1, stage)


def test_units_of_all_clusters_share_one_order() -> None:
    one = (unit("x", "a"), unit("y", "b", after=("x",)))
    other = (unit("x", "a"), unit("z", "b", after=("x",)))
    found = folders([one, other], LAYERS)
    assert [(folder.name, set(folder.units)) for folder in found] == [("01-a", {"x"}), ("02-b", {"y", "z"})]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_waits_without_a_circle_are_always_kept(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9))
    units = []
    for at in range(count):
        earlier = st.sets(st.sampled_from([f"u{n}" for n in range(at)])) if at else st.just(set())
        units.append(
            unit(
                f"u{at}",
                data.draw(st.sampled_from("abc")),
                after=tuple(data.draw(earlier)),
                kinds=tuple(data.draw(earlier)),
                charts=data.draw(st.booleans()),
            )
        )
    found = placed(*data.draw(st.permutations(units)))
    assert set(found) == {entry.id for entry in units}
    for entry in units:
        for other in entry.after:
            assert found[other] < found[entry.id] or (found[other][0] == found[entry.id][0] and not entry.releases)
        for other in entry.kinds_from:
            assert found[other][0] < found[entry.id][0]
