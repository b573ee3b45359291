"""vLLM's own words as its parser would cut them: the model, the flags, and what it would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from gettext import gettext as _

from profiles.catalogue import Catalogue, Flag, Found, How, find, is_value
from profiles.lint.dead import DEAD
from profiles.lint.finding import Finding, Kind
from profiles.lint.flags import judge

LITERAL = {"true": True, "false": False}
"""What old vLLM took behind a switch."""
MOST_NOTES = 100
"""More flags that nobody knows are not told one by one."""
ASKS = frozenset({"help", "version"})


@dataclass(slots=True)
class Arguments:
    """What vLLM's words say."""

    model: str | None = None
    args: dict[str, str | bool | list[str]] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)


def read(words: Sequence[str], catalogue: Catalogue, positional: bool = True) -> Arguments:
    """Read vLLM's words; `positional` says that the model is expected to stand alone (`vllm serve MODEL`)."""
    return _Reader(list(words), catalogue, positional).read()


@dataclass(slots=True)
class _Reader:
    words: list[str]
    catalogue: Catalogue
    positional: bool
    at: int = 0
    alone: list[str] = field(default_factory=list)
    swallowed: str | None = None
    """A word taken as the value of a flag that nobody knows: it may be the model."""
    given: list[tuple[Found, str, list[str]]] = field(default_factory=list)
    done: Arguments = field(default_factory=Arguments)

    def read(self) -> Arguments:
        ended = False
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if ended or is_value(word) or not word:
                self.alone.append(word)
            elif word == "--":
                ended = True
            else:
                self._flag(word)
        names = [found.name for found, _name, _values in self.given]
        for found, name, values in self.given:
            self._keep(found, name, values, names)
        self._model()
        return self.done

    def _flag(self, word: str) -> None:
        found = find(self.catalogue, word)
        name = found.name or word.partition("=")[0].lstrip("-").replace("_", "-")
        if found.flag is None:
            values = [found.value] if found.value is not None else self._unknown(found, name)
        elif found.flag.is_switch and not found.key:
            values = self._switch(found)
            if values in (["false"], ["true"]):
                self._literal(found, name, values[0] == "true")
                return
        else:
            values = self._values(found.flag, found)
        self.given.append((found, name, values))

    def _next(self) -> str | None:
        """Give the next word if it can be a value."""
        word = self.words[self.at] if self.at < len(self.words) else None
        return word if word is not None and (is_value(word) or not word) else None

    def _unknown(self, found: Found, name: str) -> list[str]:
        """Take the word behind a flag that this vLLM does not have, if that flag took one."""
        dead = DEAD.get(name) or DEAD.get(name.removeprefix("no-"))
        word = self._next()
        if word is None or (dead is not None and not dead.takes) or name.startswith("no-"):
            return []
        self.at += 1
        if dead is None and found.how is How.UNKNOWN:
            self.swallowed = self.swallowed or word
        return [word]

    def _switch(self, found: Found) -> list[str]:
        value = found.value
        if value is None and (word := self._next()) is not None and word.lower() in LITERAL:
            self.at += 1
            value = word
        if value is None:
            return []
        return [value.lower() if value.lower() in LITERAL else value]

    def _literal(self, found: Found, name: str, yes: bool) -> None:
        """Read what old vLLM took: `--enable-prefix-caching true`."""
        text = _("--{name} stands alone today: its value is left out.").format(
            name=found.flag.name if found.flag else name
        )
        self.done.notes.append(Finding(Kind.INVALID, name, text))
        if yes:
            self.given.append((found, name, []))
        elif found.flag is not None and found.flag.twin:
            twin = name.removeprefix("no-") if found.negated else f"no-{name}"
            self.given.append((find(self.catalogue, f"--{twin}"), twin, []))

    def _values(self, flag: Flag, found: Found) -> list[str]:
        if found.value is not None:
            return [self._whole(found.value)]
        values: list[str] = []
        limit = len(self.words) if flag.several and not found.key else int(flag.nargs) if flag.nargs.isdigit() else 1
        while len(values) < limit and (word := self._next()) is not None:
            self.at += 1
            values.append(self._whole(word))
        return values

    def _whole(self, value: str) -> str:
        """Join a JSON text that lost its quotes and was cut at its blanks."""
        text = value
        while text[:1] in "{[" and text[:1] and text.count(text[0]) > text.count({"{": "}", "[": "]"}[text[0]]):
            word = self._next()
            if word is None or len(text) > 4000:
                return text
            self.at += 1
            text += f" {word}"
        return text

    def _keep(self, found: Found, name: str, values: list[str], names: list[str]) -> None:
        flag = found.flag
        if flag is not None and flag.name in ASKS:
            return
        if flag is not None and flag.name == "model" and not found.negated:
            self._named(values)
            return
        if flag is None and len(self.done.notes) > MOST_NOTES:
            return
        findings = judge(self.catalogue, name, values, found, names)
        self.done.notes += findings
        if flag is None or any(one.refused for one in findings):
            return
        before = self.done.args.get(name)
        if before is not None and not flag.repeated and not found.key.endswith("+") and values:
            text = _("--{name} is given more than once: vLLM takes the last.").format(name=name)
            self.done.notes.append(Finding(Kind.LEFT_OUT, name, text))
        whole = [*(before if isinstance(before, list) else [str(before)] if before else []), *values]
        kept = whole if flag.repeated else values
        self.done.args[name] = True if not kept else kept[0] if len(kept) == 1 else kept

    def _named(self, values: list[str]) -> None:
        if values:
            self.done.model = values[0]
        if self.positional:
            text = _("--model goes away: today the model stands alone, in front of the flags.")
            self.done.notes.append(Finding(Kind.POSITIONAL, "model", text))

    def _model(self) -> None:
        alone = [word for word in self.alone if word]
        if self.done.model is None and alone and self.positional:
            self.done.model = alone.pop(0)
        elif self.done.model is None and not alone and self.swallowed and looks_like_model(self.swallowed):
            self.done.model = self.swallowed
        if self.done.model is None and alone and looks_like_model(alone[0]):
            self.done.model = alone.pop(0)
        if alone:
            text = _("{count} words stand alone, and vLLM refuses them: a quote or a flag's name may be missing.")
            self.done.notes.append(Finding(Kind.UNKNOWN, None, text.format(count=len(alone))))


def looks_like_model(word: str) -> bool:
    """Say whether a word can be a model: a path or a hub id."""
    return "/" in word or "\\" in word
