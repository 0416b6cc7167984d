"""draw.io files as mxGraph, the library that draw.io is made of, reads them; in a browser, where it lives.

Skipped where no Chromium or no mxGraph is installed (npm install --prefix .venv/mxgraph mxgraph).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from exporters.pictures import exporter
from exporters.pictures.formats import drawio
from exporters.pictures.subject import subject
from tests.exporters.pictures.landscape import media, shop
from tests.exporters.pictures.test_chromium import CHROMIUM

MODULES = Path(sys.prefix) / "mxgraph"
CLIENT = MODULES / "node_modules" / "mxgraph" / "javascript" / "mxClient.js"
HOSTILE = "a \"b\" <c> & | d' \u202e支付 🚀 --> ]]> " * 8

PAGE = """<!doctype html><meta charset="utf-8">
<script>mxBasePath = ".", mxLoadResources = false, mxLoadStylesheets = false;</script>
<script src="{client}"></script><pre id="said"></pre><script>
const said = {{}};
for (const [name, text] of Object.entries({files})) {{
  const model = mxUtils.parseXml(text).getElementsByTagName("mxGraphModel")[0];
  const graph = new mxGraph(document.createElement("div"));
  new mxCodec(model.ownerDocument).decode(model, graph.getModel());
  const cells = Object.values(graph.getModel().cells);
  said[name] = {{
    boxes: cells.filter(cell => cell.vertex && cell.geometry.width > 0).length,
    arrows: cells.filter(cell => cell.edge && cell.source && cell.target).length,
  }};
}}
document.getElementById("said").textContent = JSON.stringify(said);
</script>"""


def test_mxgraph_reads_every_box_and_every_arrow_with_both_its_ends(tmp_path: Path) -> None:
    if CHROMIUM is None or not CLIENT.is_file():
        pytest.skip("Chromium or mxGraph is not installed (npm install --prefix .venv/mxgraph mxgraph)")
    wanted, files = {}, {}
    for made in (media(), shop(title=HOSTILE)):
        for drawn in exporter.place_all(subject(made)):
            assert drawn.placed is not None
            name = f"{made.name} {drawn.view}"
            files[name] = drawio.write(drawn.placed)
            wanted[name] = {"boxes": len(drawn.placed.boxes) + len(drawn.placed.groups),
                            "arrows": len(drawn.placed.picture.arrows)}
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(client=CLIENT.as_uri(), files=json.dumps(files).replace("</", "<\\/")), encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        check=True, capture_output=True, text=True, timeout=120)
    said = re.search(r'<pre id="said">(.*?)</pre>', done.stdout, re.DOTALL)
    assert said is not None and json.loads(said[1]) == wanted


def test_arrows_between_the_same_cells_leave_and_enter_at_different_places() -> None:
    (drawn,) = exporter.place_all(subject(media()), ("overview",))
    assert drawn.placed is not None
    places: dict[tuple[str, str], list[str]] = {}
    for cell in ET.fromstring(drawio.write(drawn.placed)).iter("mxCell"):
        if cell.get("edge"):
            style = cell.get("style", "")
            assert "exitX=" in style and "entryY=" in style
            place = re.search(r"exitX=[\d.]+;exitY=[\d.]+", style)
            places.setdefault((cell.get("source", ""), cell.get("target", "")), []).append(place[0] if place else "")
    assert any(len(found) > 1 for found in places.values())
    assert all(len(found) == len(set(found)) for found in places.values())
