"""`serve` in a real browser, and what it refuses. Skipped where no Chromium is installed."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.wizard.tui.browser import CHROMIUM, Page, chromium
from tests.wizard.tui.driving import real_catalog
from wizard.answers_file import load

ROOT = Path(__file__).parents[3]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A wizard served from an empty folder: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "work"
    folder.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-c", "from wizard.main import run; run()", "serve", "--port", str(port)], cwd=folder,
        env={**os.environ, "K8S_WIZARD_STATE": str(tmp_path / "state"), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        with socket.socket() as knocking:
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert running.poll() is None, running.stderr and running.stderr.read()
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    out, told = running.communicate(timeout=30)
    assert out == ""
    assert f"http://127.0.0.1:{port}" in told


async def begun(page: Page) -> None:
    """A new design in the page."""
    await page.wait("New design")
    await page.focused()
    await page.type("Enter")
    await page.wait("What matters most")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
async def test_a_visitor_clicks_through_a_decision_and_saves_a_file_of_its_own(served: str, tmp_path: Path) -> None:
    pillow = pytest.importorskip("PIL.Image")
    async with chromium(tmp_path / "profile") as browser:
        one = await browser.open(served)
        await begun(one)
        # The map: the eighth page is on the ninth line; a first click moves there, a second one opens it.
        await one.click(8, 8)
        await one.click(8, 8)
        await one.wait("GKE Standard")
        await one.type("/")
        await one.wait("Search components")
        await one.type(*"kubernetes=gke-standard", "Enter")
        await one.wait("Google runs the control plane")
        await one.type("Enter")
        await one.wait("(●)")
        picture = pillow.open(io.BytesIO(await one.photograph())).convert("RGB")
        assert picture.size[0] > 1000
        assert len(picture.getcolors(1_000_000)) > 50
        two = await browser.open(served)
        await begun(two)
        for page in (one, two):
            await page.type("s")
            await page.wait("Save under which name")
            await page.type("Enter")
            await page.wait("(saved)")
        for page in (one, two):
            assert {address.split("//")[1].split("/")[0] for address in page.asked if address.startswith(("http", "ws"))} \
                == {served.split("//")[1]}
    files = sorted((tmp_path / "work").iterdir())
    assert [path.name for path in files] == ["answers-2.yaml", "answers.yaml"]
    assert load(files[1], real_catalog()).choices["kubernetes"].value == ("gke-standard",)
    assert not load(files[0], real_catalog()).choices


@pytest.mark.slow
@pytest.mark.parametrize("headers", [{"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}], ids=str)
async def test_pages_of_others_cannot_talk_to_a_wizard(served: str, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/ws"):
            async with session.get(f"{served}{path}", headers=headers) as answer:
                assert answer.status == 403
        async with session.get(f"{served}/") as answer:
            assert answer.status == 200
            assert "googleapis" not in await answer.text()


def test_a_port_in_use_is_said_and_is_no_crash() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-c", "from wizard.main import run; run()", "serve", "--port", str(taken.getsockname()[1])],
            check=False, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 2
    assert "cannot be listened on" in done.stderr
    assert "Traceback" not in done.stderr
