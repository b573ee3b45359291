"""Measure llmtui: `make bench`, or `make bench ARGS="log keys"` for some of it; `--write` is the default, `--dry` only prints.

E is an empty Textual app, L is `docker logs --timestamps | cat >/dev/null` of the same log; both run beside ours, in turn, so that
the ratios hold on any machine. Wall seconds mean something only on a machine that does nothing else.
"""

from __future__ import annotations

import compileall
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import textual

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import calling, leaving, living, pressing, reading, starting, streaming
from bench.engine import engine, missing
from bench.report import Row, table, write
from tests.own_daemon import OwnDaemon
from tests.terminal import ROOT

WITH_ENGINE: dict[str, Callable[[Path, OwnDaemon], list[Row]]] = {
    "rows": lambda home, daemon: [
        *starting.first_rows(home, daemon, 3, 2.0),
        *starting.first_rows(home, daemon, 300, 2.2),
    ],
    "keys": pressing.keys,
    "log": reading.log,
    "chat": streaming.chat,
    "busy": pressing.busy,
    "still": living.nothing,
    "live": living.live,
    "many": living.many,
    "memory": living.memory,
    "quit": leaving.leaving,
}
WITHOUT: dict[str, Callable[[Path], list[Row]]] = {
    "frame": lambda home: [*starting.first_frame(home), *calling.bare(home)],
    "verbs": calling.verbs,
}
PARTS = (*WITHOUT, *WITH_ENGINE)


def as_installed(folder: Path) -> None:
    """Let every program that is measured find its bytecode, as installed ones do; the checkout itself gets none."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
    for package in ("tui", "widgets", "profiles", "bench", str(Path(textual.__file__).parent)):
        compileall.compile_dir(ROOT / package, quiet=1)


def measured(parts: list[str]) -> tuple[list[Row], list[str]]:
    """Run the parts; what fails is told like what cannot be measured, and the others go on."""
    rows: list[Row] = []
    skipped: list[str] = []

    def part(name: str, work: Callable[[], list[Row]]) -> None:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            rows.extend(work())
        except (TimeoutError, AssertionError) as error:
            skipped.append(f"{name} ({error})")

    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="llmtui-bench-")))
        as_installed(home / "bytecode")
        for name in (name for name in WITHOUT if name in parts):
            part(name, lambda name=name: WITHOUT[name](home))  # type: ignore[misc]
        wanted = [name for name in WITH_ENGINE if name in parts]
        if wanted and (reason := missing()):
            skipped.append(reason)
        elif wanted:
            daemon = stack.enter_context(engine())
            for name in wanted:
                part(name, lambda name=name: WITH_ENGINE[name](home, daemon))  # type: ignore[misc]
    return rows, skipped


def main() -> int:
    """Measure, print, write; 1 when a goal was missed."""
    arguments = sys.argv[1:]
    parts = [argument for argument in arguments if not argument.startswith("-")] or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        print(f"there is no part {', '.join(sorted(unknown))}; parts: {' '.join(PARTS)}", file=sys.stderr)
        return 2
    rows, skipped = measured(parts)
    text = table(rows, skipped)
    print(text)
    if set(parts) == set(PARTS) and "--dry" not in arguments:
        write(text)
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
