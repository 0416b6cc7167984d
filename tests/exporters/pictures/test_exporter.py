"""What the diagrams exporter writes, that it is the same everywhere, and that one failure costs one file."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.errors import UsageError
from exporters.base import Artifact, Earlier, Missing, Stamp
from exporters.paths import diagram, safe
from exporters.pictures import engine, exporter, raster
from exporters.pictures.faults import PictureError
from exporters.records.history import links
from tests.exporters.pictures.landscape import media, shop

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    found = list(exporter.EXPORTER.export(shop(), Earlier(), Stamp()))
    assert all(isinstance(entry, Artifact) for entry in found)
    return {entry.path: entry.data for entry in found if isinstance(entry, Artifact)}


@pytest.fixture(autouse=True)
def _fresh_engine() -> Iterator[None]:
    engine._program.cache_clear()
    yield
    engine._program.cache_clear()


def test_every_view_is_written_as_svg_as_dot_mermaid_and_draw_io(written: dict[str, bytes]) -> None:
    views = {path.split("/")[-1].split(".")[0] for path in written}
    assert {"overview", "request-path", "network", "inside", "metrics", "delivery"} <= views
    for view in views:
        assert {diagram(view, suffix) for suffix in ("svg", "dot", "mmd", "drawio")} <= set(written)


def test_only_the_overview_and_the_path_of_a_request_are_painted_and_also_dark(written: dict[str, bytes]) -> None:
    assert {path for path in written if path.endswith("dark.svg")} == {
        diagram("overview", "dark.svg"), diagram("request-path", "dark.svg")}
    assert {path for path in written if path.endswith(".png")} == {
        diagram("overview", "png"), diagram("request-path", "png")}


def test_paths_are_safe(written: dict[str, bytes]) -> None:
    assert safe(list(written)) == list(written)


def test_pictures_hold_no_path_of_this_machine(written: dict[str, bytes]) -> None:
    for path, data in written.items():
        assert str(ROOT).encode() not in data, path
        assert b"site-packages" not in data, path


def test_a_png_of_twice_the_size_has_twice_the_pixels() -> None:
    chosen = exporter.Diagrams(views=("logs",), formats=("png", "2x.png"))
    small, large = (struct.unpack(">II", entry.data[16:24]) for entry in chosen.export(shop(), Earlier(), Stamp())
                    if isinstance(entry, Artifact))
    assert (2 * small[0], 2 * small[1]) == large


def test_asking_for_one_view_and_one_format_gives_one_file() -> None:
    found = list(exporter.Diagrams(views=("metrics",), formats=("mmd",)).export(shop(), Earlier(), Stamp()))
    assert [entry.path for entry in found] == [diagram("metrics", "mmd")]


def test_boxes_link_to_the_records_that_the_records_exporter_writes(written: dict[str, bytes]) -> None:
    records = links(shop(), Earlier())
    assert f'<a href="../../decisions/{records["cdn"].split("/")[-1]}">'.encode() in written[diagram("overview", "svg")]


def test_boxes_link_to_the_records_that_are_handed_in() -> None:
    chosen = exporter.Diagrams(views=("request-path",), formats=("svg",),
                               links=lambda design, earlier: {"cdn": "docs/decisions/0002-cdn.md"})
    (found,) = chosen.export(shop(), Earlier(), Stamp())
    assert isinstance(found, Artifact)
    assert b'<a href="../../decisions/0002-cdn.md">' in found.data


def test_an_unknown_view_or_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="overview, request-path"):
        exporter.chosen_views(["everything"])
    with pytest.raises(UsageError, match=r"svg, dark\.svg"):
        exporter.chosen_formats(["gif"])


def test_without_the_rasteriser_everything_but_the_png_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(jobs: object) -> list[bytes | PictureError]:
        return [PictureError("the rasteriser failed: no memory")] * len(list(jobs))  # type: ignore[call-overload]

    monkeypatch.setattr(raster, "all_png", broken)
    found = list(exporter.EXPORTER.export(shop(), Earlier(), Stamp()))
    assert {entry.path for entry in found if isinstance(entry, Missing)} == {
        diagram("overview", "png"), diagram("request-path", "png")}
    assert sum(isinstance(entry, Artifact) for entry in found) > 45


def test_a_rasteriser_that_refuses_a_picture_says_so_and_paints_the_others() -> None:
    good, bad = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>", "<svg"
    first, second, third = raster.all_png([(good, 1), (bad, 1), (good, 2)])
    assert isinstance(first, bytes) and isinstance(third, bytes)
    assert isinstance(second, PictureError)


def test_many_pictures_are_painted_in_processes_and_come_out_the_same() -> None:
    jobs = [(f"<svg xmlns='http://www.w3.org/2000/svg' width='{side}' height='{side}'/>", 1) for side in range(2, 7)]
    assert raster.all_png(jobs) == [raster.png(*job) for job in jobs]


def test_without_the_layout_engine_what_it_does_not_lay_out_is_still_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8S_WIZARD_DOT", "no-such-program")
    found = list(exporter.Diagrams(formats=("svg",)).export(shop(), Earlier(), Stamp()))
    assert {entry.path for entry in found if isinstance(entry, Artifact)} == {
        diagram("overview", "svg"), diagram("inside", "svg"), diagram("growth", "svg")}
    assert all("no-such-program" in entry.why for entry in found if isinstance(entry, Missing))
    assert any(entry.path == diagram("request-path", "svg") for entry in found if isinstance(entry, Missing))


def test_without_the_layout_engine_formats_that_need_no_layout_are_still_written(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {entry.path: entry.data for entry in exporter.Diagrams(
        formats=("dot", "mmd")).export(shop(), Earlier(), Stamp()) if isinstance(entry, Artifact)}
    monkeypatch.setenv("K8S_WIZARD_DOT", "no-such-program")
    found = list(exporter.Diagrams(formats=("dot", "mmd")).export(shop(), Earlier(), Stamp()))
    assert {entry.path for entry in found if isinstance(entry, Artifact)} == set(good)


def test_an_engine_that_fails_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "dot"
    fake.write_text("#!/bin/sh\necho 'syntax error' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("K8S_WIZARD_DOT", str(fake))
    with pytest.raises(PictureError, match="failed: syntax error"):
        engine.run("digraph {}")


_DIGESTS = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from exporters.base import Earlier, Stamp
from exporters.pictures.exporter import EXPORTER
from tests.exporters.pictures.landscape import media
if __name__ == "__main__":
    for entry in EXPORTER.export(media(), Earlier(), Stamp()):
        print(entry.path, hashlib.sha256(entry.data).hexdigest())
"""


