"""An engine of a few lines on a port of its own: it answers what a test tells it, and says what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = {"Version": "27.0.1", "ApiVersion": "1.46", "MinAPIVersion": "1.24"}


class SmallEngine(ThreadingHTTPServer):
    """Answers by the end of the path; what is not listed is answered with `usual`."""

    daemon_threads = True

    def __init__(self, answers: Mapping[str, Any], usual: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.usual = usual
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens, as Docker writes it."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: SmallEngine

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        path = self.path.partition("?")[0]
        answers = self.server.answers
        found = next((answers[end] for end in answers if path.endswith(end)), self.server.usual)
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  the library's own name

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def small_engine(answers: Mapping[str, Any] | None = None, usual: Any = None) -> Iterator[SmallEngine]:
    """Let one run."""
    server = SmallEngine(answers or {}, usual)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
