"""Draw a terminal screen as one SVG: text on the cell grid; lines and blocks as shapes, so that no font leaves gaps in them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyte
from pyte.screens import Char

CELL, LINE, FONT, BASELINE, MARGIN = 8.4, 18.0, 14, 13.5, 12
FOREGROUND, BACKGROUND = "#d5dde6", "#0f1318"
FAMILY = "'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono CJK SC','Microsoft YaHei',monospace"
NAMED = {
    "black": "#000000",
    "red": "#cc3333",
    "green": "#44aa44",
    "brown": "#bb8800",
    "blue": "#4466cc",
    "magenta": "#aa44aa",
    "cyan": "#33aaaa",
    "white": "#cccccc",
    "brightblack": "#666666",
    "brightred": "#ff6666",
    "brightgreen": "#66ff66",
    "brightbrown": "#ffff66",
    "brightblue": "#6699ff",
    "brightmagenta": "#ff66ff",
    "brightcyan": "#66ffff",
    "brightwhite": "#ffffff",
}
BOX = (
    "─rl",
    "│ud",
    "┌rd",
    "┐dl",
    "└ur",
    "┘ul",
    "├urd",
    "┤udl",
    "┬rdl",
    "┴url",
    "┼urdl",
    "━RL",
    "┃UD",
    "╭rd",
    "╮dl",
    "╰ur",
    "╯ul",
    "╴l",
    "╵u",
    "╶r",
    "╷d",
)
ARMS = {name[0]: name[1:] for name in BOX}
"""Box-drawing characters, and the sides of the cell their lines run to; capitals are heavy lines."""
ROUND = set("╭╮╰╯")
ENDS = {"u": (0.5, 0.0), "d": (0.5, 1.0), "l": (0.0, 0.5), "r": (1.0, 0.5)}
BLOCKS = {
    "█": (0, 0, 1, 1),
    "▀": (0, 0, 1, 0.5),
    "▐": (0.5, 0, 0.5, 1),
    "▔": (0, 0, 1, 0.125),
    "▕": (0.875, 0, 0.125, 1),
}
"""Block characters as x, y, width and height of the cell."""
BLOCKS |= {char: (0, 1 - (n + 1) / 8, 1, (n + 1) / 8) for n, char in enumerate("▁▂▃▄▅▆▇")}
BLOCKS |= {char: (0, 0, (7 - n) / 8, 1) for n, char in enumerate("▉▊▋▌▍▎▏")}


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of cells looks."""

    front: str
    back: str
    bold: bool
    italic: bool
    underline: bool
    strike: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One character where it stands."""

    x: int
    char: str
    width: int
    """Columns: 2 for a Chinese character."""
    look: Look


def svg(screen: pyte.Screen, title: str) -> str:
    """Give the whole screen as an SVG document."""
    width, height = screen.columns * CELL + 2 * MARGIN, screen.lines * LINE + 2 * MARGIN
    drawn = [shape for y in range(screen.lines) for shape in _line(list(_cells(screen, y)), y)]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">',
            f"<title>{html.escape(title)}</title>",
            f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACKGROUND}"/>',
            f'<g transform="translate({MARGIN} {MARGIN})" font-family="{FAMILY}" font-size="{FONT}" xml:space="preserve">',
            *drawn,
            "</g>",
            "</svg>\n",
        )
    )


def text(screen: pyte.Screen) -> str:
    """Give what stands on the screen as plain text."""
    return "\n".join("".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines))


def _cells(screen: pyte.Screen, y: int) -> Iterator[Cell]:
    row = screen.buffer[y]
    for x in range(screen.columns):
        if row[x].data:
            wide = x + 1 < screen.columns and row[x + 1].data == ""
            yield Cell(x, row[x].data, 2 if wide else 1, _look(row[x]))


def _look(char: Char) -> Look:
    front, back = _colour(char.fg, FOREGROUND), _colour(char.bg, BACKGROUND)
    if char.reverse:
        front, back = back, front
    return Look(front, back, char.bold, char.italics, char.underscore, char.strikethrough)


def _colour(name: str, default: str) -> str:
    return default if name == "default" else NAMED.get(name) or f"#{name}"


def _line(cells: list[Cell], y: int) -> Iterator[str]:
    """Draw one line: its backgrounds, then its shapes, then its text."""
    for run in _runs(cells, lambda cell: cell.look.back):
        if run[0].look.back != BACKGROUND:
            wide = sum(cell.width for cell in run)
            yield _rect(run[0].x * CELL, y * LINE, wide * CELL, LINE, run[0].look.back)
    plain = []
    for run in _runs(
        cells, lambda cell: (cell.char, cell.look.front) if cell.char in BLOCKS or cell.char in ARMS else cell.x
    ):
        if run[0].char in BLOCKS:
            yield from _blocks(run, y)
        elif run[0].char in ARMS:
            yield from _strokes(run, y)
        else:
            plain.extend(run)
    for run in _runs(plain, lambda cell: (cell.look, cell.width, cell.char.isspace())):
        if not run[0].char.isspace() or run[0].look.underline:
            yield _text(run, y)


def _runs(cells: list[Cell], key: Callable[[Cell], object]) -> Iterator[list[Cell]]:
    """Cut cells into runs of neighbours for which `key` gives the same."""
    run: list[Cell] = []
    for cell in cells:
        if run and (key(cell) != key(run[-1]) or run[-1].x + run[-1].width != cell.x):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width + 0.3:.2f}" height="{height + 0.3:.2f}" fill="{fill}"/>'


def _blocks(run: list[Cell], y: int) -> Iterator[str]:
    left, top, width, height = BLOCKS[run[0].char]
    places = [(run[0].x, len(run))] if width == 1 else [(cell.x, 1) for cell in run]
    for x, count in places:
        yield _rect((x + left) * CELL, (y + top) * LINE, (count - 1 + width) * CELL, height * LINE, run[0].look.front)


def _strokes(run: list[Cell], y: int) -> Iterator[str]:
    arms, char = ARMS[run[0].char], run[0].char
    path = ""
    if set(arms.lower()) == {"l", "r"}:
        path = f"M{run[0].x * CELL:.2f} {(y + 0.5) * LINE:.2f}h{len(run) * CELL:.2f}"
    else:
        for cell in run:
            ends = [((cell.x + ENDS[arm][0]) * CELL, (y + ENDS[arm][1]) * LINE) for arm in arms.lower()]
            middle = f"{(cell.x + 0.5) * CELL:.2f} {(y + 0.5) * LINE:.2f}"
            if char in ROUND:
                path += f"M{ends[0][0]:.2f} {ends[0][1]:.2f}Q{middle} {ends[1][0]:.2f} {ends[1][1]:.2f}"
            else:
                path += "".join(f"M{middle}L{x:.2f} {top:.2f}" for x, top in ends)
    yield f'<path d="{path}" fill="none" stroke="{run[0].look.front}" stroke-width="{2.4 if arms.isupper() else 1.2}"/>'


def _text(run: list[Cell], y: int) -> str:
    look, words = run[0].look, "".join(cell.char for cell in run)
    length = sum(cell.width for cell in run) * CELL
    marks = ' font-weight="bold"' * look.bold + ' font-style="italic"' * look.italic
    lines = " ".join(["underline"] * look.underline + ["line-through"] * look.strike)
    marks += f' text-decoration="{lines}"' if lines else ""
    where = f'x="{run[0].x * CELL:.2f}" y="{y * LINE + BASELINE:.2f}" textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text {where} fill="{look.front}"{marks}>{html.escape(words)}</text>'
