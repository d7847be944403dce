"""Beside a learner's code: a try to break out."""


def escape(
    private: list[str], outside: int, port: int, name: str, package: str, limits: dict[str, int]
) -> None:
    """Try to break out of a sandbox, and print each way that works."""
    import os
    import socket
    import sys
    import threading

    def attempt(what: str, action: object, *arguments: object) -> None:
        try:
            action(*arguments)
        except BaseException:
            return
        print("escaped:", what)

    def write_file(folder: str) -> None:
        with open(os.path.join(folder, "escape"), "w") as file:
            file.write("x")

    def read(path: str) -> None:
        if os.path.isdir(path):
            os.listdir(path)[0]  # what is covered is empty
        else:
            with open(path) as file:
                file.read()

    def talk(address: object, family: int = socket.AF_INET) -> None:
        with socket.socket(family, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            link.connect(address)

    def swarm() -> None:
        waiting = threading.Event()
        try:
            for _ in range(limits["processes"] + 1):
                threading.Thread(target=waiting.wait, daemon=True).start()
        finally:
            waiting.set()

    def fill(folder: str) -> None:
        for number in range(3):
            with open(os.path.join(folder, f"fill{number}"), "wb") as file:
                file.write(bytes(limits["file"] - 1))

    for folder in ["/", "/usr", "/etc", "/dev", sys.prefix, package]:
        attempt(f"wrote into {folder}", write_file, folder)
    for path in private:
        attempt(f"read {path}", read, path)
    attempt("saw another process", os.kill, outside, 0)
    if any(entry.isdigit() and int(entry) > 50 for entry in os.listdir("/proc")):
        print("escaped: sees the processes of the machine")
    attempt("reached the network", talk, ("127.0.0.1", port))
    attempt("reached the machine's own sockets", talk, chr(0) + name, socket.AF_UNIX)
    attempt("became root", os.setuid, 0)
    attempt("took more memory than allowed", bytearray, limits["memory"] + 1)
    attempt("started more than it may", swarm)
    attempt("made a file in memory", os.memfd_create, "escape")
    attempt("filled the disk", fill, "/tmp")
    attempt("filled shared memory", fill, "/dev/shm")
    print("tried")
