"""What a learner's code may see and use: a bubblewrap sandbox, and a try to break out of it.

Inside there is the Python environment and a few files of the course, all read-only, a small /tmp,
no network, no other process and no capability. Solutions, submissions and the gradebook are
not there at all, nor is any reference. Linux only; elsewhere the grader refuses to start.
"""

import functools
import os
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import lessonlib
from lessonlib.grading.confined.inside import calling
from lessonlib.grading.confined.syscalls import seccomp_filter
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import SETTING, language

SEEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
ENVIRONMENT = SEEN["environment"]
COURSE = Path(ENVIRONMENT["PYTHONPATH"], "lessonlib")
PACKAGE = Path(lessonlib.__file__).resolve().parent
SYSTEM = [Path(place) for place in SEEN["places"]]
NOBODY = 65534
MEGABYTE = 1 << 20
LONGEST = 1000  # steps along links, so that those in a circle come to an end


@dataclass(frozen=True)
class Limits:
    """What one kernel and all it starts may use; the kernel's own budget is far tighter."""

    memory: int = 2048 * MEGABYTE  # address space of each process
    cpu: int = 120  # seconds of each process
    processes: int = 64  # and threads, together
    file: int = 64 * MEGABYTE  # one file; also the size of the writable /tmp
    open_files: int = 256  # of each process
    files: int = 10_000  # in all of /tmp, since an empty one takes memory as well
    terminals: int = 16  # made-up ones, each of which holds what nobody has read yet
    sockets: int = 100  # of the sandbox, since each holds what nobody has read yet

    def command(self) -> list[str]:
        """Return the words that put a command under these limits."""
        of_each = (f"--as={self.memory}", f"--cpu={self.cpu}", f"--nofile={self.open_files}")
        together = (f"--nproc={self.processes}", f"--fsize={self.file}")
        return ["prlimit", *of_each, *together, "--core=0", "--"]


class NoSandboxError(RuntimeError):
    """There is no working sandbox here; the message says why and what to do."""


def command(
    inner: Sequence[str],
    private: Iterable[Path] = (),
    extra: Sequence[str] = (),
    nested: bool = False,
) -> list[str]:
    """Return the words that run a command in the sandbox; `extra` are more options of bubblewrap.

    Private folders are hidden even where they lie within the Python environment. A nested command
    may make namespaces of its own within the sandbox.
    """
    root, places = os.geteuid() == 0, _places()
    variables = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    variables |= {name: value.format(prefix=sys.prefix) for name, value in ENVIRONMENT.items()}
    variables[SETTING] = language()
    confined = [
        *("bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"),
        *("--clearenv", *(() if nested else _no_more_namespaces())),
        *("--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "grader"),
        *("--size", str(64 * MEGABYTE), "--tmpfs", "/tmp"),  # first: the environment may lie in it
        *_view({place: place for place in places} if root else places),
        *_hidden(private),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--dev-bind", "/dev/null", "/dev/zero"),  # which would give memory that nobody counts
        *("--size", str(MEGABYTE), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *("--size", str(MEGABYTE), "--tmpfs", "/run"),
        *extra,
        *("--remount-ro", "/", "--chdir", "/tmp"),
        *[word for each in variables.items() for word in ("--setenv", *each)],
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


def start(
    inner: Sequence[str],
    private: Iterable[Path] = (),
    descriptors: Sequence[int] = (),
    nested: bool = False,
    **streams: Any,
) -> subprocess.Popen:
    """Start a command in the sandbox; ``stdout`` and ``stderr`` lead nowhere by default."""
    refused = seccomp_filter()
    reader, writer = os.pipe()
    with open(reader, "rb"), open(writer, "wb") as filtering:
        filtering.write(refused or b"")
        filtering.close()
        extra = ["--seccomp", str(reader)] if refused else []
        return subprocess.Popen(
            command(inner, private, extra, nested),
            env=HOST_ENVIRONMENT,
            pass_fds=[*descriptors, reader],
            **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL) | streams,
        )


def run(program: str, private: Iterable[Path] = (), seconds: float = 30) -> str:
    """Run a Python program in a sandbox, and return what it printed, or else what went wrong."""
    inner = [*Limits().command(), python(), "-c", program]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "errors": "replace"}
    with start(inner, private, **pipes) as process:
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
    """Try to break out; NoSandboxError if there is no sandbox here, or one that leaks.

    `attempt` runs a program where a learner's code would run and returns what it printed; by
    default in a sandbox of its own. What is private must not be seen there.
    """
    if not sys.platform.startswith("linux"):
        raise NoSandboxError(_none(WORDS("sandbox.not_linux", system=sys.platform)))
    for program in ("bwrap", "prlimit", *(["setpriv"] if os.geteuid() == 0 else [])):
        if shutil.which(program, path=HOST_ENVIRONMENT["PATH"]) is None:
            raise NoSandboxError(_none(WORDS("sandbox.not_installed", program=program)))
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
            package=str(COURSE),
            limits=asdict(Limits()),
        )
        try:
            said = (attempt or run)(ways)
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
            raise NoSandboxError(_why(str(problem))) from None
    if said.split("\n") != ["tried", ""]:
        raise NoSandboxError(_why(said.strip()[-500:] or WORDS("sandbox.no_answer")))


