"""The last question as a program: curl, Python and PowerShell; never with a key in it, only with the name of its variable."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import Any

from profiles.flags import API_KEY
from tui.services.chat import request
from tui.services.chat_records import ChatMessage, ChatSettings
from tui.services.server import Server


def snippets(server: Server, messages: Sequence[ChatMessage], settings: ChatSettings) -> dict[str, str]:
    """The request in each language, by the language's name."""
    url = f"{(server.url or 'http://127.0.0.1:8000').rstrip('/')}/v1"
    if server.task == "embed":
        body: dict[str, Any] = {"model": server.model or "", "input": messages[-1].text if messages else ""}
        path, keyed = "embeddings", server.api_key is not None
        return {"curl": _curl(f"{url}/{path}", body, keyed), "PowerShell": _powershell(f"{url}/{path}", body, keyed)}
    body = request(server, messages, settings)
    extra = {} if settings.thinking else {"chat_template_kwargs": {"enable_thinking": False}}
    keyed = server.api_key is not None
    address = f"{url}/chat/completions"
    return {
        "curl": _curl(address, {**body, **extra}, keyed),
        "Python": _python(url, body, extra, keyed),
        "PowerShell": _powershell(address, {**body, **extra}, keyed),
    }


def _curl(address: str, body: dict[str, Any], keyed: bool) -> str:
    lines = [f"curl {shlex.quote(address)}", "  -H 'Content-Type: application/json'"]
    if keyed:
        lines.append(f'  -H "Authorization: Bearer ${API_KEY}"')
    lines.append(f"  -d {shlex.quote(json.dumps(body, ensure_ascii=False, indent=2))}")
    return " \\\n".join(lines)


def _python(url: str, body: dict[str, Any], extra: dict[str, Any], keyed: bool) -> str:
    key = f'os.environ["{API_KEY}"]' if keyed else '"EMPTY"'
    arguments = [f"    {name}={value!r}," for name, value in body.items()]
    arguments += [f"    extra_body={extra!r},"] if extra else []
    return "\n".join(
        [
            *(["import os", ""] if keyed else []),
            "from openai import OpenAI",
            "",
            f"client = OpenAI(base_url={url!r}, api_key={key})",
            "answer = client.chat.completions.create(",
            *arguments,
            ")",
            "print(answer.choices[0].message.content)",
        ]
    )


def _powershell(address: str, body: dict[str, Any], keyed: bool) -> str:
    """A single-quoted string doubles its quotes; a here-string would end at a line that begins with '@."""
    text = json.dumps(body, ensure_ascii=False, indent=2)
    for quote in ("'", "\u2018", "\u2019", "\u201a", "\u201b"):  # PowerShell takes the typographic ones for quotes too
        text = text.replace(quote, quote * 2)
    lines = [f"$body = '{text}'"]
    headers = f' -Headers @{{ Authorization = "Bearer $env:{API_KEY}" }}' if keyed else ""
    lines.append(
        f"(Invoke-RestMethod -Method Post -Uri '{address}' -ContentType 'application/json; charset=utf-8'{headers}"
        " -Body ([Text.Encoding]::UTF8.GetBytes($body))) | ConvertTo-Json -Depth 10"
    )
    return "\n".join(lines)
