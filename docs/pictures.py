"""Photograph the running app into docs/pictures: `make pictures`, or docs/pictures.py [--only NAME] [--size 160x45] [--lang en].

Each picture is llmtui itself in a terminal of its own, driven by keys, on its demo host: it needs neither servers nor GPUs, and nobody's
own show. Settings and conversations are those of an empty folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from terminal import Terminal
from terminal_svg import svg, text

HERE = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).with_name("llmtui")
SIZES = ("160x45", "80x24")
LANGUAGES = ("en", "zh_CN")
PATIENCE = 60.0
"""Seconds for a text to appear."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the keys that lead to it from the first screen."""

    name: str
    steps: tuple[str, ...]
    """Key names; `until:A|B` waits for a text, `type:…` types one (its Chinese form after `|`)."""
    options: tuple[str, ...] = ("--demo",)
    """Options for llmtui."""


QUESTION = "type:Write a haiku about GPUs, then two lines of Python.|用一句话介绍人工智能，然后给两行 Python。"
STANDS = "until:qwen3-4b-long"
PICTURES = (
    Picture("console-chat", (STANDS, "c", "until:Send|发送", QUESTION, "enter", "until:· stop|· 正常结束")),
    Picture("console-logs", (STANDS, "type::", "type:qwen3-4b", "enter", "l", "until:RuntimeError")),
    Picture("launch", (STANDS, "ctrl+n", "until:docker run")),
)


def main() -> int:
    """Take the pictures that were asked for; 1 when one of them did not come to its last step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=[picture.name for picture in PICTURES])
    parser.add_argument("--size", action="append", metavar="COLUMNSxROWS")
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--out", type=Path, default=HERE / "pictures")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    missed = [
        f"{picture.name} {size} {language}: {trouble}"
        for picture in PICTURES
        if not asked.only or picture.name in asked.only
        for size in asked.size or SIZES
        for language in asked.lang or LANGUAGES
        if (trouble := take(picture, size, language, asked.out))
    ]
    print("\n".join(missed), file=sys.stderr, end="\n" if missed else "")
    return 1 if missed else 0


def take(picture: Picture, size: str, language: str, folder: Path) -> str:
    """Take one picture; give what did not happen, "" when all did. The file is written only then."""
    columns, rows = (int(part) for part in size.split("x"))
    with tempfile.TemporaryDirectory(prefix="llmtui-pictures-") as home:
        command = [str(PROGRAM), "--home", home, "--lang", language, *picture.options]
        terminal = Terminal(command, columns, rows, {"TEXTUAL_ANIMATIONS": "none", "LANG": "C.UTF-8"})
        try:
            for step in picture.steps:
                if trouble := _step(terminal, step, language):
                    return f"{trouble}\n{text(terminal.screen)}"
            terminal.settle()
            name = f"{picture.name}-{size}-{language}.svg"
            (folder / name).write_text(svg(terminal.screen, f"llmtui: {picture.name}"), encoding="utf-8")
            print(folder / name)
            return ""
        finally:
            terminal.close()


def _step(terminal: Terminal, step: str, language: str) -> str:
    """Do one step; give what went wrong, "" when nothing did."""
    kind, _, words = step.partition(":")
    if kind == "until" and words:
        if not terminal.until(words, PATIENCE):
            return f"waited {PATIENCE:g} s for {words!r}"
    elif kind == "type" and words:
        english, _, chinese = words.partition("|")
        terminal.type(chinese if language == "zh_CN" and chinese else english)
    else:
        terminal.press(step)
    terminal.settle()
    return ""


if __name__ == "__main__":
    sys.exit(main())
