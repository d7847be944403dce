"""Which tests are quick, and how the whole suite uses every core.

Quick is every test of the package that is not in `SLOW`: no browser, no sandbox, no kernel, no
other process, no page of the course, and no more than a second of training. `pytest` without
further words runs everything on all cores; name a folder, and it runs as always.
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent

# Thousands of short processes (graders, kernels, servers) would compile the same files again, ...
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# ... and each that knows nbformat would build a grammar of web addresses; see tests/light.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(HERE / "light"), os.environ.get("PYTHONPATH")])
)

# Folders, files and tests that take more than half a second of a core, or start a process.
SLOW = tuple(HERE.joinpath("slow.txt").read_text("utf-8").split())


def _whole_suite(config: pytest.Config) -> bool:
    options = config.option
    return not (
        options.file_or_dir or options.usepdb or options.collectonly or options.numprocesses
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Spread the whole suite over the cores; one more, since a browser is mostly waited for."""
    is_worker = hasattr(config, "workerinput")
    if config.pluginmanager.hasplugin("xdist") and not is_worker and _whole_suite(config):
        config.option.numprocesses = len(os.sched_getaffinity(0)) + (not config.option.markexpr)
        config.option.dist = "loadgroup"
        config.option.loadscopereorder = False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is quick, and keep together what shares a server, a kernel or a table."""
    for item in items:
        name = item.nodeid.replace("@", "")
        if HERE in item.path.parents and not name.startswith(SLOW):
            item.add_marker(pytest.mark.quick)
        if config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_longest_first)


def _group(item: pytest.Item) -> str:
    notebook = getattr(item, "callspec", None) and item.callspec.params.get("notebook")
    if isinstance(notebook, str):  # the browser opens each once
        return f"{item.path.stem} {notebook}"
    return str(item.path.relative_to(ROOT))


def _longest_first(item: pytest.Item) -> int:
    """What takes minutes begins first, so that no core waits for another at the end."""
    name = item.nodeid
    order = ("tests/browser/test_explorers", "notebooks/04", "tests/browser", "tests/grading")
    return next((at for at, first in enumerate(order) if name.startswith(first)), len(order))
