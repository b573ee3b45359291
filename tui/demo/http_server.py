"""The loopback server of one simulated model: the roads of an OpenAI-style server that llmtui walks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any

from tui.demo.completion import Completion
from tui.demo.traffic import Traffic

MOST_BYTES = 16_000_000
"""A question that is longer is not read."""
VERSION = "0.32.0"
EMBEDDING = [round(0.0417 * (1 if place % 3 else -1) + place * 1e-5, 6) for place in range(1024)]
NOT_FOUND = {"detail": "Not Found"}


@dataclass(frozen=True, slots=True)
class Model:
    """What one server serves."""

    name: str
    root: str
    context: int
    """Tokens."""
    task: str
    """generate or embed."""
    thinks: bool
    """Whether it is asked to tell its thoughts apart from its answer."""
    traffic: Traffic
    key: str | None = field(default=None, repr=False)
    pace: float = 1.0
    """How many times faster than a card it answers."""


class ModelServer(ThreadingTCPServer):
    """Listens on a port of the loopback that the system chooses; answers once it is given a model."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, wrote: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model: Model | None = None
        self.wrote = wrote
        """Takes a line for the server's log."""
        self.gone = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.1,), name="demo server", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def close(self) -> None:
        """End, and let go of everybody; waits for nothing."""
        self.gone.set()
        self.model = None
        threading.Thread(target=self._end, name="demo server ends", daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: whoever asked has gone."""

    def _end(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def handle_one_request(self) -> None:
        """Answer one question; a server that still boots hangs up, as the engine's proxy would."""
        if self.server.gone.is_set():
            self.close_connection = True
            return
        super().handle_one_request()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing goes to the terminal."""

    def do_GET(self) -> None:
        """Answer a question without a body."""
        model = self.server.model
        if model is None:
            self.close_connection = True
            return
        path = self.path.partition("?")[0]
        if path == "/metrics":
            self._send(200, model.traffic.metrics().encode(), "text/plain; version=0.0.4; charset=utf-8")
        elif path == "/health":
            self._send(200, b"", "text/plain")
        else:
            known: Mapping[str, Any] = {
                "/version": {"version": VERSION},
                "/load": {"server_load": model.traffic.running},
                "/v1/models": {"object": "list", "data": [_entry(model)]},
            }
            self._json(200 if path in known else 404, known.get(path, NOT_FOUND))

    def do_POST(self) -> None:
        """Answer a question with a body."""
        model, body = self.server.model, self._body()
        if model is None:
            self.close_connection = True
            return
        road = {"/v1/embeddings": "embed", "/pooling": "embed", "/v1/chat/completions": "generate"}
        path = self.path.partition("?")[0]
        if model.key and self.headers.get("Authorization") != f"Bearer {model.key}":
            self._json(401, {"error": "Unauthorized"})
        elif road.get(path) != model.task:
            self._json(404, NOT_FOUND)
        elif body.get("model") not in (None, model.name):
            message = f"The model `{body.get('model')}` does not exist."
            self._json(404, {"error": {"message": message, "type": "NotFoundError", "param": "model", "code": 404}})
        elif model.task == "embed":
            self._embed(model, body)
        else:
            self._complete(model, body)
        self.server.wrote(f'INFO:     127.0.0.1:{self.client_address[1]} - "POST {path} HTTP/1.1" {self._said}')

    _said = "200 OK"

    def _embed(self, model: Model, body: Mapping[str, Any]) -> None:
        texts = body.get("input")
        texts = texts if isinstance(texts, list) else [texts]
        rows = [{"object": "embedding", "index": at, "embedding": EMBEDDING} for at in range(len(texts))]
        usage = {"prompt_tokens": 4 * len(texts), "total_tokens": 4 * len(texts)}
        self._json(200, {"object": "list", "model": model.name, "data": rows, "usage": usage})

    def _complete(self, model: Model, body: Mapping[str, Any]) -> None:
        asked = Completion(model.name, f"http://127.0.0.1:{self.server.port}", body, model.thinks)
        if (wrong := asked.refusal(model.context)) is not None:
            self._json(400, {"error": {"message": wrong, "type": "BadRequestError", "param": None, "code": 400}})
            return
        model.traffic.begin(asked.prompt_tokens)
        try:
            if asked.streams:
                self._stream(asked, model.pace)
            else:
                self._json(200, asked.whole(self._rest(model.pace)))
        finally:
            model.traffic.end(asked.generated, asked.finish or "abort")

    def _stream(self, asked: Completion, pace: float) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in asked.events(self._rest(pace)):
            data = b"data: " + event.encode() + b"\n\n"
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        if asked.finish is None:
            self.close_connection = True  # cut off in the middle, as a stopped container would
            return
        self.wfile.write(b"0\r\n\r\n")

    def _rest(self, pace: float) -> Callable[[float], bool]:
        """Give what waits between tokens and says whether to go on."""
        return lambda seconds: not self.server.gone.wait(seconds / pace)

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(min(length, MOST_BYTES))
        try:
            found = json.loads(text or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _json(self, status: int, record: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(record, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self._said = f"{status} {self.responses[status][0]}"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _entry(model: Model) -> dict[str, Any]:
    entry = {"id": model.name, "object": "model", "created": 0, "owned_by": "vllm", "root": model.root}
    return {**entry, "parent": None, "max_model_len": model.context}
