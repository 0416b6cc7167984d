"""The SVGs as a browser draws them, with the network off: as the rasteriser does, whatever fonts the browser has.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from exporters.pictures import exporter, raster, svg
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
@pytest.mark.parametrize("view", ["overview", "request-path", "inside", "network"])
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
