"""A systemd unit as the shell lines it stands for."""

from __future__ import annotations

import re

EXEC = re.compile(r"^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!|]*[ \t]*", re.MULTILINE)
SETTING = re.compile(r"[ \t]*(Environment|ExecStart)[ \t]*=[ \t]*(.*)", re.DOTALL)


def as_lines(text: str) -> str | None:
    """Give `export` lines and the command of a unit; None when the text is no unit."""
    if not EXEC.search(text):
        return None
    joined = re.sub(r"\\[ \t]*\n(?:[ \t]*[#;][^\n]*\n)*", " ", text)
    exports: list[str] = []
    commands: list[str] = []
    for line in joined.split("\n"):
        found = SETTING.fullmatch(line)
        if found and found[1] == "Environment" and found[2].strip():
            exports.append(f"export {found[2]}")
        elif found and found[1] == "ExecStart":
            commands.append(re.sub(r"^[-@:+!|]+", "", found[2]).replace("%%", "%"))
    return "\n".join([*exports, *commands])
