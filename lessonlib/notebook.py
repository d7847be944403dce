"""What a notebook shows of a mistake, and which of its cells did not run.

When ``lessonlib`` is imported in a notebook, its shell is watched: an error that the course raises
at a learner's call is shown as its sentence and the learner's own line, and not as forty lines of
the course's code. The exception stays what it is, and ``%tb`` shows all of it. Nothing here happens
outside of IPython.
"""

import contextlib
import inspect
import linecache
import re
import sys
from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any

from lessonlib.words import Words

WORDS = Words("notebook")
DEFINES = r"^\s*(?:async\s+)?def\s+(\w+)\s*\("
CALLED_WRONGLY = r"([A-Za-z_][\w.]*)\(\) (?:missing|takes|got)\b"


class Cells:
    """Which functions' cells did not run, and which were defined in several."""

    def __init__(self) -> None:
        self.shell: Any = None
        self.failed: dict[str, str] = {}  # with the error; none if they are just not there any more
        self.homes: dict[str, dict[str, None]] = {}  # the latest cell last
        self._before: dict[str, Any] = {}

    def starts(self, info: Any) -> None:
        """Remember what the functions of a cell were before it runs."""
        with contextlib.suppress(Exception):
            names = re.findall(DEFINES, info.raw_cell or "", re.MULTILINE)
            self._before = {name: self.shell.user_ns.get(name) for name in names}

    def ended(self, result: Any) -> None:
        """Note which functions of a cell are new, and which were not reached."""
        with contextlib.suppress(Exception):
            error = result.error_before_exec or result.error_in_exec
            for name, before in self._before.items():
                if self.shell.user_ns.get(name) is not before:
                    self.failed.pop(name, None)
                    if result.info.cell_id:
                        cells = self.homes.setdefault(name, {})
                        cells.pop(result.info.cell_id, None)
                        cells[result.info.cell_id] = None
                elif error is not None:
                    self.failed[name] = _in_short(error)
            for name in self.homes.keys() - self._before if error is None else ():
                if [*self.homes[name]][-1] == result.info.cell_id:
                    self.failed[name] = ""
            self._before = {}

    def about(self, name: str, function: object) -> str:
        """Say what a reader of a verdict has to know about where a function comes from, if any."""
        if self.is_older(name, function):
            error = self.failed[name]
            return WORDS(f"older.{'did_not_run' if error else 'gone'}", name=name, error=error)
        if self.shell is None or self.shell.user_ns.get(name) is not function:
            return ""
        return WORDS("two_cells", name=name) if len(self.homes.get(name, ())) > 1 else ""

    def is_older(self, name: str, function: object) -> bool:
        """Tell whether a function is of another version than the one that was written last."""
        known = self.shell is not None and self.shell.user_ns.get(name) is function
        return known and name in self.failed


CELLS = Cells()


def watch(shell: Any) -> None:
    """Show errors of the course in short in a shell, and note which cells do not run.

    A shell that shows errors in a way of its own already goes on to do so.
    """
    if CELLS.shell is shell:
        return
    CELLS.__init__()
    CELLS.shell = shell
    shell.events.register("pre_run_cell", CELLS.starts)
    shell.events.register("post_run_cell", CELLS.ended)
    if not shell.custom_exceptions:
        shell.set_custom_exc((Exception,), _show)


