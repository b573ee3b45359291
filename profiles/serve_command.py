"""One vLLM server's command line: found in an argv or in a shell line, read into flags, changed, and written back."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from profiles import shell_line
from profiles.arguments import Argument, Piece, arguments, spelled
from profiles.flags import SEVERAL, SWITCHES, canonical, is_flag
from profiles.wrappers import base, is_script, script_file, shell_script, unwrapped

MODULES = frozenset(
    {"vllm.entrypoints.openai.api_server", "vllm.entrypoints.api_server", "vllm.entrypoints.anthropic.api_server"}
)
"""Python modules that are a server."""
SERVER_FILES = tuple(f"{module.replace('.', '/')}.py" for module in MODULES)
CLI_MODULES = frozenset({"vllm", "vllm.entrypoints.cli.main", "vllm.scripts", "vllm.entrypoints.cli"})
"""Python modules that are the `vllm` program; the word `serve` follows."""
SERVING = frozenset({"model", "served-model-name", "max-model-len", "tensor-parallel-size", "gpu-memory-utilization"})
"""Flags that nothing but a model server is given."""
POOLING_TASKS = frozenset({"embed", "embedding", "pooling", "classify", "score", "reward"})


@dataclass(frozen=True, slots=True)
class Shell:
    """The shell line a command was found in: everything around the command."""

    before: tuple[str, ...]
    """The words before the script: `bash -lc`."""
    head: str
    """The script up to vLLM's arguments."""
    tail: str
    """The script behind them."""
    after: tuple[str, ...] = ()
    above: Shell | None = None
    """The shell line around this one."""

    def wrap(self, text: str) -> tuple[str, ...]:
        """Give the whole argv again with this text as vLLM's arguments."""
        words = (*self.before, self.head + text + self.tail, *self.after)
        return words if self.above is None else self.above.wrap(shlex.join(words))


@dataclass(frozen=True, slots=True)
class ServeCommand:
    """A vLLM server's command."""

    prefix: tuple[str, ...]
    """The words up to vLLM's own arguments, in the innermost shell line."""
    arguments: tuple[Argument, ...]
    original: tuple[str, ...]
    """The whole argv as it was read."""
    positional: bool = True
    """The model stands alone (`vllm serve M`); otherwise it is `--model M`."""
    shell: Shell | None = None
    as_read: tuple[Argument, ...] = ()
    """The arguments as they were read, to tell what was changed."""

    @property
    def model(self) -> str | None:
        """The model as given; None when vLLM takes its default or a config file's."""
        alone = [argument.values[0] for argument in self.arguments if argument.name is None and not argument.opaque]
        named = self.flag("model")
        return named or (alone[0] if alone else None) or self.flag("model-tag")

    @property
    def flags(self) -> tuple[tuple[str, str | None], ...]:
        """All flags but the model, in order, by canonical name."""
        return tuple((a.name, a.value) for a in self.arguments if a.name is not None and a.name != "model")

    def flag(self, name: str) -> str | None:
        """Give a flag's last value; "" when it stands without one, None when it is absent."""
        found = [a for a in self.arguments if a.name == name]
        return None if not found else (found[-1].values[0] if found[-1].values else "")

    @property
    def served_names(self) -> tuple[str, ...]:
        """The names that requests may use; the model itself when none is given."""
        found = [a.values for a in self.arguments if a.name == "served-model-name"]
        return found[-1] if found else ((self.model,) if self.model else ())

    @property
    def port(self) -> int:
        """The port it listens on; 8000 unless it says otherwise."""
        text = self.flag("port") or ""
        return int(text) if text.isdigit() else 8000

    @property
    def host(self) -> str | None:
        """The address it binds; None is every one."""
        return self.flag("host")

    @property
    def api_key(self) -> str | None:
        """The first key on the command line; for requests only, never shown."""
        return self.flag("api-key") or None

    @property
    def task(self) -> str:
        """Which question proves that it answers: generate or embed."""
        pooling = self.flag("runner") == "pooling" or self.flag("task") in POOLING_TASKS
        return "embed" if pooling or self.flag("convert") in {"embed", "classify", "reward"} else "generate"

    @property
    def max_model_len(self) -> str | None:
        """The context length as given (`4096`, `32k`, `auto`)."""
        return self.flag("max-model-len")

    @property
    def headless(self) -> bool:
        """It is a worker of a bigger server and answers nobody."""
        return self.flag("headless") is not None

    @property
    def words(self) -> tuple[str, ...]:
        """vLLM's own arguments as it will see them."""
        return tuple(word for a in self.arguments if not a.opaque for word in a.words)

    def argv(self) -> tuple[str, ...]:
        """Give the whole argv; what was read and not changed comes back word for word."""
        if self.arguments == self.as_read:
            return self.original
        if self.shell is None:
            return (*self.prefix, *self.words)
        return self.shell.wrap("".join(a.raw for a in self.arguments))

    def with_model(self, model: str) -> ServeCommand:
        """Give a copy that serves another model, named in the same way as before."""
        if self.flag("model") is not None:
            return self.with_flag("model", model)
        alone = self._argument(None, model)
        for at, argument in enumerate(self.arguments):
            if argument.name is None and not argument.opaque:
                return self._with((*self.arguments[:at], alone, *self.arguments[at + 1 :]))
        if not self.positional:
            return self.with_flag("model", model)
        return self._with((alone, *self.arguments))

    def with_flag(self, name: str, value: str | None) -> ServeCommand:
        """Give a copy with a flag set, in its old place and spelling, or at the end."""
        places = [at for at, argument in enumerate(self.arguments) if argument.name == name]
        if not places:
            return self._with(self._inserted(self._argument(name, value)))
        old = self.arguments[places[-1]]
        if old.value == value:
            return self
        new = self._argument(name, value, old)
        return self._with(tuple(new if at == places[-1] else a for at, a in enumerate(self.arguments)))

    def without_flag(self, name: str) -> ServeCommand:
        """Give a copy without a flag."""
        return self._with(tuple(a for a in self.arguments if a.name != name))

    def with_values(self, name: str, values: Sequence[str | None]) -> ServeCommand:
        """Give a copy in which a flag stands as often as there are values: none removes it."""
        if len(values) == 1:
            return self.with_flag(name, values[0])
        changed = self.without_flag(name)
        for value in values:
            changed = changed._with(changed._inserted(changed._argument(name, value)))
        return changed

    def _with(self, arguments: tuple[Argument, ...]) -> ServeCommand:
        return replace(self, arguments=arguments)

    def _inserted(self, new: Argument) -> tuple[Argument, ...]:
        at = len(self.arguments)
        while at and self.arguments[at - 1].opaque:
            at -= 1
        return (*self.arguments[:at], new, *self.arguments[at:])

    def _argument(self, name: str | None, value: str | None, old: Argument | None = None) -> Argument:
        words = spelled(name, value, old)
        gap = old.raw[: len(old.raw) - len(old.raw.lstrip(" \t\\\r\n"))] if old else ""
        raw = (gap or " ") + shlex.join(words) if self.shell is not None else ""
        values = () if value is None else tuple(shlex.split(value)) if name in SEVERAL else (value,)
        return Argument(name, values, words, raw)


