"""What a saved notebook keeps of its widgets, so that they can be drawn again without a kernel.

JupyterLab saves the widgets of the running kernel, all of them, and forgets those of any earlier
kernel that still stand on the page. So a notebook that was only opened, or run in part, would lose
what it shows; one that was run often would carry what it no longer shows.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lessonlib.styles import STATE, VIEW, styled_once

Models = dict[str, dict]  # what is known of each widget, by its id

_DAMAGED = (AttributeError, KeyError, OSError, TypeError, ValueError)


def keep_what_is_shown(
    model: dict[str, Any], path: str, contents_manager: Any, **_: object
) -> None:
    """Before a notebook is saved: keep the widgets that it shows, and one stylesheet, in place.

    A view whose widget is known neither to the page nor to the file is removed where something else
    stands beside it, so that this is what people see.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict):
        return
    views = list(shown(notebook))
    known = {**_saved_earlier(path, contents_manager), **_models(notebook)} if views else {}
    kept = reached((data[VIEW]["model_id"] for data in views), known)
    for data in views:
        if data[VIEW]["model_id"] not in known and "text/html" in data:
            del data[VIEW]
    store(notebook, kept)


def store(notebook: dict[str, Any], models: Models) -> None:
    """Put what is known of the widgets that a notebook shows into it, and its stylesheet once."""
    notebook["metadata"].pop("widgets", None)
    if any(shown(notebook)):
        state = {"version_major": 2, "version_minor": 0, "state": models}
        notebook["metadata"]["widgets"] = {STATE: state}
    styled_once(notebook)


def shown(notebook: dict[str, Any]) -> Iterator[dict]:
    """Yield the data of every output that shows a widget."""
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if data.get(VIEW, {}).get("model_id"):
                yield data


def reached(roots: Iterable[str], known: Models) -> Models:
    """Return what is known of some widgets and of all that they mention, each before its parts."""
    waiting, found = list(roots)[::-1], {}
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found[name] = known[name]
            text = json.dumps(known[name], sort_keys=True)
            waiting += re.findall(r"[0-9a-f]{32}|[0-9a-f-]{36}", text)[::-1]
    return found


def _models(notebook: dict[str, Any]) -> Models:
    return notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})


def _saved_earlier(path: str, contents_manager: Any) -> Models:
    try:
        file = Path(contents_manager._get_os_path(path))
        return _models(json.loads(file.read_text("utf-8")))
    except _DAMAGED:  # not a file, or not there yet
        return {}
