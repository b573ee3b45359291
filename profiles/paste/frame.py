"""Taking away what stands around a command: Markdown fences, quotes, prompts, line numbers; joining the lines that belong together."""

from __future__ import annotations

import re
from itertools import pairwise

from profiles.paste.clean import LAUNCH

FENCE = re.compile(r"^[ \t]*(?:```+|~~~+)[ \t]*([\w+-]*)[^\n`]*$", re.MULTILINE)
STARTS = (
    r"(?:sudo|docker|podman|nerdctl|vllm|python3?|export|VLLM_\w+=|CUDA_VISIBLE_DEVICES=|HF_\w+=|nohup|uv|uvx|conda"
    r"|env|time|bash|sh|ssh|wsl|winpty|cd|set|\$env:|&)"
)
"""Words that a command worth reading begins with."""
PROMPT = re.compile(
    r"[ \t]*(?:\([\w. -]{1,40}\)[ \t]*)?"
    r"(?:PS(?:[ \t]+[^>\n]{0,200})?>+[ \t]*"
    r"|[A-Za-z]:\\[^>\n]{0,200}>[ \t]*(?=" + STARTS + r"\b)"
    r"|\[?[\w.-]{1,64}@[\w.-]{1,64}[^$#%>\n]{0,120}[$#%>][ \t]+"
    r"|(?:~|/)[^\s$#%>]{0,100}[ \t]*[$#%❯>][ \t]+"
    r"|[➜❯λ»][ \t]+(?:[~\w./-]{1,80}[ \t]+(?:git:\([^)\n]{0,80}\)[ \t]*(?:✗[ \t]*)?)?(?=" + STARTS + r"\b))?"
    r"|[$%][ \t]+"
    r"|\++[ \t]+(?=" + STARTS + r"\b))"
)
BARE_VENV = re.compile(r"[ \t]*\([\w. -]{1,40}\)[ \t]+(?=" + STARTS + r"\b)")
ROOT = re.compile(r"[ \t]*#[ \t]+(?=" + STARTS + r"\b)")
NUMBER = re.compile(r"[ \t]*\d{1,5}[.):|]?(?:[ \t]+|$)")
NUMBERED = re.compile(r"[ \t]*(?:[-*•]|\d{1,5}[.):|]?)[ \t]+(?=" + STARTS + r"\b)")
QUOTED = re.compile(r"[ \t]*>[ \t]?")
SECOND = re.compile(r"[ \t]*>>?[ \t]+")
"""What a shell shows in front of a line that goes on."""


def unfenced(text: str) -> str:
    """Give the code of the fenced blocks if a launch stands in one of them, else the text without the fences' own lines."""
    marks = list(FENCE.finditer(text))
    if not marks:
        return text
    blocks = [
        text[marks[at].end() : marks[at + 1].start() if at + 1 < len(marks) else len(text)]
        for at in range(0, len(marks), 2)
    ]
    if any(LAUNCH.search(block) for block in blocks):
        return "\n".join(blocks)
    return FENCE.sub("", text)


def unframed(text: str, root: bool = False) -> str:
    """Take quotes, line numbers and prompts from the front of the lines; with `root`, a `# ` in front of a command too."""
    lines = text.split("\n")
    full = [line for line in lines if line.strip()]
    if full and all(line.lstrip().startswith(">") and not line.lstrip().startswith(">>") for line in full):
        lines = [QUOTED.sub("", line, count=1) for line in lines]
    elif _numbered(full):
        lines = [NUMBER.sub("", line, count=1) for line in lines]
    done: list[str] = []
    for line in lines:
        goes_on = bool(done) and done[-1].rstrip().endswith(("\\", "`", "^"))
        done.append(_bare(line, goes_on, root))
    return "\n".join(done)


def _bare(line: str, goes_on: bool, root: bool) -> str:
    if goes_on:
        found = SECOND.match(line)
        return line[found.end() :] if found else line
    if root and (found := ROOT.match(line)):
        return line[found.end() :]
    for form in (NUMBERED, PROMPT, BARE_VENV):
        found = form.match(line)
        if found and found.end():
            return line[found.end() :]
    return line


def _numbered(lines: list[str]) -> bool:
    """Say whether the lines carry numbers that count up."""
    found = [re.match(r"[ \t]*(\d{1,5})", line) for line in lines]
    if len(lines) < 2 or not all(found):
        return False
    numbers = [int(one[1]) for one in found if one]
    return all(after == before + 1 for before, after in pairwise(numbers))
