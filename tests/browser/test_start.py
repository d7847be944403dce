"""README's line opens the first notebook with the whole course in reach, and every link works."""

import json
import sys
from urllib.request import urlopen

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lessonlib.practice.course import STEPS

from .lab import ROOT, copy_course, running_lab
from .links import UNLISTED, follow, links, show
from .notebook_page import WINDOW, lab_page

FIRST = "notebooks/00_start_here.ipynb"
PAGES = [
    path.relative_to(ROOT).as_posix()
    for room in ("notebooks", "exercises")
    for path in sorted((ROOT / room).iterdir())
    if path.is_file()
]
# Where a link may lead, and what must be said of it. The page that has them is planted.
PLANTED = {
    "[good](notebooks/glossary.md#loss-mask)": "",
    "[a page](exercises/01_your_own_sentence.ipynb)": "",
    "[no such file](notebooks/99_nowhere.ipynb)": "404",
    "[no such heading](notebooks/glossary.md#no-such-term)": "#no-such-term does not come",
    "[not for learners](solutions/01_your_own_sentence.ipynb)": UNLISTED,
    "[hidden](tests/readme.py)": UNLISTED,
    "[in this page](#A-heading)": "",
    "[not in this page](#no-such-heading)": "#no-such-heading does not come",
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
WIDGET = "import ipywidgets; ipywidgets.HTML('<a href=\"notebooks/glossary.md\">widget</a>')"


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """What a learner sees who has run README's line, in a course with one page more."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    cells = ["# A heading", *("text\n\n" * 40, "\n\n".join(PLANTED))]
    cells = [new_markdown_cell(cell) for cell in cells] + [new_code_cell(WIDGET)]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), course / "planted.ipynb")
    with running_lab(course) as lab, lab_page(browser, lab, viewport=WINDOW) as page:
        yield page


class TestFirstSight:
    def test_the_first_notebook_is_in_front(self, page):
        page.wait_for_function("jupyterapp.shell.currentWidget?.context?.path")
        assert page.evaluate("jupyterapp.shell.currentWidget.context.path") == FIRST

    def test_the_list_of_files_shows_what_a_learner_needs(self, page):
        page.locator(".jp-BreadCrumbs-home").click()
        item = page.locator(".jp-DirListing-item")
        item.get_by_text("exercises", exact=True).wait_for()
        found = set(page.locator(".jp-DirListing-itemName").all_inner_texts())
        assert found == {"exercises", "notebooks", "README.md", "planted.ipynb"}

    @pytest.mark.parametrize("folder", ["notebooks", "exercises"])
    def test_every_page_is_in_the_list(self, page, folder):
        listed = page.evaluate(
            """async folder => {
                const answer = await fetch(`/api/contents/${folder}`);
                return answer.ok ? (await answer.json()).content.map(({path}) => path) : [];
            }""",
            folder,
        )
        assert sorted(listed) == [path for path in PAGES if path.startswith(folder)]


class TestOddFolders:
    @pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own")
    def test_the_course_and_its_folders_may_lie_elsewhere_behind_links(self, tmp_path):
        """And a folder's name may hold spaces and letters beyond ASCII."""
        course = tmp_path / "Kurs über Modelle"
        course.mkdir()
        copy_course(course)
        (course / "exercises").rename(tmp_path / "my exercises")
        (course / "exercises").symlink_to(tmp_path / "my exercises")
        (tmp_path / "link").symlink_to(course)
        with running_lab(tmp_path / "link") as lab:
            assert f"/lab/tree/{FIRST}?" in lab.opens
            for path in PAGES:
                address = f"{lab.url}api/contents/{path}?content=0&token={lab.token}"
                with urlopen(address) as answer:
                    assert json.load(answer)["path"] == path


class TestLinks:
    def test_dead_links_are_seen(self, page):
        show(page, "planted.ipynb")
        found = links(page)
        assert [link.text for link in found] == [text[1 : text.index("]")] for text in PLANTED]
        for link, said in zip(found, PLANTED.values(), strict=True):
            problem = follow(page, link)
            assert problem.endswith(said) if not said else said in problem, link

    def test_a_link_that_jupyterlab_does_not_know_is_seen(self, page):
        """What a widget draws JupyterLab leaves to the browser, which would ask the server."""
        show(page, "planted.ipynb")
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(".widget-html-content a").wait_for()
        (link,) = [link for link in links(page) if link.text == "widget"]
        assert follow(page, link) == "JupyterLab does not open it"

    @pytest.mark.parametrize("path", [*PAGES, "README.md"])
    def test_every_link_opens_what_it_names(self, page, path):
        show(page, path)
        found = [link for link in links(page) if not link.is_foreign]
        problems = {link: follow(page, link) for link in found}
        if path == "README.md":  # it also speaks to those who look beyond the list of files
            problems = {link: problem.replace(UNLISTED, "") for link, problem in problems.items()}
        assert {link: problem for link, problem in problems.items() if problem} == {}

    @pytest.mark.parametrize("first", [FIRST, "exercises/01_your_own_sentence.ipynb"])
    def test_pages_lead_on_by_mouse_from_the_first_to_the_last(self, page, first):
        """Every page's last link, clicked where it is seen: nobody needs the list of files."""
        show(page, first)
        seen, here = set(), first
        while here not in seen:
            seen.add(here)
            *_, last = [link for link in links(page) if not link.is_foreign]
            assert follow(page, last, by_mouse=True) == ""
            here = page.evaluate("jupyterapp.shell.currentWidget.context.path")
        folder = first.split("/")[0]
        assert seen >= {step.file for step in STEPS if step.folder == folder and not step.optional}
