"""What stands in front of a server's own command: init programs, `env`, `uv run`, `numactl`, entry scripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A program that runs another: its options that take a value, and how many operands come before the command."""

    valued: frozenset[str] = frozenset()
    operands: int = 0
    subcommands: tuple[str, ...] = ()
    """It wraps only behind one of these words (`uv run`)."""


def _wrapper(valued: str = "", operands: int = 0, subcommands: str = "") -> Wrapper:
    return Wrapper(frozenset(valued.split()), operands, tuple(subcommands.split()))


WRAPPERS = {
    "catatonit": _wrapper("-P"),
    "chrt": _wrapper("-p -T -P -D", 1),
    "command": _wrapper(),
    "conda": _wrapper("-n --name -p --prefix --cwd", subcommands="run"),
    "ddtrace-run": _wrapper(),
    "docker-init": _wrapper(),
    "doppler": _wrapper("-p --project -c --config -t --token", subcommands="run"),
    "dotenv": _wrapper("-f --file", subcommands="run"),
    "dumb-init": _wrapper("-r --rewrite"),
    "env": _wrapper("-u --unset -C --chdir -S --split-string"),
    "eval": _wrapper(),
    "exec": _wrapper("-a"),
    "flock": _wrapper("-w --timeout -E", 1),
    "gosu": _wrapper(operands=1),
    "infisical": _wrapper("--env --path --projectId --token", subcommands="run"),
    "init": _wrapper(),
    "ionice": _wrapper("-c -n --class --classdata"),
    "micromamba": _wrapper("-n --name -p --prefix", subcommands="run"),
    "mpirun": _wrapper("-n -np -H --host --hostfile -x --bind-to --map-by"),
    "nice": _wrapper("-n --adjustment"),
    "nohup": _wrapper(),
    "nsys": _wrapper("-o -t -s -f -c --output --trace --sample --capture-range", subcommands="profile launch"),
    "numactl": _wrapper("-N -m -C -i -p -l --cpunodebind --membind --physcpubind --interleave --preferred"),
    "op": _wrapper("--env-file --account", subcommands="run"),
    "opentelemetry-instrument": _wrapper("--traces_exporter --metrics_exporter --service_name"),
    "poetry": _wrapper("-C --directory", subcommands="run"),
    "prlimit": _wrapper(),
    "ray": _wrapper("--address --working-dir --runtime-env --submission-id", subcommands="job exec"),
    "runuser": _wrapper("-u --user -g --group"),
    "s6-setuidgid": _wrapper(operands=1),
    "setpriv": _wrapper("--reuid --regid --groups --inh-caps --bounding-set"),
    "setsid": _wrapper(),
    "srun": _wrapper(
        "-n -N -p -c -w -t -J --ntasks --nodes --partition --gres --mem --time --job-name --container-image --mpi"
    ),
    "stdbuf": _wrapper("-i -o -e"),
    "su-exec": _wrapper(operands=1),
    "sudo": _wrapper("-u --user -g --group -h -C -D -p"),
    "taskset": _wrapper("-p", 1),
    "time": _wrapper("-f -o"),
    "timeout": _wrapper("-k -s --kill-after --signal", 1),
    "tini": _wrapper("-p -e"),
    "tini-static": _wrapper("-p -e"),
    "torchrun": _wrapper("--nproc-per-node --nnodes --node-rank --master-addr --master-port"),
    "uv": _wrapper(
        "--with --python -p --project --directory --env-file --extra --group --index-url --with-editable",
        subcommands="run",
    ),
    "uvx": _wrapper("--from --with --python -p --index-url"),
    "with-contenv": _wrapper(),
    "xvfb-run": _wrapper("-s -n -e -f"),
}
"""Programs that hand over to the command behind them."""

RESERVED = frozenset({"if", "then", "else", "elif", "do", "while", "until", "!", "{", "time"})
"""Shell words that may stand in front of a command."""

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"})
SCRIPT = re.compile(r"(\.sh|\.bash|entry-?_?point|docker-entrypoint)[^/]*$", re.IGNORECASE)
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)


def base(word: str) -> str:
    """Give a program's name without its folder and `.exe`."""
    return PurePosixPath(word).name.removesuffix(".exe")


def is_script(word: str) -> bool:
    """Say whether a word looks like an entry script: something ending in `.sh`, or an entry point."""
    return bool(SCRIPT.search(base(word)))


def unwrapped(words: Sequence[str]) -> int:
    """Give how many words the first wrapper in front takes; 0 when the first word is no wrapper."""
    if not words:
        return 0
    name = base(words[0])
    if name in RESERVED or ASSIGNMENT.fullmatch(words[0]):
        return 1
    if name == "su":
        return 0
    wrapper = WRAPPERS.get(name)
    if wrapper is None:
        return 1 if is_script(words[0]) else 0
    at = 1
    if wrapper.subcommands:
        at = _past_options(words, at, wrapper)
        if at >= len(words) or words[at] not in wrapper.subcommands:
            return 0
        at += 1
        if words[at - 1] == "job" and tuple(words[at : at + 1]) == ("submit",):
            at += 1
    at = _past_options(words, at, wrapper)
    at += wrapper.operands
    if tuple(words[at : at + 1]) == ("--",):
        at += 1
    return min(at, len(words))


def _past_options(words: Sequence[str], at: int, wrapper: Wrapper) -> int:
    while at < len(words) and words[at].startswith("-") and len(words[at]) > 1:
        if words[at] == "--":
            return at + 1
        at += 2 if words[at] in wrapper.valued or _has_value(words[at : at + 2], wrapper) else 1
    return at


def _has_value(words: Sequence[str], wrapper: Wrapper) -> bool:
    """Say whether an option that we do not know is followed by what can be no program: a number, yes or no."""
    if wrapper.operands or len(words) < 2 or not words[0].startswith("--") or "=" in words[0]:
        return False
    return bool(re.fullmatch(r"[\d.,:]+|true|false|none", words[1]))


def shell_script(words: Sequence[str]) -> int | None:
    """Give where the script stands in `sh -c SCRIPT` (also `bash -lc`, `su user -c`, `eval`); None for no shell line."""
    if len(words) == 2 and words[0] == "eval":
        return 1
    if words and base(words[0]) == "env":
        return _split_string(words)
    if not words or base(words[0]) not in SHELLS | {"su", "runuser"}:
        return None
    for at, word in enumerate(words[1:], start=1):
        if word in ("--command", "-c") or re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", word):
            return at + 1 if at + 1 < len(words) else None
        if (
            not word.startswith(("-", "+"))
            and base(words[0]) in SHELLS
            and word != "sh"
            and words[at - 1] not in ("-o", "+o", "-O")
        ):
            return None
    return None


def _split_string(words: Sequence[str]) -> int | None:
    """Give where the line of `env -S LINE` stands."""
    at = 1
    while at < len(words) and (words[at].startswith("-") or ASSIGNMENT.fullmatch(words[at])):
        if words[at] in ("-S", "--split-string") or re.fullmatch(r"-[iv0]*S", words[at]):
            return at + 1 if at + 1 < len(words) else None
        at += 2 if words[at] in WRAPPERS["env"].valued else 1
    return None


def script_file(words: Sequence[str]) -> int | None:
    """Give where a script FILE stands in `bash entry.sh …`; None otherwise."""
    if words and base(words[0]) in SHELLS:
        for at, word in enumerate(words[1:], start=1):
            if not word.startswith("-"):
                return at
    return None
