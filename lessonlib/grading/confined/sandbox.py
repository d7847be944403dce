"""What a learner's code may see and use: a bubblewrap sandbox, and a try to break out of it.

Inside there is the Python environment and the course's package, all read-only, a small /tmp,
no network, no other process and no capability. Solutions, submissions and the gradebook are
not there at all. Linux only; elsewhere the grader refuses to start.
"""

import functools
import os
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lessonlib
from lessonlib.grading.confined.inside import calling
from lessonlib.grading.confined.syscalls import seccomp_filter
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import SETTING, language

NOBODY = 65534
HOME = "/tmp"
PACKAGE = "/course"  # where the package is seen inside: not at its own place, beside solutions/
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one kernel and all it starts may use; the kernel's own budget is far tighter."""

    memory: int = 2048 * MEGABYTE  # address space of each process
    cpu: int = 120  # seconds of each process
    processes: int = 64  # and threads, together
    file: int = 64 * MEGABYTE  # one file; also the size of the writable /tmp
    open_files: int = 256  # of each process

    def command(self) -> list[str]:
        """Return the words that put a command under these limits."""
        return [
            "prlimit",
            f"--as={self.memory}",
            f"--cpu={self.cpu}",
            f"--nproc={self.processes}",
            f"--fsize={self.file}",
            f"--nofile={self.open_files}",
            "--core=0",
            "--",
        ]


class NoSandboxError(RuntimeError):
    """There is no working sandbox here; the message says why and what to do."""


