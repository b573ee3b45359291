"""What a pasted container runs: vLLM or something else, behind its entrypoint, a shell line or an entry script."""

from __future__ import annotations

from gettext import gettext as _

from profiles import shell_line
from profiles.catalogue import Catalogue, How, find
from profiles.flags import names
from profiles.lint.finding import Kind
from profiles.paste import arguments
from profiles.paste.record import Pasted
from profiles.serve_command import SERVING, behind_a_script, parse
from profiles.wrappers import SHELLS, base

PROGRAMS = SHELLS | names("nvidia-smi python python3 sleep ls cat pip pip3 env tail true echo vllm ray nvcc top ollama")
"""Words behind an image that are a program and no model."""


def settle(pasted: Pasted, catalogue: Catalogue) -> None:
    """Read the command of a container as vLLM's, or say that it is none."""
    if not pasted.image and pasted.image is not None:
        pasted.image = None
    found = _words(pasted, catalogue)
    if found is None:
        text = _("{image} is no vLLM image, and its command starts no vLLM server.")
        pasted.note(Kind.NOT_VLLM, "image", text.format(image=pasted.image or _("This")))
        return
    words, positional = found
    read = arguments.read(words, catalogue, positional)
    pasted.model, pasted.args = read.model, dict(read.args)
    pasted.notes += read.notes


def _words(pasted: Pasted, catalogue: Catalogue) -> tuple[list[str], bool] | None:
    """Give vLLM's own words, and whether the model stands alone among them; None when it is no vLLM."""
    command = pasted.command
    argv = [*(pasted.entrypoint or ()), *command]
    is_vllm = "vllm" in (pasted.image or "").lower()
    environ = {name: value for name, value in pasted.env.items() if value is not None}
    serve = parse(argv, environ)
    if serve is not None:
        if serve.shell is not None:
            _shell(pasted, serve.shell.head + serve.shell.tail)
        elif pasted.entrypoint:
            pasted.starts = list(serve.prefix)
        return list(serve.words), serve.positional
    first = base(command[0]) if command else ""
    if pasted.entrypoint:
        behind = behind_a_script(argv) if is_vllm else None
        pasted.starts = list(behind.prefix) if behind is not None else []
        return (list(behind.words), behind.positional) if behind is not None else None
    if is_vllm and first == "serve":
        return command[1:], True
    if is_vllm and first not in PROGRAMS:
        return command, True
    return (command, True) if not is_vllm and _looks_like_vllm(command, catalogue) else None


def _shell(pasted: Pasted, line: str) -> None:
    """Tell of the shell line that starts the server, and take its exports as the server's environment."""
    text = _("A shell line starts the server: its vLLM command was read, the rest of it is not kept.")
    pasted.note(Kind.SHELL, "entrypoint", text)
    variables: dict[str, str] = {}
    for words in shell_line.commands(line, variables):
        texts = [word.text for word in words if not word.redirect]
        if texts[:1] == ["export"]:
            for word in texts[1:]:
                name, equals, value = word.partition("=")
                if equals:
                    pasted.env.setdefault(name, value)


def _looks_like_vllm(command: list[str], catalogue: Catalogue) -> bool:
    """Say whether the words behind an image of another name are vLLM's: flags that only it has, and no strange one."""
    if command and base(command[0]) in PROGRAMS:
        return False
    found = [find(catalogue, word) for word in command if word.startswith("--")]
    names = {one.name for one in found}
    return bool(names & SERVING) and all(one.how in (How.EXACT, How.PREFIX) for one in found)
