"""Finding a vLLM server's command: in an argv, behind what stands in front of it, or in a shell line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from profiles import shell_line
from profiles.arguments import Piece, arguments
from profiles.flags import SWITCHES, canonical, is_flag
from profiles.serving import ServeCommand, Shell
from profiles.wrappers import base, is_script, script_file, shell_script, unwrapped

__all__ = ["ServeCommand", "behind_a_script", "parse", "parse_arguments"]

MODULES = frozenset(
    {"vllm.entrypoints.openai.api_server", "vllm.entrypoints.api_server", "vllm.entrypoints.anthropic.api_server"}
)
"""Python modules that are a server."""
SERVER_FILES = tuple(f"{module.replace('.', '/')}.py" for module in MODULES)
CLI_MODULES = frozenset({"vllm", "vllm.entrypoints.cli.main", "vllm.scripts", "vllm.entrypoints.cli"})
"""Python modules that are the `vllm` program; the word `serve` follows."""
SERVING = frozenset({"model", "served-model-name", "max-model-len", "tensor-parallel-size", "gpu-memory-utilization"})
"""Flags that nothing but a model server is given."""

DEEPEST = 16
"""Wrappers in one another through which we look."""


def parse(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> ServeCommand | None:
    """Find a vLLM server in an argv, whatever stands in front of it; None when it starts no server."""
    found = _found(tuple(argv), dict(environ or {}), 0)
    if found is None or found.flag("help") is not None or found.flag("version") is not None:
        return None
    return replace(found, original=tuple(argv), as_read=found.arguments)


def parse_arguments(prefix: Sequence[str], words: Sequence[str], positional: bool = True) -> ServeCommand:
    """Read vLLM's own arguments behind a prefix that is known to start a server."""
    read = arguments([Piece(word) for word in words])
    return ServeCommand(tuple(prefix), read, (*prefix, *words), positional, as_read=read)


def behind_a_script(argv: Sequence[str]) -> ServeCommand | None:
    """Read what follows an opaque entry script (`/entrypoint.sh --model M`) as vLLM's arguments, if it looks like them.

    Only for an image that is known to serve vLLM: the script itself tells nothing.
    """
    words = tuple(argv)
    at = 0
    while at < len(words) and not is_script(words[at]):
        taken = unwrapped(words[at:])
        at = at + taken if taken else len(words)
    rest = words[at + 1 :]
    if at >= len(words) or (rest and base(rest[0]) == "vllm"):
        return None
    if rest[:1] == ("serve",):
        return parse_arguments(words[: at + 2], rest[1:])
    names = {canonical(word.partition("=")[0]) for word in rest if is_flag(word)}
    asks = names & {"help", "version"}
    lone = len(rest) == 1 and "/" in rest[0] and not rest[0].startswith(("/bin/", "/usr/"))
    known = bool(names & (SERVING | SWITCHES)) or lone
    return parse_arguments(words[: at + 1], rest) if known and not asks else None


def _found(words: tuple[str, ...], environ: dict[str, str], depth: int) -> ServeCommand | None:
    length, positional = _program(words)
    if length:
        return parse_arguments(words[:length], words[length:], positional)
    if depth > DEEPEST:
        return None
    script = shell_script(words)
    if script is not None:
        return _in_line(words, script, environ, depth)
    taken = script_file(words) or unwrapped(words)
    if not taken:
        return None
    inner = _found(words[taken:], environ, depth + 1)
    return None if inner is None else _behind(words[:taken], inner)


def _behind(front: tuple[str, ...], inner: ServeCommand) -> ServeCommand:
    if inner.shell is None:
        return replace(inner, prefix=(*front, *inner.prefix))
    return replace(inner, shell=_in_front(front, inner.shell))


def _in_front(front: tuple[str, ...], shell: Shell) -> Shell:
    if shell.above is None:
        return replace(shell, before=(*front, *shell.before))
    return replace(shell, above=_in_front(front, shell.above))


def _program(words: Sequence[str]) -> tuple[int, bool]:
    """Give how many words start a vLLM server here (0: none), and whether the model stands alone behind them."""
    name = base(words[0]) if words else ""
    if name == "vllm":
        return (2, True) if words[1:2] == ("serve",) else (0, True)
    if not name.startswith(("python", "pypy")):
        return 0, True
    at = 1
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-m", "-c"):
        at += 2 if words[at] in ("-W", "-X") else 1
    if words[at : at + 1] == ("-m",):
        return _module(words[at + 1 : at + 2], words[at + 2 : at + 3], at + 2)
    if at < len(words) and words[at].endswith(SERVER_FILES):
        return at + 1, False
    return (
        (at + 2, True)
        if at < len(words) and base(words[at]) == "vllm" and words[at + 1 : at + 2] == ("serve",)
        else (0, True)
    )


def _module(module: Sequence[str], verb: Sequence[str], taken: int) -> tuple[int, bool]:
    if MODULES.intersection(module):
        return taken, False
    return (taken + 1, True) if CLI_MODULES.intersection(module) and tuple(verb) == ("serve",) else (0, True)


def _in_line(words: tuple[str, ...], script: int, environ: dict[str, str], depth: int) -> ServeCommand | None:
    line, after = words[script], words[script + 1 :]
    reader = shell_line.Reader(line, environ, after)
    for command in shell_line.living(reader.read()):
        plain = [word for word in command if not word.redirect]
        flat = tuple(value for word in plain for value in word.values)
        found = _found(flat, environ, depth + 1)
        if found is not None:
            return _placed(found, words, script, command)
    return None


def _placed(found: ServeCommand, words: tuple[str, ...], script: int, command: list[shell_line.Word]) -> ServeCommand:
    """Tie a command found among a line's words to the line's text."""
    line = words[script]
    front = Shell(words[:script], "", "", words[script + 1 :])
    if found.shell is not None:
        start, end = command[0].start, command[-1].end
        return replace(found, shell=_above(found.shell, replace(front, head=line[:start], tail=line[end:])))
    taken, at = 0, 0
    while taken < len(found.prefix):
        taken += 0 if command[at].redirect else len(command[at].values)
        at += 1
    last = command[at - 1].end
    head, pieces = line[:last], list[Piece]()
    if left := taken - len(found.prefix):  # a `$COMMAND` holds the program and arguments
        values = command[at - 1].values
        head = line[: command[at - 1].start] + shlex.join(values[:-left])
        pieces = [Piece(text, f" {shlex.quote(text)}") for text in values[-left:]]
    for word in command[at:]:
        raw = line[last : word.end]
        if word.redirect or not word.values:
            pieces.append(Piece(word.text, raw, opaque=True))
        spread = len(word.values) > 1
        given = () if word.redirect else word.values
        pieces += [Piece(text, raw if not index else "", spread=spread) for index, text in enumerate(given)]
        last = word.end
    shell = replace(front, head=head, tail=line[last:])
    return replace(found, arguments=arguments(pieces), shell=shell)


def _above(shell: Shell, outermost: Shell) -> Shell:
    return replace(shell, above=outermost if shell.above is None else _above(shell.above, outermost))
