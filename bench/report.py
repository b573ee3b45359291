"""What was measured, as a table on the screen and in docs/performance.md."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.terminal import ROOT

FILE = ROOT / "docs/performance.md"
BEGIN, END = "<!-- measured by make bench -->", "<!-- end of what make bench wrote -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    beside: str
    """What ran beside it, and its figure."""
    figure: str
    """The ratio, or ours again where the goal is absolute."""
    goal: str
    met: bool | None
    """None: only told."""


def ratio(what: str, ours: float, beside: float, name: str, goal: float, *, unit: str = "s") -> Row:
    """A measure whose goal is a multiple of something that ran beside it."""
    times = ours / beside
    return Row(
        what,
        f"{ours:.2f} {unit}",
        f"{name} {beside:.2f} {unit}",
        f"{times:.2f} {name}",
        f"<= {goal} {name}",
        times <= goal,
    )


def absolute(what: str, ours: float, goal: float, *, unit: str = "s") -> Row:
    """A measure with a goal of its own."""
    return Row(what, f"{ours:.2f} {unit}", "", f"{ours:.2f} {unit}", f"<= {goal} {unit}", ours <= goal)


def table(rows: Sequence[Row], skipped: Sequence[str]) -> str:
    """Write the rows as a Markdown table, aligned so that it reads in a terminal too."""
    heads = ("measure", "llmtui", "beside it", "figure", "goal", "met")
    marks = {True: "yes", False: "no", None: ""}
    lines = [heads, *((row.what, row.ours, row.beside, row.figure, row.goal, marks[row.met]) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join([*text, "", *(f"Not measured: {reason}." for reason in skipped)]).rstrip()


def write(text: str) -> None:
    """Put the table between the two marks of the file."""
    machine = (
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}, Textual {version('textual')}, {platform.system()}"
    )
    when = time.strftime("%Y-%m-%d")
    old = FILE.read_text("utf-8") if FILE.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    before, after = old.partition(BEGIN)[0], old.partition(END)[2]
    FILE.write_text(f"{before}{BEGIN}\n\nMeasured {when} on {machine}.\n\n{text}\n\n{END}{after}", "utf-8")
