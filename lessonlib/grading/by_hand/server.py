"""A server for one person on this machine: pages to mark on, and a way to say something.

It listens on 127.0.0.1 alone. Pages of other sites, and names that lead here by a trick, get
nothing: a request must name this very address, carry a secret that only the terminal has shown, and
come from a page of this server. On its pages runs one script, its own.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lessonlib.grading.by_hand.book import ChangedError
from lessonlib.grading.paper.words import WORDS, RefusedError

LONGEST = 200_000  # bytes of what is said in one request
SCRIPT = "mark.js"
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Done = Callable[[Mapping[str, Any]], Any]


class Desk(ThreadingHTTPServer):
    """The server: files of pages, and what is done with what somebody says, by their ways."""

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Path], done: Mapping[str, Done], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pages, self.done = pages, done
        self.secret = secrets.token_urlsafe(32)

    @property
    def host(self) -> str:
        """What the server is called in addresses."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """Where a browser begins; whoever has it may mark."""
        return f"http://{self.host}/?secret={self.secret}"

    @property
    def cookie(self) -> str:
        """The name under which a browser keeps the secret: cookies of all ports are one heap."""
        return f"lessonlib-{self.server_address[1]}"

    def knows(self, secret: str) -> bool:
        """Tell whether somebody has the secret, without telling by the time how much of it."""
        return hmac.compare_digest(secret.encode("utf-8", "replace"), self.secret.encode())


class _Handler(BaseHTTPRequestHandler):
    server: Desk
    server_version, sys_version = "lessonlib", ""
    timeout = 30

    def do_GET(self) -> None:
        told = urlsplit(self.path)
        if not self._is_for_us():
            return
        given = parse_qs(told.query).get("secret", [""])[0]
        if self.server.knows(given):
            kept = f"{self.server.cookie}={self.server.secret}; HttpOnly; SameSite=Strict; Path=/"
            self._answer(HTTPStatus.SEE_OTHER, more={"Location": "/", "Set-Cookie": kept})
        elif not self._has_the_secret():
            self._answer(HTTPStatus.FORBIDDEN, WORDS("by_hand.stranger").encode())
        elif told.path == f"/{SCRIPT}":
            script = Path(__file__).with_name(SCRIPT).read_bytes()
            self._answer(HTTPStatus.OK, script, "text/javascript; charset=utf-8")
        elif (page := self.server.pages.get(told.path)) is not None:
            self._answer(HTTPStatus.OK, page.read_bytes(), "text/html; charset=utf-8")
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_for_us():
            return
        own = self.headers.get("Origin") == f"http://{self.server.host}"
        kind = self.headers.get_content_type() == "application/json"
        if not (own and kind and self._has_the_secret() and self.path in self.server.done):
            self._answer(HTTPStatus.FORBIDDEN, WORDS("by_hand.stranger").encode())
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal() and int(length[:12]) <= LONGEST):
            self._tell(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, WORDS("by_hand.no_request"))
            return
        try:
            said = json.loads(self.rfile.read(int(length)))
            done = self.server.done[self.path](said)
        except ChangedError as problem:
            self._tell(HTTPStatus.CONFLICT, problem, problem.now)
        except RefusedError as problem:
            self._tell(HTTPStatus.UNPROCESSABLE_ENTITY, problem)
        except OSError as problem:
            self._tell(HTTPStatus.INTERNAL_SERVER_ERROR, problem)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            self._tell(HTTPStatus.BAD_REQUEST, WORDS("by_hand.no_request"))
        else:
            self._answer(HTTPStatus.OK, json.dumps({"now": done}).encode(), "application/json")

    def _is_for_us(self) -> bool:
        """Tell whether the address is this one; a name of somebody else's may lead here, too."""
        if self.headers.get_all("Host") == [self.server.host]:
            return True
        self._answer(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _has_the_secret(self) -> bool:
        try:
            kept = SimpleCookie(self.headers.get("Cookie", "")).get(self.server.cookie)
        except CookieError:
            return False
        return kept is not None and self.server.knows(kept.value)

    def _tell(self, status: HTTPStatus, problem: object, now: object = None) -> None:
        told = {"problem": str(problem), "now": now}
        self._answer(status, json.dumps(told).encode(), "application/json")

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        kind: str = "text/plain; charset=utf-8",
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        told = {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(body))} | (more or {})
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds the secret."""
