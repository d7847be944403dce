"""What a learner has done, kept in one small file of their own, outside the course.

It holds sections of names with a text: ``{"predictions": {"causal_questions": "7"}}``. Every
notebook has its own process, so it is read each time, and alone before anything is added to it.
"""

import contextlib
import filecmp
import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.words import Words

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows, and Python in a browser
    flock = None
try:
    import msvcrt
except ImportError:
    msvcrt = None

Sections = dict[str, dict[str, str]]

USUAL = "~/.lessonlib/progress.json"
# In a browser each page has a home of its own that ends with it. What lasts, and what all see, is
# the drive where the pages lie themselves.
IN_A_BROWSER = Path("/drive/.lessonlib-progress.json")
LARGEST = 4_000_000  # bytes; a finished course takes some thousand
PATIENCE = 2.0  # seconds to wait for another notebook that is writing
FAILURES = (OSError, ValueError, RuntimeError)  # what a path can raise, whatever it looks like

WORDS = Words("practice")
_WATCHERS: dict[str, Callable[[], object]] = {}


def location() -> Path | None:
    """Say where progress is kept; None where every run has to begin afresh.

    Notebooks that run under pytest (nbval starts their kernels with its own environment) begin
    afresh, so that their stored outputs are the same for everybody. Otherwise the environment
    variable ``LESSONLIB_PROGRESS`` names the file; set to nothing, it means: begin afresh.
    """
    return _place()[0]


def kept(section: str) -> dict[str, str]:
    """Return what is kept in a section, by name."""
    return _store().section(section)


def keep(section: str, values: dict[str, str], tell: bool = True) -> None:
    """Keep texts under their names; what the section held under other names stays.

    Those who `watch` are told, unless `tell` is False.
    """
    _store().keep(section, values)
    # What begins afresh is built or tested, and shows what stood there when its cell was run.
    if tell and location():
        with read_once():
            for act in list(_WATCHERS.values()):
                with contextlib.suppress(Exception):  # what cannot be renewed is no reason to stop
                    act()


@contextlib.contextmanager
def read_once() -> Iterator[None]:
    """Read the file now, and not again until the block ends: in a browser each look takes long."""
    with _store().read_once():
        yield


def watch(name: str, act: Callable[[], object]) -> None:
    """Do something whenever something is kept in this notebook; the last under a name counts."""
    _WATCHERS[name] = act


def trouble() -> str:
    """Say what went wrong with the file, in a sentence for the learner; empty if nothing did."""
    return _store().trouble


def _place() -> tuple[Path | None, str]:
    """Return where progress is kept; without such a place, what is wrong, if anything is."""
    named = os.environ.get("LESSONLIB_PROGRESS")
    if "PYTEST_VERSION" in os.environ or named == "":
        return None, ""
    try:
        return Path(named or _usual()).expanduser(), ""
    except FAILURES:
        return None, _not_kept(named or USUAL, WORDS("store.no_home"))


def _usual() -> str | Path:
    lasts = sys.platform == "emscripten" and _is_mounted(IN_A_BROWSER.parent)
    return IN_A_BROWSER if lasts else USUAL


@cache
def _is_mounted(drive: Path) -> bool:
    return drive.is_dir()


def _store() -> "Store":
    return _store_at(*_place())


@cache
def _store_at(path: Path | None, trouble: str = "") -> "Store":
    return Store(path, trouble)


