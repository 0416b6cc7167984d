"""The wizard for browsers: textual-serve, held to one origin. A page of this server asks nobody else for anything, and no
page of anybody else can talk to a wizard here.

A browser lets any page open a WebSocket to loopback, and a name that resolves to it (DNS rebinding) looks like the same
site. Both are refused by what the browser itself says: `Host` and `Origin`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

LOOPBACK = ("127.0.0.1", "localhost", "::1")

FONT = """<style>@font-face { font-family: "Roboto Mono"; font-weight: 100 700;
src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }</style>
<script>const typing = setInterval(() => {
  const line = document.querySelector(".xterm-helper-textarea");
  if (line && document.body.classList.contains("-first-byte")) { line.focus(); clearInterval(typing); }
}, 50);</script>"""
"""Instead of a font from elsewhere; and keys go to the terminal without a click."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WizardServer(Server):
    """See the module. Each visitor gets a process of its own."""

    def initialize_logging(self) -> None:
        """Only what went wrong is told."""
        logging.basicConfig(level="WARNING", format="%(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """The command says where it is; the library's own banner would go to stdout."""

    async def _make_app(self) -> web.Application:
        app: web.Application = await super()._make_app()

        @web.middleware
        async def only_us(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._only_us(request, handler)

        app.middlewares.append(only_us)
        return app

    async def _only_us(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            host = urlsplit(f"//{request.host}").hostname
            origin = urlsplit(request.headers.get("Origin", f"//{request.host}")).netloc
        except ValueError:
            raise web.HTTPBadRequest from None
        if origin != request.host or (self.host in LOOPBACK and host not in LOOPBACK):
            raise web.HTTPForbidden(text="This wizard answers its own pages only.\n")
        response = await handler(request)
        if request.path == "/" and isinstance(response, web.Response):
            response.text = self._page(response.text or "", request)
        return response

    def _page(self, text: str, request: web.Request) -> str:
        """The page with addresses as the visitor knows this server, and with the font that it brings itself."""
        bare = self.public_url.split(":", 1)[1]
        secure = request.scheme == "https"
        text = text.replace(f"ws:{bare}", f"{'wss' if secure else 'ws'}://{request.host}").replace(self.public_url, "")
        return re.sub(r'<link\s+rel="stylesheet"\s+href="https://fonts\.[^>]*>', FONT, text)
