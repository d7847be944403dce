"""Execute a notebook so that running it twice gives the same bytes.

What differs from run to run or from machine to machine is left out (times, versions), numbered
anew (the random ids of widgets) or refused (addresses, paths, warnings).
"""

import json
import os
import re
import tempfile
from functools import cache
from pathlib import Path

import ipywidgets
import nbclient
from nbformat import NotebookNode, from_dict

from lessonlib.authoring.sources import KERNEL
from lessonlib.server.widget_state import reached, shown, store
from lessonlib.styles import STATE, VIEW

SECONDS_PER_CELL = 600


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook from top to bottom in a fresh kernel, in a folder, and return it.

    A ValueError names the cell whose output is not fit to be stored; see :func:`unfit`.
    """
    nbclient.NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name=KERNEL["kernelspec"]["name"],
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute(env={**os.environ, "LESSONLIB_PROGRESS": ""})  # a build is nobody's progress
    notebook.metadata.update(KERNEL)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            reason = unfit(output)
            if reason:
                raise ValueError(f"the output of this cell {reason}:\n{cell.source}")
    return settle_widgets(notebook)


def unfit(output: NotebookNode) -> str | None:
    """Say what an output does, if anything, that differs between runs or machines."""
    if output.get("name") == "stderr":
        return f"writes to stderr ({output['text'].strip()!r})"
    text = json.dumps(output)
    if re.search(r" at 0x[0-9a-fA-F]{6,}", text):
        return "shows a memory address"
    for path in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())):
        # As the beginning of a longer path only: a home of /root is no reason to refuse "/root".
        if f"{json.dumps(str(path))[1:-1]}{json.dumps(os.sep)[1:-1]}" in text:
            return f"shows a path of this machine ({path})"
    return None


def settle_widgets(notebook: NotebookNode) -> NotebookNode:
    """Store what an executed notebook shows as briefly as it can be read, the same in every run.

    Widgets are numbered in the order in which they are shown. Those that are not shown are dropped,
    as is what every widget of a kind has, and what nobody sees.
    """
    stored = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    found = reached((data[VIEW]["model_id"] for data in shown(notebook)), stored)
    kept = {name: _without_defaults(model) for name, model in found.items()}
    looks: dict[str, str] = {}  # layouts and styles that are alike are one
    same = {
        name: looks.setdefault(json.dumps(model), name)
        for name, model in kept.items()
        if model["model_name"].endswith(("LayoutModel", "StyleModel"))
    }
    store(notebook, {name: model for name, model in kept.items() if same.get(name, name) == name})
    if not kept:
        return notebook
    stored = notebook.metadata["widgets"][STATE]["state"]
    numbers = {name: f"{number:032x}" for number, name in enumerate(stored)}
    text = json.dumps(notebook)
    text = re.sub("|".join(kept), lambda name: numbers[same.get(name[0], name[0])], text)
    return from_dict(json.loads(text))


def _without_defaults(model: dict) -> dict:
    """Leave out what the page knows of every widget of this kind, as JupyterLab does when saving.

    The room that an explorer keeps for its largest view is left out, too: nothing moves where
    nothing runs.
    """
    usual = _defaults(model["model_module"], model["model_name"])
    state = {
        key: value
        for key, value in model["state"].items()
        if key not in usual or value != usual[key]
    }
    if "lesson-room" in state.get("_dom_classes", ()):
        state.pop("value", None)
    return {**model, "state": state}


@cache
def _defaults(module: str, name: str) -> dict:
    """Return what ipywidgets and the page both take for granted of a kind of widget."""
    kinds = list(ipywidgets.Widget.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()
        usual = {k: trait.default_value for k, trait in kind.class_traits(sync=True).items()}
        if (usual.get("_model_module"), usual.get("_model_name")) == (module, name):
            return usual | {"_dom_classes": []}
    return {}
