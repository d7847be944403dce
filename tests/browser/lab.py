"""A real JupyterLab in a real Chromium: start both, open a notebook, drive it as a learner would.

The server and the browser are started here; `notebook_page` drives one open notebook.
The tests and `python -m tests.browser.screenshots` share both.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
COURSE_ROOMS = ("notebooks", "exercises", "solutions")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


def find_chromium() -> str | None:
    """Return the path of the system's Chromium: $CHROMIUM, else the first one found on the path."""
    candidates = [os.environ.get("CHROMIUM"), *CHROMIUM_NAMES]
    return next((path for name in candidates if name and (path := shutil.which(name))), None)


@dataclass(frozen=True)
class JupyterLab:
    """A running server."""

    url: str
    token: str


@contextmanager
def running_lab(root: Path, home: Path | None = None) -> Iterator[JupyterLab]:
    """Run JupyterLab on `root`, with none of the user's own settings, until the block ends.

    `home` is where Jupyter keeps what it knows of its user. Give the same folder again for a second
    day: the server and all kernels are new, and the course and the settings as they were left.
    """
    with tempfile.TemporaryDirectory(prefix="lab-") as scratch:
        own = {
            name: str(Path(home or scratch, name.lower()))
            for name in (
                "JUPYTER_CONFIG_DIR",
                "JUPYTER_DATA_DIR",
                "JUPYTER_RUNTIME_DIR",
                "JUPYTERLAB_SETTINGS_DIR",
                "JUPYTERLAB_WORKSPACES_DIR",
                "IPYTHONDIR",
            )
        }
        environment = {"LESSONLIB_PROGRESS": ""} | os.environ | own  # nobody's progress
        token = secrets.token_hex(16)
        log_path = Path(scratch, "server.log")
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser"),
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={token}",
            f"--ServerApp.root_dir={root}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ]
        with log_path.open("w") as log:
            server = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=root
            )
        try:
            url = _await_server(server, Path(own["JUPYTER_RUNTIME_DIR"]), token, log_path)
            yield JupyterLab(url, token)
        finally:
            _stop(server)


def _await_server(server: subprocess.Popen, runtime: Path, token: str, log: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        for info in runtime.glob("jpserver-*.json"):
            try:
                url = json.loads(info.read_text())["url"]
                urlopen(f"{url}api/status?token={token}", timeout=10).close()
            except (OSError, ValueError):  # half written, or not listening yet
                continue
            return url
        time.sleep(0.05)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-4000:]}")


def _stop(server: subprocess.Popen) -> None:
    """Stop the server and its kernels: the first signal lets it shut the kernels down."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def running_browser(executable: str) -> Iterator[Browser]:
    """Run a headless Chromium with a fresh profile until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def copy_course(target: Path) -> Path:
    """Copy the notebooks, exercises and solutions, so that nothing in the repository is touched."""
    for room in COURSE_ROOMS:
        if (ROOT / room).is_dir():
            shutil.copytree(ROOT / room, target / room, ignore=shutil.ignore_patterns(".*"))
    return target
