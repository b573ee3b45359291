"""Finding the launch among the commands of a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from profiles.flags import names
from profiles.paste import bash, engine
from profiles.serve_command import parse
from profiles.serving import ServeCommand
from profiles.wrappers import ASSIGNMENT, base, shell_script, unwrapped

DEEPEST = 8
"""Shell lines in one another that are read."""
OUTER: dict[str, frozenset[str]] = {
    "ssh": names("-p -i -l -o -F -J -L -R -D -b -c -E -m -S -W"),
    "wsl": names("-d --distribution -u --user --cd --shell-type"),
    "winpty": frozenset(),
    "call": frozenset(),
    "start": frozenset({"/d"}),
    "screen": names("-S -c -T -L"),
    "tmux": names("-s -n -c -t -d-"),
    "systemd-run": names("-p --property -u --unit -E --setenv --slice --description"),
    "unbuffer": frozenset(),
    "watch": names("-n"),
}
"""Programs in front of a launch, with their options that take a value."""
LINES = {"cmd": ("/c", "/k"), "powershell": ("-command", "-c"), "pwsh": ("-command", "-c")}
TELLING = names(
    """
    docker podman nerdctl docker-compose podman-compose curl wget pip pip3 uv conda git apt apt-get yum dnf huggingface-cli
    hf modelscope nvidia-smi nvcc python python3 bash sh chmod chown mkdir tail cat ls rm cp mv ray vllm kubectl systemctl
    kill pkill open-webui ollama npm npx streamlit gradio litellm locust lm_eval ssh scp rsync tar make brew
    """
)
"""Programs whose commands beside a launch are worth a note; other words may be prose."""


@dataclass(slots=True)
class Launch:
    """A launch that was found."""

    run_as: str
    words: list[str]
    """Behind `docker run`, or vLLM's own."""
    env: dict[str, str] = field(default_factory=dict)
    """What the shell gives it: exports, and assignments in front of it."""
    command: ServeCommand | None = None
    inside: bool = False
    """It runs inside a container that is there already (`docker exec`)."""


@dataclass(slots=True)
class Search:
    """Goes through commands in order; ends at the first launch."""

    variables: dict[str, str]
    exported: dict[str, str] = field(default_factory=dict)
    all_exported: bool = False
    found: Launch | None = None
    others: int = 0
    """Commands beside the launch that do something."""
    servers: int = 0
    sourced: bool = False
    moved: bool = False

    def take(self, commands: Sequence[list[str]]) -> None:
        """Look at further commands."""
        for words in commands:
            if self._assigned(words):
                continue
            launch = launch_in(words, self.variables, 0)
            if launch is None:
                self._other(words)
                continue
            self.servers += 1
            if self.found is None:
                shell_env = self.exported if launch.run_as == "native" and not launch.inside else {}
                launch.env = {**shell_env, **launch.env}
                self.found = launch

    def _assigned(self, words: list[str]) -> bool:
        """Note what an assignment or an `export` says."""
        head = words[0]
        if head in ("export", "declare", "typeset", "readonly"):
            for word in words[1:]:
                name, equals, value = word.partition("=")
                if equals or name in self.variables:
                    self.exported[name] = value if equals else self.variables[name]
            return True
        if head == "set" and "-a" in words[1:]:
            self.all_exported = True
        plain = all(ASSIGNMENT.fullmatch(word) for word in words)
        if plain:
            pairs = [word.partition("=") for word in words]
            known = {name: value for name, _equals, value in pairs}
            self.exported |= {k: v for k, v in known.items() if self.all_exported or k in self.exported}
        return plain

    def _other(self, words: list[str]) -> None:
        name = base(words[0])
        self.sourced = self.sourced or name in ("source", ".")
        self.moved = self.moved or name in ("cd", "pushd", "Set-Location")
        while name == "sudo" and len(words) > 1:
            words = words[1:]
            name = base(words[0])
        self.others += name in TELLING


def launch_in(words: Sequence[str], variables: dict[str, str], depth: int) -> Launch | None:
    """Find a launch in one command, whatever stands in front of it."""
    env: dict[str, str] = {}
    rest = tuple(words)
    while rest and depth <= DEEPEST:
        name = base(rest[0].replace("\\", "/")).lower()
        if name in engine.ENGINES:
            return _engine(rest, variables, depth)
        command = parse(rest, variables)
        if command is not None and command.shell is None:
            given = dict(word.split("=", 1) for word in command.prefix if ASSIGNMENT.fullmatch(word))
            return Launch("native", list(command.words), {**env, **given}, command)
        line = _line(rest, name)
        if line is not None:
            found = _first(bash.commands(line, dict(variables)), variables, depth + 1)
            if found is None and command is not None:
                found = Launch("native", list(command.words), command=command)
            if found is not None:
                found.env = {**env, **found.env}
            return found
        taken = _outer(rest, name) or unwrapped(rest)
        if not taken:
            return None
        env |= dict(word.split("=", 1) for word in rest[:taken] if ASSIGNMENT.fullmatch(word))
        rest = rest[taken:]
        depth += 1
    return None


def _engine(words: tuple[str, ...], variables: dict[str, str], depth: int) -> Launch | None:
    taken = engine.subcommand(words)
    if taken:
        return Launch("docker", list(words[taken:]))
    if "exec" in words[1:3]:
        at = words.index("exec") + 1
        while at < len(words) and words[at].startswith("-"):
            at += 2 if words[at] in ("-e", "--env", "-u", "--user", "-w", "--workdir", "--env-file") else 1
        found = launch_in(words[at + 1 :], variables, depth + 1)
        if found is not None and found.run_as == "native":
            found.inside = True
            return found
    return None


def _first(commands: Sequence[list[str]], variables: dict[str, str], depth: int) -> Launch | None:
    search = Search(dict(variables))
    for words in commands:
        if not search._assigned(words) and (found := launch_in(words, variables, depth)) is not None:
            found.env = {**search.exported, **found.env}
            return found
    return None


def _line(words: tuple[str, ...], name: str) -> str | None:
    """Give the shell line inside `sh -c LINE`, `powershell -Command LINE`, `ssh host LINE`."""
    script = shell_script(words)
    if script is not None:
        return words[script]
    marks = LINES.get(name)
    for at, word in enumerate(words[1:], start=1):
        if marks and word.lower() in marks:
            return " ".join(words[at + 1 :])
    taken = _outer(words, name)
    if taken and len(words) == taken + 1 and " " in words[taken]:
        return words[taken]
    return None


def _outer(words: tuple[str, ...], name: str) -> int:
    """Give how many words an outer program takes in front of the command; 0 when it is none."""
    if name not in OUTER:
        return 0
    at = 1
    if name == "tmux" and words[1:2] and not words[1].startswith("-"):
        at = 2
    while at < len(words) and (words[at].startswith("-") or (name == "start" and words[at][:1] in ("/", ""))):
        if words[at] == "--":
            return at + 1
        at += 2 if words[at] in OUTER[name] else 1
    return min(at + (1 if name == "ssh" else 0), len(words))


Cut = Callable[[str, dict[str, str]], list[list[str]]]
"""Cuts one logical line of a dialect into commands."""