def parse(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> ServeCommand | None:
    """Find a vLLM server in an argv, whatever stands in front of it; None when it starts no server."""
    found = _found(tuple(argv), dict(environ or {}), 0)
    if found is None or found.flag("help") is not None or found.flag("version") is not None:
        return None
    return replace(found, original=tuple(argv), as_read=found.arguments)


def parse_arguments(prefix: Sequence[str], words: Sequence[str], positional: bool = True) -> ServeCommand:
    """Read vLLM's own arguments behind a prefix that is known to start a server."""
    values = [(word, (word,), "", False) for word in words]
    read = arguments(values)
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
    if depth > 8:
        return None
    script = shell_script(words)
    if script is not None:
        return _in_line(words, script, environ, depth)
    taken = script_file(words) or unwrapped(words)
    if not taken:
        return None
    for at in range(taken, min(len(words), taken + 12)):
        if at > taken and not _is_program(words[at]):
            continue
        inner = _found(words[at:], environ, depth + 1)
        if inner is not None:
            return _behind(words[:at], inner)
    return None


def _behind(front: tuple[str, ...], inner: ServeCommand) -> ServeCommand:
    if inner.shell is None:
        return replace(inner, prefix=(*front, *inner.prefix))
    return replace(inner, shell=_in_front(front, inner.shell))


def _in_front(front: tuple[str, ...], shell: Shell) -> Shell:
    if shell.above is None:
        return replace(shell, before=(*front, *shell.before))
    return replace(shell, above=_in_front(front, shell.above))


def _is_program(word: str) -> bool:
    name = base(word)
    return name == "vllm" or name.startswith("python") or shell_script((word, "-c", "")) is not None


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
    for command in reader.read():
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
    head = command[at - 1].end
    pieces: list[Piece] = []
    last = head
    for word in command[at:]:
        pieces.append((word.text, word.values, line[last : word.end], word.redirect))
        last = word.end
    shell = replace(front, head=line[:head], tail=line[last:])
    return replace(found, arguments=arguments(pieces), shell=shell)


def _above(shell: Shell, outermost: Shell) -> Shell:
    return replace(shell, above=outermost if shell.above is None else _above(shell.above, outermost))
