"""The browser edition: JupyterLite with the course in it, run by Pyodide, nothing installed.

`contents` gathers what a learner has, `runtime` knows where Pyodide is and `wheels` packs what
Pyodide lacks; `lock` names all of it to the page. `settings` says how JupyterLite opens, `lite`
has it built, and `pruning` leaves out what the course never asks for.
"""

from lessonlib.site.edition.building import FOLDER, build
from lessonlib.site.edition.runtime import NotReachedError

__all__ = ["FOLDER", "NotReachedError", "build"]