class Store:
    """Sections of named texts in a file, or in memory where there is none to write.

    Nothing here raises: a lesson goes on without its progress file. What could not be written is
    tried again the next time. Without a path, `trouble` says why a file is missing, if it is.
    """

    def __init__(self, path: Path | None, trouble: str = "") -> None:
        self.path, self._failure, self._damage = path, trouble, ""
        self._sections: Sections = {}  # as last seen
        self._waiting: Sections = {}  # of these, what is not in the file
        self._is_read = False  # and is taken as it is

    @property
    def trouble(self) -> str:
        """What went wrong, in a sentence; empty if nothing did."""
        return " ".join(filter(None, (self._damage, self._failure)))

    def section(self, name: str) -> dict[str, str]:
        """Return a copy of what is kept in a section."""
        self._read()
        return dict(self._sections.get(name, {}))

    @contextlib.contextmanager
    def read_once(self) -> Iterator[None]:
        """Take what is in the file as unchanged until the block ends, but for what is kept here."""
        before, self._is_read = self._is_read, self._is_read or self._read()
        try:
            yield
        finally:
            self._is_read = before

    def keep(self, section: str, values: dict[str, str]) -> None:
        """Keep texts under their names."""
        with self._alone():
            readable = self._read(mend=True)
            for sections in (self._sections, self._waiting):
                _add(sections, {section: values})
            if readable:
                self._write()

    def _read(self, mend: bool = False) -> bool:
        """Look at the file, and tell whether it may be replaced by what is known."""
        if self.path is None:
            return False
        if self._is_read and not mend:
            return True
        try:
            sections = _parse(_bytes(self.path))
        except FileNotFoundError:  # nothing done yet, or deleted in order to begin again
            sections = {}
        except DamagedError:
            if mend:
                return self._set_aside()
            with self._alone():  # look again, when no other notebook writes
                return self._read(mend=True)
        except FAILURES as error:
            return self._fail(error)
        self._sections = sections
        _add(self._sections, self._waiting)
        return True

    def _set_aside(self) -> bool:
        """Rename a damaged file, unless the same one was set aside before, and go on with ours."""
        try:
            for number in count(1):
                aside = self.path.with_name(f"{self.path.name}.damaged-{number}")
                if not aside.exists() or filecmp.cmp(self.path, aside, shallow=False):
                    break
            os.replace(self.path, aside)
        except FAILURES as error:
            return self._fail(error)
        self._damage = WORDS("store.damaged", file=_shown(aside))
        return self._write()

    def _write(self) -> bool:
        try:
            self._folder()
            with written_whole(self.path, mode=0o600) as file:
                json.dump(self._sections, file, indent=1)
        except FAILURES as error:
            return self._fail(error)
        self._waiting, self._failure = {}, ""
        return True

    def _folder(self) -> Path:
        folder = Path(os.path.realpath(self.path)).parent
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _fail(self, error: Exception) -> bool:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        self._failure = _not_kept(self.path, reason or type(error).__name__)
        return False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other notebooks from the file meanwhile, where the machine can do that."""
        lock = None
        if self.path is not None:
            with contextlib.suppress(*FAILURES):
                lock = _locked(self._folder())
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)


class DamagedError(Exception):
    """A file that does not hold sections of texts."""


def _locked(folder: Path) -> int:
    """Lock a folder until what is returned is closed; after some patience, go on without."""
    if flock:
        lock = os.open(folder, os.O_RDONLY)
    else:  # Windows does not open folders
        lock = os.open(Path(tempfile.gettempdir(), "lessonlib.lock"), os.O_RDWR | os.O_CREAT)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if flock:
                flock(lock, LOCK_EX | LOCK_NB)
            elif msvcrt:
                msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
            break
        except (BlockingIOError, PermissionError):  # another notebook has it
            time.sleep(0.01)
        except OSError:  # this file system has no locks
            break
    return lock


def _bytes(path: Path) -> bytes:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):  # reading a device or a pipe may never end
        raise OSError(0, WORDS("store.odd_file"))
    if about.st_size > LARGEST:
        raise DamagedError
    return path.read_bytes()


def _parse(data: bytes) -> Sections:
    try:
        sections = json.loads(data)  # in any UTF, with a byte order mark or without
        texts = [text for section in sections.values() for text in section.values()]
    except Exception:  # too deep, cut off, no tables, no text at all
        raise DamagedError from None
    if not all(isinstance(text, str) for text in texts):
        raise DamagedError
    return sections


def _add(sections: Sections, more: Sections) -> None:
    for name, values in more.items():
        sections.setdefault(name, {}).update(values)


def _not_kept(path: object, reason: str) -> str:
    return WORDS("store.not_kept", file=_shown(path), reason=reason)


def _shown(path: object) -> str:
    """Write a path so that it can be shown, whatever bytes it holds."""
    return str(path).encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
