"""Messages of a kernel, read off its socket with a bound on each, whatever it sends.

ZeroMQ's own library bounds the frames of a message and not how many there are, holds a message
whole before anybody can look at it, and connects again to whatever lies at the address. So this
speaks its protocol (ZMTP 3.0, https://rfc.zeromq.org/spec/23/) over one connection, made before
any code of a learner's has run.
"""

import os
import select
import socket
import stat
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

MOST = 2 << 20  # bytes of a message; of a longer one nothing is kept
COST = 100  # bytes that a frame counts beside what is in it
PIECE = 1 << 16  # bytes that are read at once
PATIENCE = 10.0  # seconds for the other side to take what is sent
_GREETING = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0" + b"NULL".ljust(20, b"\0") + bytes(32)
_KINDS = {"shell": b"DEALER", "iopub": b"SUB"}
_MORE, _LONG, _COMMAND = 1, 2, 4


class ClosedError(OSError):
    """The other side has closed the connection."""


class Wire:
    """One connection to a kernel, used like a ZeroMQ socket.

    It counts in `dropped` what was too long, and has in `heard` when something arrived last.
    """

    def __init__(self, path: str, channel: str) -> None:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise ClosedError(path)
        self.dropped, self.heard = 0, time.monotonic()
        self.messages = deque[list[bytes]]()
        self._frames: list[bytes] = []
        self._size, self._left, self._head, self._body = 0, -1, bytearray(), bytearray()
        self.link = socket.socket(socket.AF_UNIX)
        try:
            self.link.settimeout(PATIENCE)
            self.link.connect(path)
            kind = _KINDS[channel]
            ready = b"\x05READY\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind
            self.link.sendall(_GREETING)
            left = len(_GREETING)
            while left:
                if not (piece := self.link.recv(left)):
                    raise ClosedError(path)
                left -= len(piece)
            self.link.sendall(_framed(ready, _COMMAND))
        except OSError:
            self.link.close()
            raise

    def setsockopt(self, option: int, value: bytes) -> None:
        """Subscribe to what begins so; nothing else is ever set."""
        self.link.sendall(_framed(b"\x01" + value, 0))

    def fileno(self) -> int:
        """Return what can be waited for; what has been read already does not show there."""
        return self.link.fileno()

    def poll(self, timeout: float | None = None) -> bool:
        """Wait so many milliseconds for a message, and tell whether there is one."""
        until = time.monotonic() + (PATIENCE if timeout is None else timeout / 1000)
        while not self.messages:
            left = max(0.0, until - time.monotonic())
            if not select.select([self.link], [], [], left)[0]:
                return False
            piece = self.link.recv(PIECE)
            if not piece:
                raise ClosedError
            self.heard = time.monotonic()
            self._take(piece)
            if not left:
                break
        return bool(self.messages)

    def recv_multipart(self, *_: Any, **__: Any) -> list[bytes]:
        """Return the frames of the next message."""
        while not self.poll():
            continue
        return self.messages.popleft()

    def send_multipart(self, frames: Sequence[bytes], *_: Any, **__: Any) -> None:
        """Send a message; OSError if nobody takes it."""
        last = len(frames) - 1
        self.link.sendall(b"".join(_framed(f, _MORE * (n < last)) for n, f in enumerate(frames)))

    def close(self, linger: int | None = None) -> None:
        """End the connection."""
        self.link.close()

    def _take(self, piece: bytes) -> None:
        """Go through what was read: heads of frames, and what is in them."""
        at = 0
        while at < len(piece):
            if self._left < 0:
                self._head.append(piece[at])
                at += 1
                if len(self._head) == (9 if self._head[0] & _LONG else 2):
                    self._left = int.from_bytes(self._head[1:], "big")
                    self._size += self._left + COST
            else:
                part = piece[at : at + self._left]
                at += len(part)
                self._left -= len(part)
                if self._size <= MOST:
                    self._body += part
            if self._left == 0:
                self._end_frame()

    def _end_frame(self) -> None:
        flags, body = self._head[0], bytes(self._body)
        self._head.clear()
        self._body.clear()
        self._left = -1
        is_short = self._size <= MOST
        if is_short and not flags & _COMMAND:
            self._frames.append(body)
        if flags & _MORE:
            return
        if self._frames and is_short:
            self.messages.append(self._frames)
        self.dropped += not is_short
        self._frames, self._size = [], 0


def _framed(body: bytes, flags: int) -> bytes:
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return bytes((flags | _LONG,)) + len(body).to_bytes(8, "big") + body