def _show(
    shell: Any, kind: type, value: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> None:
    # Were it to fail, IPython would show the error in its own way and not ask here again.
    own = [at for at, (frame, _) in enumerate(walk_tb(trace)) if frame.f_globals is shell.user_ns]
    own_words = getattr(value, "_render_traceback_", None)
    if own_words is not None:
        lines = own_words()
    else:
        lines = _short(shell, value, list(walk_tb(trace)), own[-1]) if own else []
    folded = _folded(trace)
    if not lines and folded is not trace and not isinstance(value, SyntaxError):
        lines = shell.InteractiveTB.structured_traceback(kind, value, folded, tb_offset=1)
        lines = [*lines, WORDS("all_of_it")]
    if not lines:
        # A cell that cannot be compiled has not run: IPython shows less of it.
        shell.showtraceback((kind, value, trace), running_compiled_code=bool(own))
        return
    # What IPython's own display leaves for %tb and %debug.
    sys.last_type, sys.last_value, sys.last_traceback = kind, value, trace
    sys.last_exc = value
    shell._showtraceback(kind, value, lines)


def _short(
    shell: Any, value: BaseException, frames: list[tuple[FrameType, int]], own: int
) -> list[str]:
    """Write an error of the course in four lines; nothing if it is another's."""
    (frame, number), below = frames[own], frames[own + 1 :]
    said = str(value)
    if isinstance(value, NameError) and not below and value.name in CELLS.failed:
        error = CELLS.failed[value.name]
        key = "did_not_run" if error else "gone"
        said = WORDS(f"not_run.{key}", name=value.name, error=error)
    elif isinstance(value, NameError) and not below and _is_checked(frame, number, value.name):
        said = WORDS("not_known", name=value.name)
    elif not below and isinstance(value, TypeError):
        shape = _shape_of_the_called(shell, said)
        if not shape:
            return []
        said = WORDS("called_as", error=said, shape=shape)
    elif not below or not _is_the_courses(below[0][0]):
        return []
    elif isinstance(value, KeyError) and value.args:
        said = str(value.args[0])
    return [
        f"\x1b[0;31m{type(value).__name__}\x1b[0m: {' '.join(said.split())}",
        *_place(shell, frame, number),
        WORDS("all_of_it"),
    ]


def _is_checked(frame: FrameType, number: int, name: str) -> bool:
    """Tell whether a line gives a name in quotes before it gives it without, as checks do."""
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals)
    quoted = rf"\(\s*([\"']){re.escape(name)}\1\s*,\s*{re.escape(name)}\b"
    return re.search(quoted, line) is not None


def _place(shell: Any, frame: FrameType, number: int) -> list[str]:
    filename = frame.f_code.co_filename
    label, name = shell.compile.format_code_name(filename) or ("File", filename)
    line = linecache.getline(filename, number, frame.f_globals).strip()
    place = WORDS("place", cell=f"{label} {name}", line=number)
    return [place, f"----> {number} {line}"]


def _shape_of_the_called(shell: Any, said: str) -> str:
    """Write how a function of the course is called, if that is what an error is about."""
    found = re.match(CALLED_WRONGLY, said)
    if found is None:
        return ""
    name = found[1].split(".")[0]
    loaded = [m for key, m in sys.modules.items() if key.partition(".")[0] == "lessonlib"]
    known = [shell.user_ns[name]] if name in shell.user_ns else []
    known = known or [vars(module)[name] for module in loaded if name in vars(module)]
    ours = [each for each in known if str(getattr(each, "__module__", "")).startswith("lessonlib.")]
    if not ours:
        return ""
    with contextlib.suppress(TypeError, ValueError):
        given = inspect.signature(ours[0]).parameters.values()
        return f"{name}({', '.join(str(each.replace(annotation=each.empty)) for each in given)})"
    return f"{name}(...)"


def _folded(trace: TracebackType) -> TracebackType:
    """Leave the course's frames out of a traceback that ends in another's code."""
    steps, step, folded = [], trace, None
    while step is not None:
        steps.append(step)
        step = step.tb_next
    kept = [step for step in steps if not _is_the_courses(step.tb_frame)]
    for step in reversed(kept):
        folded = TracebackType(folded, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return folded if 0 < len(kept) < len(steps) else trace


def _is_the_courses(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "lessonlib"


def _in_short(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        kind, key = type(error).__name__, "in_line" if error.lineno else "somewhere"
        return WORDS(f"syntax_error.{key}", kind=kind, line=error.lineno, error=error.msg)
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
