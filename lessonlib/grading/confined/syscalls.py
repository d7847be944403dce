"""A filter of system calls that count for no process, or know nothing of namespaces."""

import platform
import struct
import tomllib
from pathlib import Path

_REFUSED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_X32 = 0x40000000  # x86_64 reaches the same calls by other numbers from here on

# Classic BPF, see the kernel's Documentation/userspace-api/seccomp_filter.rst.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _NOT_PERMITTED = 0x7FFF0000, 0x00050001
_NUMBER, _ARCHITECTURE = 0, 4  # places in struct seccomp_data


def seccomp_filter(machine: str = platform.machine()) -> bytes | None:
    """Return the filter as the kernel reads it, or None for a machine it is not written for."""
    if machine not in _REFUSED:
        return None
    numbers = dict(_REFUSED[machine])
    architecture = numbers.pop("architecture")
    refuse = len(numbers) + 2  # how far the refusal lies behind the first comparison of numbers
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 0, refuse + 1, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, refuse - 1, 0, _X32),
        *(
            (_IF_EQUAL, refuse - 2 - n, 0, number)
            for n, number in enumerate(sorted(numbers.values()))
        ),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOT_PERMITTED),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
