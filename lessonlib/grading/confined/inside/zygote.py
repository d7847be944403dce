"""Inside the sandbox: a warm Python that forks a kernel, in namespaces of its own, on demand.

It reads connection settings from a socket, one message for each kernel. Starting Python and
importing what notebooks import costs a hundred times more than the fork.

A kernel gets a user namespace without any capability, process numbers of its own under a small
first process that reaps, and an empty /tmp, /run and /dev/shm. Nothing passes from one to another.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import resource
import signal
import socket
import sys
from collections.abc import Iterable, Iterator

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWIPC = 0x20000, 0x10000000, 0x20000000, 0x8000000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC = 2, 4, 4096, 16384
PR_SET_DUMPABLE, PR_CAPBSET_DROP = 4, 24
CAPABILITY_VERSION = 0x20080522
FONTS = os.environ.get("MPLCONFIGDIR", "")  # which Matplotlib takes seconds to look for
LIMITS = {
    resource.RLIMIT_AS: "memory",
    resource.RLIMIT_CPU: "cpu",
    resource.RLIMIT_NPROC: "processes",
    resource.RLIMIT_FSIZE: "file",
    resource.RLIMIT_NOFILE: "open_files",
}

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """Call the C library, and raise what went wrong."""
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def warm_up(names: Iterable[str]) -> None:
    """Import what would otherwise cost every kernel the same time again."""
    sys.modules["debugpy"] = None  # nobody steps through a submission, and it is large
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that collections in the kernels do not copy the shared pages


def serve(orders: socket.socket, limits: dict[str, int], places: list[str], prepare: str) -> None:
    """Fork a kernel for each order, until there are no more."""
    while order := orders.recv(65536):
        if os.fork() == 0:
            try:
                separate()
                if os.fork() == 0:
                    first_process(orders, json.loads(order), limits, places, prepare)
            finally:
                os._exit(0)
        os.wait()


def separate() -> None:
    """Enter new namespaces; the next fork starts the new process numbers."""
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)
    for file, text in (("setgroups", "deny"), ("uid_map", "{0} {0} 1"), ("gid_map", "{0} {0} 1")):
        with open(f"/proc/self/{file}", "w") as mapping:
            mapping.write(text.format(os.getuid()))


def first_process(
    orders: socket.socket, order: dict, limits: dict[str, int], places: list[str], prepare: str
) -> None:
    """Be process 1: prepare the place, fork the kernel, reap, and end when the kernel does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mount("proc", "/proc")
    with kept_in_sight(place for place in places if place.startswith("/tmp/")), copied(FONTS):
        mount("tmpfs", "/tmp", f"size={limits['file']},nr_inodes={limits['files']},mode=700")
    for place in ("/run", "/dev/shm"):
        mount("tmpfs", place, "size=1m,nr_inodes=1000,mode=700")
    mount("devpts", "/dev/pts", f"newinstance,ptmxmode=666,max={limits['terminals']}", MS_NOSUID)
    with open("/proc/sys/user/max_user_namespaces", "w") as setting:
        setting.write("0")
    os.chdir("/tmp")
    drop_capabilities()
    for kind, name in LIMITS.items():
        resource.setrlimit(kind, (limits[name], limits[name]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/run/connection.json", "w") as file:
        json.dump(order, file)
    ready, listening = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        orders.close()
        os.close(ready)
        become_kernel(listening, prepare)
    os.close(listening)
    os.read(ready, 1)  # the grader connects at once, and once only
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    orders.send(b"started")  # the grader reads this process's number off the message
    orders.close()
    while os.wait()[0] != kernel:
        continue


def mount(kind: str, place: str, options: str = "", flags: int = MS_NOSUID | MS_NODEV) -> None:
    """Cover a place with a new, empty file system."""
    what = kind.encode(), place.encode(), kind.encode()
    call("mount", *what, flags, options.encode())


@contextlib.contextmanager
def kept_in_sight(places: Iterable[str]) -> Iterator[None]:
    """Show what Python needs again where it lies in a place that gets covered."""
    links, folders = {}, {}
    for place in places:
        if os.path.islink(place):
            links[place] = os.readlink(place)
        else:
            folders[place] = os.open(place, os.O_PATH)
    yield
    for folder, handle in folders.items():
        os.makedirs(folder, exist_ok=True)
        way = f"/proc/self/fd/{handle}"
        call("mount", way.encode(), folder.encode(), None, MS_BIND | MS_REC, None)
        os.close(handle)
    for link, target in links.items():
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(target, link)


@contextlib.contextmanager
def copied(folder: str) -> Iterator[None]:
    """Put a folder's files where they are again once the place has been covered."""
    files = {}
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        with open(os.path.join(folder, name), "rb") as file:
            files[file.name] = file.read()
    yield
    os.makedirs(folder)
    for name, data in files.items():
        with open(name, "wb") as file:
            file.write(data)


def drop_capabilities() -> None:
    """Give up what a new user namespace grants within itself."""
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for capability in range(last + 1):
        call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())


def become_kernel(listening: int, prepare: str) -> None:
    """Run an IPython kernel in this process, say when it listens, and never come back."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        random.seed()  # no two kernels draw the same random numbers
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance(connection_file="/run/connection.json")
        app.config.HistoryManager.enabled = False
        app.config.IPythonKernel._execute_sleep = 0  # before each answer
        app.parse_command_line = lambda argv: None  # which would take as long as all the rest
        app.initialize([])
        exec(prepare, {})
        os.close(listening)
        app.start()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    warm, *more = map(json.loads, sys.argv[2:])
    warm_up(warm)
    serve(socket.socket(fileno=int(sys.argv[1])), *more)
