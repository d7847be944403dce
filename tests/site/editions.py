"""The browser edition as the tests have it built, and a server that lets other pages ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from lessonlib.site import command

from .building import EXTRA

ROOT = Path(__file__).resolve().parents[2]


def built(out: Path, pyodide: str | Path) -> Path:
    """Build the edition of this course, and return the site's folder; skip without its tools."""
    tools_or_skip()
    from lessonlib.site import edition

    edition.build(ROOT, out, str(pyodide))
    return out


def tools_or_skip() -> None:
    """README's two lines install nothing that only makes the site."""
    for name in command.TOOLS:
        pytest.importorskip(name, reason=EXTRA)


@contextmanager
def distributed(folder: Path) -> Iterator[str]:
    """Serve a folder to pages of anywhere until the block ends; yields its address."""
    handler = partial(_ForAnybody, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class _ForAnybody(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *said: Any) -> None:
        """Keep quiet."""
