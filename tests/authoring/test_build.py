"""`lessonlib build` writes the same bytes every time, and tells what is out of date."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.command import out_of_date
from lessonlib.authoring.execution import execute, settle_widgets, unfit
from lessonlib.authoring.sources import KERNEL
from lessonlib.cli import main
from lessonlib.styles import STATE, STYLE, VIEW
from tests.authoring.test_sources import BODY, HEADER

WIDGETS = """
# Widgets

```{code-cell}
import ipywidgets

lost = ipywidgets.HTML("never shown")
ipywidgets.VBox([ipywidgets.IntSlider(2, description="masks"), ipywidgets.HTML("<b>strip</b>")])
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    for folder, name, body in (("notebooks", "00_widgets", WIDGETS), ("solutions", "01_try", BODY)):
        (course / folder / "text").mkdir(parents=True)
        (course / folder / "text" / f"{name}.md").write_text(HEADER + body)
    assert main(["build", "--course", str(course)]) == 0
    return course


@pytest.fixture
def course(built, tmp_path):
    return shutil.copytree(built, tmp_path / "course")


def test_building_twice_gives_the_same_bytes(course):
    notebook = course / "notebooks" / "00_widgets.ipynb"
    before = notebook.read_bytes()
    assert main(["build", "00_widgets", "--course", str(course)]) == 0
    assert notebook.read_bytes() == before


def test_a_built_course_is_up_to_date(course, capsys):
    assert list(out_of_date(course)) == []
    assert main(["build", "--check", "--course", str(course)]) == 0


def test_an_output_that_is_stale_is_noticed_by_running(course):
    path = course / "notebooks" / "00_widgets.ipynb"
    assert list(out_of_date(course, ["00_widgets"], run=True)) == []
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs[0].data["text/plain"] += " of yesterday"
    nbformat.write(notebook, path)
    assert list(out_of_date(course)) == []
    (trouble,) = out_of_date(course, ["00_widgets"], run=True)
    assert "no longer show" in trouble


def test_every_outdated_notebook_is_named(course, capsys):
    (course / "notebooks" / "text" / "00_widgets.md").write_text(HEADER + WIDGETS + "\nMore.\n")
    exercise = course / "exercises" / "01_try.ipynb"
    exercise.write_text(exercise.read_text("utf-8").replace("A title", "Another title"), "utf-8")
    (course / "solutions" / "02_orphan.ipynb").write_text("{}")
    assert main(["build", "--check", "--course", str(course)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "notebooks/00_widgets.ipynb differs from its source",
        "exercises/01_try.ipynb is not its solution without the answers",
        "solutions/02_orphan.ipynb has no source",
    ]


def test_a_notebook_that_was_never_run_is_out_of_date(course):
    path = course / "solutions" / "01_try.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells[2].execution_count = None
    nbformat.write(notebook, path)
    assert list(out_of_date(course)) == ["solutions/01_try.ipynb was not run from top to bottom"]


def test_a_notebook_that_is_missing_is_out_of_date(course):
    (course / "solutions" / "01_try.ipynb").unlink()
    (course / "exercises" / "01_try.ipynb").unlink()
    assert list(out_of_date(course)) == [
        "solutions/01_try.ipynb has not been built",
        "exercises/01_try.ipynb has not been built",
    ]


def test_an_unknown_name_is_told(course, capsys):
    assert main(["build", "07_nothing", "--course", str(course)]) == 1
    assert "07_nothing" in capsys.readouterr().out


def test_stored_widgets_are_those_shown_and_numbered(course):
    notebook = nbformat.read(course / "notebooks" / "00_widgets.ipynb", 4)
    (stored,) = notebook.metadata.widgets.values()
    shown = notebook.cells[1].outputs[0].data["application/vnd.jupyter.widget-view+json"]
    assert shown["model_id"] == f"{0:032x}"
    assert set(stored["state"]) == {f"{number:032x}" for number in range(len(stored["state"]))}
    text = json.dumps(stored)
    assert "strip" in text
    assert "never shown" not in text


def test_stored_widgets_leave_out_what_every_widget_of_their_kind_has(course):
    notebook = nbformat.read(course / "notebooks" / "00_widgets.ipynb", 4)
    models = list(notebook.metadata.widgets[STATE]["state"].values())
    (slider,) = (m["state"] for m in models if m["model_name"] == "IntSliderModel")
    assert {"description": "masks", "value": 2}.items() <= slider.items()
    assert not {"max", "_model_name", "_dom_classes"} & slider.keys()
    assert [m["state"] for m in models if m["model_name"] == "LayoutModel"] == [{}]


def test_the_room_of_an_explorer_and_all_styles_but_one_are_not_stored():
    cells = [nbformat.v4.new_code_cell("show()") for _ in range(2)]
    for number, cell in enumerate(cells):
        html = f'{STYLE}<p class="lesson-strip">{number}</p>'
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    name = "f" * 32
    view = {VIEW: {"model_id": name}}
    cells.append(nbformat.v4.new_code_cell("explore()"))
    cells[2].outputs = [nbformat.v4.new_output("display_data", view)]
    kind = {"model_module": "@jupyter-widgets/controls", "model_module_version": "2.0.0"}
    room = {"_dom_classes": ["lesson-room"], "value": "as large as it gets", "placeholder": "?"}
    state = {name: {**kind, "model_name": "HTMLModel", "state": room}}
    notebook = nbformat.v4.new_notebook(
        cells=cells, metadata={"widgets": {STATE: {"state": state}}}
    )
    settled = settle_widgets(notebook)
    (stored,) = settled.metadata.widgets[STATE]["state"].values()
    assert stored["state"] == {"_dom_classes": ["lesson-room"], "placeholder": "?"}
    html = [cell.outputs[0].data.get("text/html", "") for cell in settled.cells]
    assert [STYLE in text for text in html] == [True, False, False]


def test_a_notebook_without_widgets_stores_none(course):
    for folder in ("solutions", "exercises"):
        assert "widgets" not in nbformat.read(course / folder / "01_try.ipynb", 4).metadata


def test_settling_widgets_again_changes_nothing(course):
    path = course / "notebooks" / "00_widgets.ipynb"
    notebook = nbformat.read(path, 4)
    assert settle_widgets(nbformat.read(path, 4)) == notebook


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ({"name": "stderr", "text": "hm"}, "stderr"),
        ({"data": {"text/plain": "<object object at 0x7f3a5c1d2e40>"}}, "memory address"),
        ({"name": "stdout", "text": f"{Path.cwd() / 'notes.txt'}"}, "path of this machine"),
        ({"data": {"text/html": f"<a href='{Path.home() / 'x'}'>"}}, "path of this machine"),
    ],
)
def test_outputs_unfit_to_be_stored_are_refused(output, says):
    assert says in unfit(output)


def test_other_outputs_are_fit():
    assert unfit({"data": {"text/plain": "meet at 0x noon, in the home/ of the tokens"}}) is None


def test_a_build_with_an_unfit_output_fails_and_names_the_cell(tmp_path):
    code = "import sys; print('hm', file=sys.stderr)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)], metadata=KERNEL)
    with pytest.raises(ValueError, match="stderr") as caught:
        execute(notebook, tmp_path)
    assert code in str(caught.value)