def _none(reason: str) -> str:
    return WORDS("sandbox.none", reason=reason)


def _why(reason: str) -> str:
    """Tell a sandbox that leaks or is not there from one in which Python does not start."""
    if "escaped: " in reason:
        return _none(reason)
    bare = ["bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true"]
    try:
        subprocess.run(bare, env=HOST_ENVIRONMENT, capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as problem:
        told = (getattr(problem, "stderr", None) or b"").decode("utf-8", "replace").strip()
        return _none(told or reason)
    told = {"reason": reason, "python": sys.executable, "packages": sys.prefix}
    return WORDS("sandbox.no_python", **told)


def _places() -> dict[Path, Path]:
    """Return what is seen inside, by the place where it is seen."""
    places = {path: path for path in SYSTEM if path.exists() or path.is_symlink()}
    places |= {place: place for place in environment_places()}
    fonts = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "matplotlib")
    found = fonts.glob("fontlist-*.json")
    places |= {Path(ENVIRONMENT["MPLCONFIGDIR"], path.name): path for path in found}
    shown = (path for pattern in SEEN["course"]["shown"] for path in PACKAGE.glob(pattern))
    return places | {COURSE / path.relative_to(PACKAGE): path for path in sorted(shown)}


def _hidden(private: Iterable[Path]) -> list[str]:
    """Return the options that cover what would be seen and must not be."""
    places, needed = _places(), [Path(sys.prefix), Path(python())]
    real = {Path(path).resolve() for path in chain(private, _copies(), _beside_the_package())}
    hidden = [
        str(path)
        for path in sorted(real)
        if path.is_dir()
        and any(map(path.is_relative_to, places))
        and not any(each.is_relative_to(path) for each in needed)
    ]
    return [word for place in hidden for word in ("--tmpfs", place, "--remount-ro", place)]


def _copies() -> Iterator[Path]:
    """Yield where the course's package may be installed as well."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *sys.path}
    for folder in map(Path, folders | {site.getusersitepackages()}):
        yield from (folder / "lessonlib", *folder.glob("lessonlib-*.egg"))


def _beside_the_package() -> Iterator[Path]:
    """Yield the package's own folder, and in a checkout what lies beside it."""
    folder = PACKAGE.parent
    yield from folder.iterdir() if (folder / "solutions").is_dir() else (PACKAGE,)


def _view(places: dict[Path, Path]) -> list[str]:
    # Bubblewrap would make the folders on the way for their owner alone.
    ways = dict.fromkeys(way for place in places for way in reversed(place.parents[:-1]))
    words = [word for way in ways for word in ("--dir", str(way))]
    for place, source in places.items():
        is_link = place.is_symlink()
        words += ["--symlink", os.readlink(place)] if is_link else ["--ro-bind", str(source)]
        words.append(str(place))
    return words


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
        if not any(place.is_relative_to(path) for path in SYSTEM)
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


def _linked(folder: str) -> Iterator[Path]:
    """Yield what is a link in a folder of packages, but for the course's own package."""
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.is_symlink() and not PACKAGE.is_relative_to(os.path.realpath(entry.path)):
            yield Path(entry.path)


@functools.cache
def _no_more_namespaces() -> tuple[str, ...]:
    """Return the option against namespaces within the sandbox, where this bubblewrap has it."""
    asked = {"env": HOST_ENVIRONMENT, "capture_output": True, "text": True, "check": False}
    known = subprocess.run(["bwrap", "--help"], **asked)
    return ("--disable-userns",) if "--disable-userns" in known.stdout + known.stderr else ()
