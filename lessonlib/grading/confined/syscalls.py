"""System calls that a submission does not get: they would go round the limits on memory.

Memory files and shared segments count for no process, and keyrings, tracing and the newer
asynchronous interfaces know nothing of the sandbox's namespaces.
"""

import platform
import struct

_REFUSED = {
    "x86_64": {
        "add_key": 248,
        "bpf": 321,
        "io_uring_setup": 425,
        "keyctl": 250,
        "memfd_create": 319,
        "memfd_secret": 447,
        "msgget": 68,
        "perf_event_open": 298,
        "request_key": 249,
        "shmget": 29,
        "userfaultfd": 323,
    },
    "aarch64": {
        "add_key": 217,
        "bpf": 280,
        "io_uring_setup": 425,
        "keyctl": 219,
        "memfd_create": 279,
        "memfd_secret": 447,
        "msgget": 186,
        "perf_event_open": 241,
        "request_key": 218,
        "shmget": 194,
        "userfaultfd": 282,
    },
}
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # x86_64 reaches the same calls by other numbers from here on

# Classic BPF, see the kernel's Documentation/userspace-api/seccomp_filter.rst.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _NOT_PERMITTED = 0x7FFF0000, 0x00050001
_NUMBER, _ARCHITECTURE = 0, 4  # places in struct seccomp_data


def seccomp_filter(machine: str = platform.machine()) -> bytes | None:
    """Return the filter as the kernel reads it, or None for a machine it is not written for."""
    if machine not in _REFUSED:
        return None
    numbers = sorted(_REFUSED[machine].values())
    refuse = len(numbers) + 2  # how far the refusal lies behind the first comparison of numbers
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 0, refuse + 1, _ARCHITECTURES[machine]),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, refuse - 1, 0, _X32),
        *((_IF_EQUAL, refuse - 2 - n, 0, number) for n, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOT_PERMITTED),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
