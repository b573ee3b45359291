"""One vLLM server's command as it was read: its model and flags, changed and written back where they stood."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from profiles.arguments import Argument, several, spelled
from profiles.flags import SEVERAL

POOLING_TASKS = frozenset({"embed", "embedding", "pooling", "classify", "score", "reward"})
"""Values of `--task` that make a server answer with vectors or scores."""


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
        return int(text) if text.isdecimal() and len(text) < 6 else 8000

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
        if self.flag("model") is not None or (self.model is None and not self.positional):
            return self.with_flag("model", model)
        alone = self._argument(None, model)
        plain = self._literal()
        for at, argument in enumerate(plain):
            if argument.name is None and not argument.opaque:
                return self._with((*plain[:at], alone, *plain[at + 1 :]))
        return self._with((alone, *plain))

    def with_flag(self, name: str, value: str | None) -> ServeCommand:
        """Give a copy with a flag set, in its old place and spelling, or at the end."""
        places = [at for at, argument in enumerate(self.arguments) if argument.name == name]
        if not places:
            return self._with(self._inserted(self._argument(name, value)))
        old = self.arguments[places[-1]]
        if old.value == value:
            return self
        new = self._argument(name, value, old)
        return self._with(tuple(new if at == places[-1] else a for at, a in enumerate(self._literal())))

    def without_flag(self, name: str) -> ServeCommand:
        """Give a copy without a flag."""
        if all(argument.name != name for argument in self.arguments):
            return self
        return self._with(tuple(a for a in self._literal() if a.name != name))

    def with_values(self, name: str, values: Sequence[str | None]) -> ServeCommand:
        """Give a copy in which a flag stands as often as there are values: none removes it."""
        if len(values) == 1 and sum(argument.name == name for argument in self.arguments) <= 1:
            return self.with_flag(name, values[0])
        changed = self.without_flag(name)
        for value in values:
            changed = changed._with(changed._inserted(changed._argument(name, value)))
        return changed

    def _literal(self) -> tuple[Argument, ...]:
        """Give the arguments with every `"$@"` written out, since its parts cannot be changed one by one."""
        return tuple(replace(a, raw=" " + shlex.join(a.words), spread=False) if a.spread else a for a in self.arguments)

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
        values = () if value is None else tuple(several(value)) if name in SEVERAL else (value,)
        return Argument(name, values, words, raw)
