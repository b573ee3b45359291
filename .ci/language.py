"""Collects the texts into the Chinese catalogue and compiles it; with --check says what is missing or out of step.

python .ci/language.py            # after texts have changed; then translate what it names in the .po and run it again
python .ci/language.py --check    # changes nothing; exit 1 when something is wrong
"""

from __future__ import annotations

import ast
import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "tui/locale/zh_CN/LC_MESSAGES/llmtui.po"
MO = PO.with_suffix(".mo")
PLACES = ("tui", "widgets", "profiles")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
ARGPARSE = (
    "usage: ", "positional arguments", "options", "show this help message and exit",
    "unrecognized arguments: %s", "argument %(argument_name)s: %(message)s", "expected one argument",
    "invalid choice: %(value)r (choose from %(choices)s)", "ignored explicit argument %r",
    "invalid %(type)s value: %(value)r", "the following arguments are required: %s",
)  # fmt: skip
"""What the standard library's parser says to our users; it asks the same catalogue."""
_FIELD = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[rs]|%[rsd]")

_RESTLESS = re.compile(
    rb'^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By|Report-Msgid-Bugs-To): .*\n',
    re.MULTILINE,
)
"""Header lines that change without the texts."""


def collected() -> Catalog:
    """Every text of the source and of argparse."""
    found = Catalog(project="llmtui")
    for place in PLACES:
        here = ROOT / place
        for name, _line, text, comments, context in extract_from_dir(here, [("**.py", "python")], keywords=KEYWORDS):
            found.add(text, locations=[(f"{place}/{name}", 1)], auto_comments=comments, context=context)
        for path in here.rglob("*.py"):
            for text in hidden(path):
                found.add(text, locations=[(str(path.relative_to(ROOT)), 1)])
    for text in ARGPARSE:
        found.add(text, locations=[("argparse", 1)], flags=["python-format"] if "%" in text else [])
    return found


def hidden(path: Path) -> list[str]:
    """Texts inside f-strings, which Babel does not see."""
    nodes = [one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.JoinedStr)]
    return [
        str(call.args[0].value)
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "gettext")
        if call.args and isinstance(call.args[0], ast.Constant)
    ]


def kept() -> Catalog:
    """The catalogue as it lies in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="llmtui")


def in_step(catalogue: Catalog) -> bool:
    """Whether the compiled form says the same as the catalogue (its bytes also hold dates)."""
    if not MO.exists():
        return False
    with MO.open("rb") as file:
        compiled = read_mo(file)
    return _texts(compiled) == _texts(catalogue)


def update() -> None:
    """Bring the .po in step with the source, dropping what is no longer there, and compile it."""
    new, old = collected(), kept()
    old.update(new, no_fuzzy_matching=True)
    out = io.BytesIO()
    write_po(out, old, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)
    PO.write_bytes(_RESTLESS.sub(b"", out.getvalue()))
    with MO.open("wb") as file:
        write_mo(file, kept())


def complaints() -> list[str]:
    """What is wrong, a line each."""
    new, old = collected(), kept()
    said = [f"not in the catalogue: {message.id!r}" for message in new if message.id and message.id not in old]
    for message in old:
        if not message.id:
            continue
        if message.id not in new:
            said.append(f"no longer in the source: {message.id!r}")
        elif message.fuzzy or not _translated(message):
            said.append(f"not translated: {message.id!r}")
        elif not _same_fields(message):
            said.append(f"other placeholders than the source: {message.id!r} {message.string!r}")
    if not in_step(old):
        said.append(f"{MO.relative_to(ROOT)} is not the compiled form of the .po")
    return said


def _texts(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {
        _forms(message.id)[0]: _forms(message.string) for message in catalogue if message.id and _translated(message)
    }


def _forms(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _same_fields(message: Message) -> bool:
    """The last form of the source (the plural) tells what may be filled in; its singular may leave the number out."""
    wanted = sorted(_FIELD.findall(_forms(message.id)[-1]))
    return all(sorted(_FIELD.findall(form)) == wanted for form in _forms(message.string))


def main() -> int:
    """Update, or only check."""
    if "--check" not in sys.argv[1:]:
        update()
    said = complaints()
    for line in said:
        print(line)
    print(f"{len([message for message in kept() if message.id])} texts, {len(said)} complaints")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
