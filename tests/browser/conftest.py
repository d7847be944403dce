"""One JupyterLab and one Chromium for all browser tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from . import example_notebooks
from .lab import copy_course, find_chromium, running_browser, running_lab, train_less
from .notebook_page import THEMES, WINDOW, lab_page
from .sheets import WIDTHS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> str:
    path = find_chromium()
    if path is None:
        reason = "no Chromium on the path; install one or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(f"{reason} (where CI is set, browser tests are never skipped)")
        pytest.skip(reason)
    return path


# The scope is the package and not the session: Playwright keeps an event loop in this thread, and
# other tests must find none.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with running_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="package")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """JupyterLab, open on a copy of the course."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    example_notebooks.write(course)
    train_less(course)
    with running_lab(course) as lab, lab_page(browser, lab, viewport=WINDOW) as page:
        yield page


@pytest.fixture(params=[(width, theme) for width in WIDTHS for theme in THEMES])
def sheet(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty page in a window of some width; what it asks the net for or says is kept."""
    width, theme = request.param
    window = {"width": width, "height": 900}
    with browser.new_context(viewport=window, color_scheme=theme) as context:
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda each: page.asked.append(each.url))
        page.on("dialog", lambda each: page.said.append(each.message) or each.dismiss())
        page.on("console", lambda each: page.said.append(each.text))
        page.on("pageerror", lambda each: page.said.append(str(each)))
        yield page
