"""A real JupyterLab in a real Chromium: start both, open a notebook, drive it as a learner would.

The server and the browser are started here; `notebook_page` drives one open notebook.
The tests and `python -m tests.browser.screenshots` share both.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from lessonlib.grading.bundle import HANDED_OUT
from tests.readme import readme_line

ROOT = Path(__file__).resolve().parents[2]
KEPT_BACK = ("solutions", "tests")  # what a repository has and a learner is not shown

# Where Jupyter and IPython keep what they know of their user.
HOMES = (
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
)

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
    """A running server.

    Parameters
    ----------
    url
        Its address.
    token
        What lets a browser in.
    opens
        The address that the command which started it opens in the browser.
    """

    url: str
    token: str
    opens: str


def opening_command() -> list[str]:
    """Return the words by which README opens the course once everything is installed.

    They are README's own, but for the place of the environment: here it is this Python's.
    """
    *_, last = readme_line("open the course").split(" && ")
    program, *words = shlex.split(last)
    return [str(Path(sysconfig.get_path("scripts"), Path(program).name)), *words]


@contextmanager
def running_lab(course: Path, home: Path | None = None) -> Iterator[JupyterLab]:
    """Open a course as README says, with none of the user's own settings, until the block ends.

    Parameters
    ----------
    course
        The folder in which README's line is run.
    home
        Where Jupyter keeps what it knows of its user. Give the same folder again for a second day:
        the server and all kernels are new, and the course and the settings as they were left.
    """
    with tempfile.TemporaryDirectory(prefix="lab-") as scratch:
        own = {name: str(Path(home or scratch, name.lower())) for name in HOMES}
        environment = {"LESSONLIB_PROGRESS": ""} | os.environ | own  # nobody's progress
        token = secrets.token_hex(16)
        log_path = Path(scratch, "server.log")
        command = [
            *opening_command(),
            "--no-browser",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={token}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ]
        with log_path.open("w") as log:
            server = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=course
            )
        try:
            lab = _await_server(server, Path(own["JUPYTER_RUNTIME_DIR"]), token, log_path)
            yield lab
        finally:
            _stop(server)


def _await_server(server: subprocess.Popen, runtime: Path, token: str, log: Path) -> JupyterLab:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            # Another day's server of the same learner may still run, or have left its files here.
            url = json.loads((runtime / f"jpserver-{server.pid}.json").read_text())["url"]
            urlopen(f"{url}api/status?token={token}", timeout=10).close()
            # The page that Jupyter hands to the browser; it only sends it on to the course.
            page = runtime / f"jpserver-file-to-run-{server.pid}-open.html"
            return JupyterLab(url, token, re.search(r'href="([^"]+)"', page.read_text())[1])
        except (OSError, TypeError, ValueError):  # half written, or not listening yet
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
    """Copy the course as it is in a repository, so that nothing in the repository is touched."""
    for name in (*HANDED_OUT, *KEPT_BACK):
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, target / name, ignore=shutil.ignore_patterns(".*", "__pycache__")
            )
        elif (ROOT / name).is_file():
            shutil.copy(ROOT / name, target / name)
    return target


LESS = """\
from dataclasses import replace
from lessonlib.exams.sentences.subject import QUICK
live = watch_exam(replace(QUICK, steps=20))"""


def train_less(course: Path) -> None:
    """Let notebook 05 of a copy train for a moment only: here one looks at how it is shown.

    nbval runs it as it is, to the end, and compares what it finds.
    """
    page = course / "notebooks" / "05_what_each_is_better_at.ipynb"
    whole, text = json.dumps("live = watch_exam()"), page.read_text("utf-8")
    assert text.count(whole) == 1
    page.write_text(text.replace(whole, json.dumps(LESS)), "utf-8")
