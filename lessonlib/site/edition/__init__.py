"""The browser edition: JupyterLite with the course in it, run by Pyodide, nothing installed.

`contents` gathers what a learner has, `runtime` knows where Pyodide is, `wheels` packs what
Pyodide lacks and `lock` names all of it to the page. `settings` says how JupyterLite is built and
opens, `pruning` leaves out what the course never asks for, `stored` lets pages show what is stored
of widgets, `page` adds what is loading.
"""

from lessonlib.site.edition.building import FOLDER, LiteError, build
from lessonlib.site.edition.lock import LacksError
from lessonlib.site.edition.runtime import NotReachedError

__all__ = ["FOLDER", "LacksError", "LiteError", "NotReachedError", "build"]
