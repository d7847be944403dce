"""A filter of system calls that count for no process, or know nothing of namespaces."""

import platform
import struct
import tomllib
from pathlib import Path

_REFUSED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_X32 = 0x40000000  # x86_64 reaches the same calls by other numbers from here on

# Classic BPF, see the kernel's Documentation/userspace-api/seccomp_filter.rst.
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_ALLOW, _NOT_PERMITTED = 0x7FFF0000, 0x00050001
_NUMBER, _ARCHITECTURE, _FOURTH = 0, 4, 40  # places in struct seccomp_data
_SHARED = 0x21  # MAP_SHARED | MAP_ANONYMOUS


def seccomp_filter(machine: str = platform.machine()) -> bytes | None:
    """Return the filter as the kernel reads it, or None for a machine it is not written for."""
    if machine not in _REFUSED:
        return None
    numbers = dict(_REFUSED[machine])
    architecture, mmap = numbers.pop("architecture"), numbers.pop("mmap")
    refuse = len(numbers) + 7  # how far the refusal lies behind the first comparison of machines
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 0, refuse, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, refuse - 2, 0, _X32),
        *(
            (_IF_EQUAL, refuse - 3 - n, 0, number)
            for n, number in enumerate(sorted(numbers.values()))
        ),
        (_IF_EQUAL, 0, 3, mmap),
        (_LOAD, 0, 0, _FOURTH),
        (_AND, 0, 0, _SHARED),
        (_IF_EQUAL, 1, 0, _SHARED),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOT_PERMITTED),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
