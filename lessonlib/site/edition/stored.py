"""Stored widgets, which a page is to show before anything is run in it."""

import re
from pathlib import Path

_MANAGER = "extensions/@jupyter-widgets/jupyterlab-manager/static"
_ASKS = re.compile(r"await \w+\.requestCommInfo\(\{target_name:this\.comm_target_name\}\)")
_ANSWER = '{content:{status:"ok",comms:{}}}'


def show_widgets(edition: Path) -> int:
    """Let the page show what is stored of widgets; return in how many places that was needed.

    Before it shows them, it asks Python which widgets live there. JupyterLite's kernels never
    answer that question (0.8.6: `BaseKernel.handleMessage` has no `comm_info_request`), so it would
    wait for ever. Python begins anew whenever a page is opened; so the answer is known: none.
    """
    places = 0
    for script in (edition / _MANAGER).glob("*.js"):
        text, found = _ASKS.subn(_ANSWER, script.read_text("utf-8"))
        if found:
            script.write_text(text, "utf-8")
        places += found
    return places
