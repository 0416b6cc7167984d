"""A headless Chromium, driven over its DevTools protocol: goes to a page, types, clicks cells of a terminal, looks."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CODES = re.compile(r"\x1b(\[[0-9;?<>=]*[a-zA-Z]|[()][A-Z0-9]|\][^\x07]*\x07|[=>])")
KEYS = {"Enter": ("\r", 13), "Escape": ("", 27)}


class Page:
    """A page with a terminal in it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.asked: list[str] = []
        """Every address that the page asked for."""
        self.seen = ""
        """Everything that the terminal was told, without its codes."""
        self.cells = (0, 0)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listening = asyncio.create_task(self._listen())

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Tell the browser something, and give its answer."""
        number = len(self._answers) + 1
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(self._answers[number], 60)

    async def _listen(self) -> None:
        async for message in self.socket:
            told = message.json()
            if "id" in told:
                self._answers[told["id"]].set_result(told.get("result", {}))
            elif told["method"] == "Network.requestWillBeSent":
                self.asked.append(told["params"]["request"]["url"])
            elif told["method"] == "Network.webSocketCreated":
                query = parse_qs(urlsplit(told["params"]["url"]).query)
                self.asked.append(told["params"]["url"])
                self.cells = (int(query["width"][0]), int(query["height"][0]))
            elif told["method"] == "Network.webSocketFrameReceived":
                frame = told["params"]["response"]
                data = base64.b64decode(frame["payloadData"]) if frame["opcode"] == 2 else frame["payloadData"].encode()
                self.seen += CODES.sub("", data.decode("utf-8", "replace"))

    async def wait(self, text: str, seconds: float = 90) -> None:
        """Wait until the terminal was told a text since the last wait."""
        for _ in range(int(seconds * 10)):
            if text in self.seen:
                self.seen = ""
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{text!r} was never shown: …{self.seen[-800:]!r}")

    async def focused(self) -> None:
        """Wait until the terminal has the keys: it is given them a moment after its first line is there."""
        for _ in range(300):
            found = await self.call("Runtime.evaluate", returnByValue=True,
                                    expression="document.activeElement.className")
            if "xterm" in found["result"].get("value", ""):
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the terminal was never given the keys")

    async def type(self, *keys: str) -> None:
        """Press keys: characters, or names of KEYS."""
        for key in keys:
            text, code = KEYS.get(key, (key, 0))
            said: dict[str, Any] = {"key": key, "text": text, "unmodifiedText": text}
            if code:
                said |= {"windowsVirtualKeyCode": code, "code": key}
            await self.call("Input.dispatchKeyEvent", type="keyDown", **said)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def click(self, column: int, line: int) -> None:
        """Click a cell of the terminal; both count from 0."""
        found = await self.call("Runtime.evaluate", returnByValue=True, expression=(
            "(({x, y, width, height}) => [x, y, width, height])"
            "(document.querySelector('.xterm-screen').getBoundingClientRect())"))
        x, y, wide, tall = found["result"]["value"]
        at = {"x": x + wide * (column + 0.5) / self.cells[0], "y": y + tall * (line + 0.5) / self.cells[1]}
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    async def photograph(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Chromium]:
    """A browser with a profile of its own."""
    assert CHROMIUM is not None
    running = subprocess.Popen(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--window-size=1200,800",
         f"--user-data-dir={folder}", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
         "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        told = folder / "DevToolsActivePort"
        for _ in range(600):
            if told.exists() and "\n" in told.read_text():
                break
            await asyncio.sleep(0.1)
        async with aiohttp.ClientSession() as session:
            yield Chromium(session, told.read_text().partition("\n")[0])
    finally:
        running.terminate()
        running.wait(30)


class Chromium:
    """See `chromium`."""

    def __init__(self, session: aiohttp.ClientSession, port: str) -> None:
        self.session = session
        self.port = port

    async def open(self, address: str) -> Page:
        """A new page on an address."""
        async with self.session.put(f"http://127.0.0.1:{self.port}/json/new?about:blank") as answer:
            target = await answer.json()
        page = Page(await self.session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0))
        await page.call("Network.enable")
        await page.call("Page.enable")
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        await page.call("Page.navigate", url=address)
        return page