def command(
    inner: Sequence[str],
    private: Iterable[Path] = (),
    extra: Sequence[str] = (),
    nested: bool = False,
) -> list[str]:
    """Return the words that run a command in the sandbox.

    Private folders are hidden even where they lie within the Python environment. `extra` are more
    options for bubblewrap. A nested command may make namespaces of its own within the sandbox.
    """
    root = os.geteuid() == 0
    places = _places()
    confined = [
        *("bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"),
        *("--clearenv", *(() if nested else _no_more_namespaces())),
        *("--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "grader"),
        *("--size", str(64 * MEGABYTE), "--tmpfs", "/tmp"),  # first: the environment may lie in it
        *_view({place: place for place in places} if root else places),
        *_hidden(private),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(MEGABYTE), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *("--size", str(MEGABYTE), "--tmpfs", "/run"),
        *extra,
        *("--remount-ro", "/", "--chdir", HOME),
        *[word for name, value in environment().items() for word in ("--setenv", name, value)],
        "--",
        *inner,
    ]
    if not root:
        return confined
    # Root's user namespace would make the learner's code root's, and root has no process limit.
    # So root becomes nobody first, in a view where the way to the files is not root's alone.
    return [
        *("bwrap", "--die-with-parent", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"),
        *_view(places),
        *("--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev", "--dir", "/tmp", "--"),
        *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"),
        *confined,
    ]


def environment() -> dict[str, str]:
    """Return the environment variables inside the sandbox."""
    own = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    return own | {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "HOME": HOME,
        "LANG": "C.UTF-8",
        SETTING: language(),
        "PYTHONPATH": PACKAGE,
        "PYTHONDONTWRITEBYTECODE": "1",
        "IPYTHONDIR": f"{HOME}/.ipython",
        "MPLCONFIGDIR": f"{HOME}/.matplotlib",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def start(
    inner: Sequence[str],
    private: Iterable[Path] = (),
    extra: Sequence[str] = (),
    descriptors: Sequence[int] = (),
    nested: bool = False,
    **streams: Any,
) -> subprocess.Popen:
    """Start a command in the sandbox, with what is to be left open for it.

    `streams` are ``stdout`` and ``stderr``; by default they lead nowhere.
    """
    program = seccomp_filter()
    descriptors = list(descriptors)
    if program:
        reader, writer = os.pipe()
        os.write(writer, program)
        os.close(writer)
        descriptors.append(reader)
        extra = [*extra, "--seccomp", str(reader)]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | streams
    try:
        return subprocess.Popen(
            command(inner, private, extra, nested),
            env=HOST_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            **streams,
        )
    finally:
        if program:
            os.close(reader)


def run(program: str, private: Iterable[Path] = (), seconds: float = 30) -> str:
    """Run a Python program in a sandbox, and return what it printed, or else what went wrong."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    inner = [*Limits().command(), python(), "-c", program]
    with start(inner, private, text=True, errors="replace", **streams) as process:
        try:
            printed, problem = process.communicate(timeout=seconds)
        finally:
            process.kill()
    return printed or problem


def python() -> str:
    """Return Python by a path without links to folders; the last link makes it an environment's."""
    executable = Path(sys.executable)
    return str(executable.parent.resolve() / executable.name)


HOST_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def try_to_escape(
    private: Iterable[Path] = (), attempt: Callable[[str], str] | None = None
) -> None:
    """Try to break out of the sandbox, and refuse to grade if that works.

    `attempt` runs a program where a learner's code would run and returns what it printed; by
    default in a sandbox of its own. What is private must not be seen there.

    Raises
    ------
    NoSandboxError
        If there is no sandbox here, or one that leaks.
    """
    if not sys.platform.startswith("linux"):
        raise NoSandboxError(_advice(WORDS("sandbox.not_linux", system=sys.platform)))
    for program in ("bwrap", "prlimit", *(["setpriv"] if os.geteuid() == 0 else [])):
        if shutil.which(program, path=HOST_ENVIRONMENT["PATH"]) is None:
            raise NoSandboxError(_advice(WORDS("sandbox.not_installed", program=program)))
    limits = Limits()
    name = f"lessonlib-{os.getpid()}-{os.urandom(4).hex()}"
    with socket.create_server(("127.0.0.1", 0)) as door, socket.socket(socket.AF_UNIX) as window:
        window.bind(f"\0{name}")
        window.listen()
        ways = calling(
            "escape",
            private=[str(Path(path).resolve()) for path in private],
            outside=os.getpid(),
            port=door.getsockname()[1],
            name=name,
            package=f"{PACKAGE}/lessonlib",
            memory=limits.memory,
            processes=limits.processes,
            file_size=limits.file,
        )
        try:
            said = (attempt or run)(ways)
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
            raise NoSandboxError(_why(str(problem))) from None
    if said.split("\n") != ["tried", ""]:
        raise NoSandboxError(_why(said.strip()[-500:] or WORDS("sandbox.no_answer")))


def _why(reason: str) -> str:
    """Tell a sandbox that leaks or is not there from one in which Python does not start."""
    if "escaped: " in reason:
        return _advice(reason)
    bare = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    try:
        subprocess.run(bare, env=HOST_ENVIRONMENT, capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as problem:
        told = (getattr(problem, "stderr", None) or b"").decode("utf-8", "replace").strip()
        return _advice(told or reason)
    python = {"python": sys.executable, "packages": sys.prefix}
    return WORDS("sandbox.no_python", reason=reason, **python)


def _advice(reason: str) -> str:
    return WORDS("sandbox.none", reason=reason)


def _places() -> dict[Path, Path]:
    """Return what is seen inside, by the place where it is seen."""
    places = {path: path for path in _system() if path.exists() or path.is_symlink()}
    places |= {place: place for place in environment_places()}
    places[Path(PACKAGE, "lessonlib")] = Path(lessonlib.__file__).resolve().parent
    return places


def _hidden(private: Iterable[Path]) -> list[str]:
    """Return the options that cover what would be seen and must not be."""
    hidden = [Path(PACKAGE, "lessonlib", "grading")]
    for path in private:
        real = Path(path).resolve()
        if real.is_dir() and any(real.is_relative_to(place) for place in _places()):
            hidden.append(real)
    return [word for place in hidden for word in _empty(place)]


def _empty(place: Path) -> tuple[str, ...]:
    return ("--tmpfs", str(place), "--remount-ro", str(place))


def _view(places: dict[Path, Path]) -> list[str]:
    """Return the options that show the given places, read-only."""
    # Bubblewrap would make the folders on the way for their owner alone.
    ways = dict.fromkeys(way for place in places for way in reversed(place.parents[:-1]))
    words = [word for way in ways for word in ("--dir", str(way))]
    for place, source in places.items():
        if place.is_symlink():
            words += ["--symlink", os.readlink(place), str(place)]
        else:
            words += ["--ro-bind", str(source), str(place)]
    return words


def _system() -> list[Path]:
    libraries = [Path("/", name) for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32")]
    settings = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime")
    return [Path("/usr"), *libraries, *(Path("/etc", name) for name in settings)]


def environment_places() -> list[Path]:
    """Return the folders of the Python environment that the system's do not hold, outermost first.

    With them goes every link on the way from the paths that Python was given to the real ones, so
    that both lead there.
    """
    given = [Path(sys.executable), *map(Path, (sys.prefix, sys.base_prefix, sys.exec_prefix))]
    own = given[0].resolve().parent
    folders = [own.parent if own.name == "bin" else own, *given[1:]]
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    if site.ENABLE_USER_SITE:
        packages.add(site.getusersitepackages())
        folders.append(Path(site.getusersitepackages()))
    folders += (link for folder in packages for link in _linked(folder))
    links = {link for path in (*given, *folders) for link in _links(path)}
    wanted = links | {path for folder in folders if (path := folder.resolve()).exists()}
    return [
        place
        for place in sorted(wanted)
        if not any(place.is_relative_to(path) for path in _system())
        and not any(place != other and place.is_relative_to(other) for other in wanted - links)
    ]


def _links(path: Path) -> Iterator[Path]:
    """Yield each link that leads from a path to the real place, the folder that holds it real."""
    ahead, here = list(reversed(path.absolute().parts)), Path("/")
    for _ in range(LONGEST):
        if not ahead:
            return
        name = ahead.pop()
        here = here.parent if name == ".." else here / name
        if here.is_symlink():
            yield here
            ahead += reversed(Path(os.readlink(here)).parts)
            here = here.parent


LONGEST = 1000  # steps, so that links in a circle come to an end


def _linked(folder: str) -> Iterator[Path]:
    """Yield what is a link in a folder of packages, but for the course's own package."""
    own = Path(lessonlib.__file__).resolve().parent
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.is_symlink() and not own.is_relative_to(os.path.realpath(entry.path)):
            yield Path(entry.path)


@functools.cache
def _no_more_namespaces() -> tuple[str, ...]:
    """Return the option against namespaces within the sandbox, where this bubblewrap has it."""
    known = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    return ("--disable-userns",) if "--disable-userns" in known.stdout + known.stderr else ()
