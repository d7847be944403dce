"""How JupyterLite is set up: what it is told when it is built, and what the page reads."""

import json
import sys
from pathlib import Path
from typing import Any

from lessonlib.site.edition.contents import KERNEL
from lessonlib.site.edition.lock import AT_START
from lessonlib.site.edition.page import APPS, ICON, WORDS
from lessonlib.site.edition.runtime import LOCK, MODULE, Address, Runtime

STATIC = "static/pyodide"  # where the lock file and the wheels lie, seen from the edition
BUILT, CONTENTS = "built", "contents"
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
_FRONT_ENDS = (_KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")


def write(course: Path, folder: Path, runtime: Runtime, inside: bool) -> None:
    """Write the files that `jupyter lite build` reads into a folder."""
    for name, content in {
        "jupyter-lite.json": of_the_page(runtime, inside),
        "jupyter_lite_config.json": _of_the_build(),
        "overrides.json": _of_jupyterlab(course),
    }.items():
        (folder / name).write_text(json.dumps(content, indent=1), "utf-8")


def _of_the_build() -> dict[str, Any]:
    installed = Path(sys.prefix, "share", "jupyter", "labextensions")
    return {
        "LiteBuildConfig": {
            "apps": list(APPS),
            "contents": [CONTENTS],
            "output_dir": BUILT,
            "federated_extensions": [str(installed / name) for name in _FRONT_ENDS],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }


def of_the_page(runtime: Runtime, inside: bool) -> dict[str, Any]:
    """Say what the page reads first: its name, and where Python and the lock file are."""
    place = runtime.address if isinstance(runtime, Address) and not inside else f"./{STATIC}/"
    kernel = {
        "pyodideUrl": f"{place}{MODULE}",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"lockFileURL": f"./{STATIC}/{LOCK}", "packages": list(AT_START)},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": WORDS("title"),
            "defaultKernelName": KERNEL["name"],
            "faviconUrl": f"./{ICON}",
            "litePluginSettings": {f"{_KERNEL}:kernel": kernel},
        },
    }


def _of_jupyterlab(course: Path) -> dict[str, Any]:
    settings = {}
    overrides = "etc/jupyter/labconfig/default_setting_overrides.d"
    for file in sorted((course / "jupyter-config" / overrides).glob("*.json")):
        settings |= json.loads(file.read_text("utf-8"))
    return settings