def test_two_runs_in_two_folders_under_two_locales_and_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    results = []
    for index, language in enumerate(("C", "tr_TR.UTF-8")):
        folder = tmp_path / f"folder-{index}"
        folder.mkdir()
        (folder / "digests.py").write_text(_DIGESTS)
        done = subprocess.run(
            [sys.executable, "digests.py", str(ROOT)], cwd=folder, capture_output=True, text=True, check=True,
            env={**os.environ, "LC_ALL": language, "LANG": language, "PYTHONHASHSEED": str(index + 1),
                 "TZ": f"UTC{index * 5}"})
        results.append(done.stdout)
    assert results[0] == results[1]
    assert results[0].count("\n") > 50


def test_exporting_twice_gives_the_same_bytes(written: dict[str, bytes]) -> None:
    again = {entry.path: entry.data for entry in exporter.EXPORTER.export(shop(), Earlier(), Stamp())
             if isinstance(entry, Artifact)}
    assert {path: hashlib.sha256(data).hexdigest() for path, data in again.items()} == {
        path: hashlib.sha256(data).hexdigest() for path, data in written.items()}


def test_every_kind_of_cluster_less_than_two_has_no_regions() -> None:
    assert "regions" in {drawn.view for drawn in exporter.place_all(exporter.subject(media()))}
    assert "regions" not in {drawn.view for drawn in exporter.place_all(exporter.subject(shop()))}


def test_several_graphs_are_laid_out_by_one_process_as_each_would_be_alone() -> None:
    graphs = ["digraph a { x -> y }", "digraph b { u [width=3] u -> v -> w }"]
    assert engine.run_all(graphs) == [engine.run(graph) for graph in graphs]
    assert engine.run_all([]) == []


def test_one_graph_that_cannot_be_laid_out_leaves_the_others_to_be_tried_alone() -> None:
    assert engine.run_all(["digraph a { x -> y }", "digraph b {"]) == [None, None]
