"""What runs in a container in the place of vLLM: its log, its questions, an answer that streams; the standard library alone.

The environment says how it behaves: FAKE_BOOT (seconds before it listens), FAKE_WORDS and FAKE_PAUSE (an answer's words, and
the seconds before each), FAKE_EXIT (ends at once with this code), FAKE_DEAF (says that it is ready, and never listens).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers as vLLM's OpenAI server does."""

    protocol_version = "HTTP/1.1"
    model = ""
    running = 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        """Health, models, version, metrics."""
        card = {"id": self.model, "object": "model", "root": "/models/fake", "max_model_len": 4096}
        answers: dict[str, str] = {
            "/health": "",
            "/v1/models": json.dumps({"object": "list", "data": [card]}),
            "/version": json.dumps({"version": "0.32.0"}),
            "/metrics": f'vllm:num_requests_running{{engine="0"}} {self.running}.0\n'
            'vllm:num_requests_waiting{engine="0"} 0.0\n',
        }
        found = answers.get(self.path)
        self._send(404 if found is None else 200, found or "")

    def do_POST(self) -> None:
        """A chat completion, at once or streamed word by word."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.partition("?")[0] != "/v1/chat/completions":
            self._send(404, json.dumps({"detail": "Not Found"}))
            return
        if not asked.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": "word"}, "finish_reason": "length"}
            self._send(200, json.dumps({"model": self.model, "choices": [choice]}))
            return
        self._count(1)
        try:
            self._stream()
        except OSError:
            print("INFO: the reader went away", flush=True)
        finally:
            self._count(-1)
            self.close_connection = True

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(int(os.environ.get("FAKE_WORDS", "20"))):
            time.sleep(float(os.environ.get("FAKE_PAUSE", "0.02")))
            self._event({"delta": {"content": f"word{number} "}, "finish_reason": None})
            print(f"INFO: token {number}", flush=True)
        self._event({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, choice: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps({"choices": [{"index": 0, **choice}]}).encode() + b"\n\n")
        self.wfile.flush()

    def _count(self, step: int) -> None:
        with self.lock:
            Handler.running += step

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Write an access line as uvicorn does."""
        print(f'INFO:     {self.client_address[0]}:{self.client_address[1]} - "{args[0]}" {args[1]}', flush=True)


def main() -> None:
    """Boot, then answer until ended."""
    given = argparse.ArgumentParser()
    for flag in ("--model", "--served-model-name", "--host"):
        given.add_argument(flag, default="")
    given.add_argument("--port", type=int, default=8000)
    options = given.parse_args()
    Handler.model = options.served_model_name or options.model
    print("INFO vLLM API server version 0.32.0", flush=True)
    print(f"INFO non-default args: {{'model': '{options.model}'}}", flush=True)
    if code := os.environ.get("FAKE_EXIT"):
        print("RuntimeError: Engine core initialization failed. See root cause above.", flush=True)
        sys.exit(int(code))
    time.sleep(float(os.environ.get("FAKE_BOOT", "0")))
    if os.environ.get("FAKE_DEAF"):
        print("INFO:     Application startup complete.", flush=True)
        time.sleep(3600)
    server = ThreadingHTTPServer(("0.0.0.0", options.port), Handler)
    server.daemon_threads = True
    print("INFO:     Application startup complete.", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
