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

# Folders, files and tests that take a core for more than a second, or start a process themselves.
SLOW = tuple(HERE.joinpath("slow.txt").read_text("utf-8").split())
# Who asks for one of these starts a process, too.
STARTS_A_PROCESS = {"browser", "run_python", "sandbox"}


def _whole_suite(config: pytest.Config) -> bool:
    options = config.option
    return not (
        options.file_or_dir or options.usepdb or options.collectonly or options.numprocesses
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Spread the whole suite over the cores; one more, since a browser is mostly waited for."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker and _whole_suite(config) and config.option.markexpr == "quick":
        config.args[:] = [str(HERE)]  # no page of the course is quick, so none need be read
    if config.pluginmanager.hasplugin("xdist") and not is_worker and _whole_suite(config):
        config.option.numprocesses = len(os.sched_getaffinity(0)) + (not config.option.markexpr)
        config.option.dist = "loadfile"  # what shares a server, a kernel or a table stays together
        config.option.loadscopereorder = False


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read what cannot be quick."""
    name = collection_path.relative_to(ROOT).as_posix()
    return True if config.option.markexpr == "quick" and name in SLOW else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is quick."""
    for item in items:
        asked = {*getattr(item, "fixturenames", ()), *(m.name for m in item.iter_markers())}
        is_slow = item.nodeid.startswith(SLOW) or STARTS_A_PROCESS & asked
        if HERE in item.path.parents and not is_slow:
            item.add_marker(pytest.mark.quick)
        if item.get_closest_marker("every_page") and "every_page" not in config.option.markexpr:
            item.add_marker(pytest.mark.skip(reason="half an hour for all pages: -m every_page"))
    items.sort(key=_longest_first)


def _longest_first(item: pytest.Item) -> int:
    # What takes minutes begins first, so that no core waits for another at the end.
    name = item.nodeid
    order = ("tests/browser/test_explorers", "notebooks/05", "tests/browser", "tests/grading")
    return next((at for at, first in enumerate(order) if name.startswith(first)), len(order))
