"""Pages with the scripts of the strips, served from a folder to a real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lab import find_chromium, running_browser


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder as any web server does, and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder until the block ends; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium until the block ends; skip where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on the path; install one or set CHROMIUM to its path")
    with running_browser(path) as browser:
        yield browser


@contextmanager
def opened(browser: Browser, address: str, **window: object) -> Iterator[Page]:
    """Open a page; when the block ends, nothing went wrong on it or was asked for elsewhere."""
    origin, wrong = "/".join(address.split("/")[:3]), []
    with browser.new_context(**window) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(error.stack))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on("request", lambda one: one.url.startswith(origin) or wrong.append(one.url))
        page.goto(address)
        yield page
        assert wrong == []
