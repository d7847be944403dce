"""Small notebooks: one as a notebook should be, one with faults, and one with tokens to click."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

SOUND = """
import ipywidgets as widgets
from lessonlib.views.live import helper

mask = widgets.IntSlider(value=2, max=7, description="mask 1")
span = widgets.IntRangeSlider(value=(2, 5), max=8, description="span")
objective = widgets.SelectionSlider(options=["causal", "masked"], description="objective")
view = widgets.HTML()

def draw(_=None):
    values = "".join(f"<td>{control.value}</td>" for control in controls)
    view.value = f'<section class="lesson-strip"><table><tr>{values}</tr></table></section>'

controls = [mask, span, objective]
for control in controls:
    control.observe(draw, names="value")
draw()
widgets.VBox([helper(), *controls, view])
"""

PICTURE = """
from IPython.display import HTML
HTML('''<svg role="img" aria-label="a black square"><rect width="9" height="9"/></svg>
<img alt="nothing to be seen" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">''')
"""

NAMELESS_SLIDER = """
import ipywidgets
ipywidgets.IntSlider()
"""

NAMELESS_PICTURE = """
from IPython.display import HTML
HTML('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
"""

KEYBOARD_TRAP = """
ipywidgets.HTML('<input aria-label="stay" onkeydown="event.preventDefault()"><button>go</button>')
"""

SPEAKS_TO_STDERR = "import sys; print('a warning', file=sys.stderr)"

CLICKABLE = """
import ipywidgets as widgets
from lessonlib.views.explorers.hiding import ClickableTokens

clickable = ClickableTokens("the cat sat on the mat".split(), value=[1])
heard = widgets.HTML()
heard.add_class("heard")
widgets.dlink((clickable, "value"), (heard, "value"), str)
widgets.VBox([clickable, heard])
"""


EXPLORERS = (
    "from lessonlib.views import *\nexplore_blanks()",
    "explore()",
    "explore_hiding()",
    "explore_spans()",
    "explore_denoisers()",
    "explore_prefix()",
    "explore_attention()",
    "explore_noise()",
    "explore_scores()",
    "explore_scenes()",
    "from lessonlib.exams.scenes.trained import trained\nexplore_scenes(trained())",
    "from lessonlib.pieces import BytePairs, counted, installed_english\n"
    "tokenizer = BytePairs.learn(counted(installed_english()), merges=1000)\n"
    'explore("the file is unbelievably large", tokenizer)',
    "explore_merges(tokenizer)",
    'explore_cuts({"BPE": tokenizer})',
    "explore_whole_words(tokenizer)",
    "explore_windows()",
    "explore_changes()",
    "from lessonlib.exams.passes import village_in_passes\nexplore_passes(village_in_passes)",
)


def write(folder: Path) -> None:
    """Write `sound`, `faulty`, `clickable` and `explorers.ipynb` into a folder."""
    _write(folder / "explorers.ipynb", *EXPLORERS)
    _write(folder / "sound.ipynb", SOUND, PICTURE)
    _write(folder / "clickable.ipynb", CLICKABLE)
    faults = NAMELESS_SLIDER, NAMELESS_PICTURE, KEYBOARD_TRAP, SPEAKS_TO_STDERR, "1 / 0"
    _write(folder / "faulty.ipynb", *faults)


def _write(path: Path, *sources: str) -> None:
    cells = [
        new_code_cell(source.strip(), id=f"cell-{number}") for number, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
