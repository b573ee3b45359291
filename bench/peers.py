"""The small programs llmtui is measured beside; `python bench/peers.py empty|table|sse|live …` runs one."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

READY = "HELLO-READY"
RATE = 200
"""Tokens a second of the simulated server."""
LAST = "LAST-TOKEN"
MODEL = "/models/bench"
"""What vLLM calls a model that was given no other name; a server of another one is not taken for the container's."""


def empty() -> None:
    """E: an app with one line."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Empty(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(READY)

    Empty().run()


def table(rows: int) -> None:
    """A bare DataTable."""
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable, Static

    class Table(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(READY)
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            data = self.query_one(DataTable[str])
            data.add_columns("name", "image", "state", "model", "port", "age")
            for row in range(rows):
                data.add_row(
                    f"bench-{row:03}", "bench/busybox", "created", "/models/bench", "8000", "1 m", key=str(row)
                )
            data.focus()

    Table().run()


class Server(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that says `w0 w1 w2 …` at a steady rate."""

    tokens = 4000
    began = Path("/dev/null")
    works = False
    """Whether its counters go on."""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Health, models, version, metrics."""
        if self.path == "/v1/models":
            model = {"id": MODEL, "object": "model", "root": MODEL, "max_model_len": 65536}
            self._send(json.dumps({"object": "list", "data": [model]}), "application/json")
        elif self.path == "/version":
            self._send('{"version": "0.32.0"}', "application/json")
        elif self.path == "/metrics":
            self._send(_metrics(time.monotonic()) if self.works else _metrics(0.0), "text/plain")
        else:
            self._send("", "text/plain")

    def do_POST(self) -> None:
        """Stream the answer, each token at its due time, however late the last one was."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        began = time.monotonic()
        self.began.write_text(repr(began))
        for token in range(self.tokens):
            time.sleep(max(0.0, began + token / RATE - time.monotonic()))
            text = f"w{token} " + ("\n\n" if token % 40 == 39 else "")
            self._chunk({"role": "assistant", "content": text} if token == 0 else {"content": text}, None)
        self._chunk({"content": LAST}, None)
        self._chunk({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _chunk(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        data = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _send(self, text: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


def sse(port: int, began: str, tokens: int) -> None:
    """Serve on 127.0.0.1; the moment an answer begins is written to a file."""
    Server.tokens, Server.began = tokens, Path(began)
    ThreadingHTTPServer(("127.0.0.1", port), Server).serve_forever()


def _metrics(now: float) -> str:
    """What it says of itself: 2 requests at a time, some 400 tokens a second by now."""
    figures = {
        "num_requests_running": now and 1 + int(now / 5) % 3,
        "num_requests_waiting": now and int(now / 5) % 2,
        "kv_cache_usage_perc": now % 1,
        "prompt_tokens_total": int(now * 100) * 3,
        "generation_tokens_total": int(now * 4 + now % 2) * 100,
    }
    lines = [f'vllm:{name}{{engine="0",model_name="{MODEL}"}} {figure}' for name, figure in figures.items()]
    for name in ("time_to_first_token_seconds", "inter_token_latency_seconds"):
        buckets = (("0.01", 0.2), ("0.1", 0.9), ("1.0", 1.0), ("+Inf", 1.0))
        lines += [
            f'vllm:{name}_bucket{{engine="0",le="{edge}",model_name="{MODEL}"}} {int(now * 10 * share)}'
            for edge, share in buckets
        ]
    return "\n".join(lines) + "\n"


def live(*ports: str) -> None:
    """Serve on 127.0.0.1, with counters that go on."""
    Server.works = True
    servers = [ThreadingHTTPServer(("127.0.0.1", int(port)), Server) for port in ports]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "empty":
        empty()
    elif what == "table":
        table(int(rest[0]))
    elif what == "live":
        live(*rest)
    else:
        sse(int(rest[0]), rest[1], int(rest[2]))
