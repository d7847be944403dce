"""The browser edition in a real Chromium: served as README says, and driven as a learner would.

`notebook_page` drives an open notebook here as it does in JupyterLab.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

START = "notebooks/00_start_here.ipynb"
_WAIT = 180_000  # milliseconds; a limit against hanging, not a measurement
_OPENED = """async () => {
    await jupyterapp.restored;
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
}"""


@dataclass
class Heard:
    """What a page asked of others, and what it complained of."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def let_tests_in(site: Path) -> None:
    """Let the page's scripts reach JupyterLab, as the tests of JupyterLab do."""
    config = site / "lite" / "jupyter-lite.json"
    settings = json.loads(config.read_text("utf-8"))
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    config.write_text(json.dumps(settings), "utf-8")


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder by Python's own web server until the block ends; yields its address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "-b", "127.0.0.1", "-d", str(site)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield re.search(r"http://[\d.:]+", server.stdout.readline())[0]
        finally:
            server.terminate()


def listen(page: Page, address: str) -> Heard:
    """Keep what a page asks of others than one address, and its errors."""
    heard, own = Heard(), (_origin(address), "data:", "blob:")

    def asked(url: str) -> None:
        if not url.startswith(own):
            heard.foreign.append(url)

    def answered(status: int, url: str) -> None:
        if status >= 400:
            heard.errors.append(f"{status} {url}")

    page.context.on("request", lambda each: asked(each.url))
    page.context.on("response", lambda each: answered(each.status, each.url))
    page.on("console", lambda said: said.type == "error" and heard.errors.append(said.text))
    page.on("pageerror", lambda problem: heard.errors.append(str(problem)))
    return heard


def _origin(address: str) -> str:
    return "/".join([*address.split("/")[:3], ""])


@contextmanager
def lite_page(context: BrowserContext, address: str, path: str = START) -> Iterator[Page]:
    """Open the edition at a notebook, and wait until its kernel answers."""
    page = context.new_page()
    page.set_default_timeout(_WAIT)
    page.heard = listen(page, address)
    try:
        page.goto(f"{address}/lite/lab/index.html?path={path}")
        page.wait_for_function("window.jupyterapp")
        page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel")
        page.evaluate(_OPENED)
        page.add_style_tag(content=".jp-Cell { content-visibility: visible !important }")
        yield page
    finally:
        page.close()
