"""The SVGs as a browser draws them, with the network off: as the rasteriser does, whatever fonts the browser has.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from exporters.pictures import exporter, fonts, layout, measure, raster, svg, views
from exporters.pictures.graph import Arrow, Box, Picture
from exporters.pictures.subject import subject
from tests.exporters.pictures.landscape import media, shop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def photograph(text: str, folder: Path, wide: int, tall: int) -> bytes:
    """What a headless Chromium without network shows of an SVG."""
    assert CHROMIUM is not None
    source, target = folder / "picture.svg", folder / "picture.png"
    source.write_text(text, encoding="utf-8")
    subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}", f"--screenshot={target}",
         f"--window-size={wide},{tall}", source.as_uri()],
        check=True, capture_output=True, timeout=120)
    return target.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("view", views.names())
def test_a_browser_draws_what_the_rasteriser_draws(view: str, tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    pillow = pytest.importorskip("PIL.Image")
    title = "支付网关 결제 決済"
    (drawn,) = exporter.place_all(subject(shop(title=title) if view == "request-path" else media()), (view,))
    assert drawn.placed is not None
    wide, tall = (int(side) for side in svg.size(drawn.placed))
    seen = pillow.open(io.BytesIO(photograph(svg.draw(drawn.placed), tmp_path, wide, tall + 120))).convert("L")
    painted = pillow.open(io.BytesIO(raster.png(svg.draw(drawn.placed, "light", embed=False)))).convert("L")
    assert painted.size == (wide, tall)
    one, other = (image.crop((0, 0, wide, tall)).resize((wide // 4, tall // 4)) for image in (seen, painted))
    pairs = list(zip(one.tobytes(), other.tobytes(), strict=True))
    far = sum(abs(a - b) > 60 for a, b in pairs)
    assert sum(abs(a - b) for a, b in pairs) / len(pairs) < 2.0
    assert far / len(pairs) < 0.003


SCRIPTS = ("दुकान भुगतान सेवा", "قاعدة البيانات الرئيسية", "שירות הזמנות", "ระบบค้นหา", "கட்டண சேவை",
           "চালান পরিষেবা", "支付网关", "Shop 🛒")


@pytest.mark.slow
def test_names_of_every_script_take_the_room_that_was_measured_whatever_fonts_the_browser_has(tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    boxes = tuple(Box(f"b{index}", text) for index, text in enumerate(SCRIPTS))
    arrows = tuple(Arrow(one.id, other.id, "request") for one, other in itertools.pairwise(boxes))
    drawn = svg.draw(layout.place(Picture("v", "T", "", boxes=boxes, arrows=arrows)))
    (tmp_path / "page.html").write_text(f"""<!doctype html><meta charset="utf-8"><body>{drawn}<script>
        document.fonts.ready.then(() => {{ const found = [...document.querySelectorAll("text.bt")].map(
        text => [text.textContent, text.getBBox().width]);
        document.body.innerHTML = "<pre>" + JSON.stringify(found) + "</pre>"; }})</script>""", encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000", "--dump-dom",
         (tmp_path / "page.html").as_uri()], check=True, capture_output=True, timeout=120)
    found = re.search(r"<pre>(.*)</pre>", done.stdout.decode())
    assert found is not None
    measured = json.loads(found[1])
    assert len(measured) >= len(SCRIPTS)
    assert [(text, wide) for text, wide in measured if abs(wide - fonts.width(text, measure.TITLE, "semibold")) > 2] == []
