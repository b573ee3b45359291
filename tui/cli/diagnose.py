"""`llmtui diagnose FILE|-|NAME`: why a server failed, from a log's file, from standard input, or from a container."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from tui.insight.causes.advice import advices
from tui.insight.causes.diagnose import as_record, diagnose
from tui.insight.causes.records import Diagnosis, Fix, State
from tui.insight.causes.scan import chunks
from tui.insight.causes.words import detail, quoted, title

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.engine import LogBatch
    from tui.services.services import Services
    from tui.services.source import Source


def is_text(options: Options) -> bool:
    """Say whether the subject is a log at hand; else it is a container's name."""
    return options.subject == "-" or "/" in options.subject or Path(options.subject).exists()


def run(options: Options) -> int:
    """Read the log and say what it tells; 0 whether or not it failed, 1 when it cannot be read."""
    try:
        state = _state(options.state)
        if options.subject == "-":
            found = diagnose(chunks(sys.stdin.buffer.read), state)
        else:
            with Path(options.subject).open("rb") as file:
                found = diagnose(chunks(file.read), state)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        print("llmtui: " + _clean(_("It cannot be read: {reason}").format(reason=reason)), file=sys.stderr)
        return 1
    show(found, options.json)
    return 0


async def work(options: Options, services: Services) -> int:
    """Read a container's log and state from the engine; 0 whether or not it failed, 1 when there is none."""
    from tui.cli import headless
    from tui.services.errors import ServiceError

    try:
        inspected = await services.host.engine.inspect(options.subject)
        state = _state(options.state) or State.of(inspected.get("State") or {})
        tty = bool((inspected.get("Config") or {}).get("Tty"))
        source = services.host.engine.logs(str(inspected.get("Id") or options.subject), tty=tty, follow=False)
        found = await asyncio.to_thread(_of_source, source, state)
    except ServiceError as error:
        return headless.failed(error, options.json)
    except (OSError, ValueError) as error:
        headless.complain(_("It cannot be read: {reason}").format(reason=error))
        return headless.FAILED
    show(found, options.json)
    return headless.DONE


def _of_source(source: Source[LogBatch], state: State) -> Diagnosis | None:
    with closing(source):
        return diagnose(_blocks(source), state)


def _blocks(source: Source[LogBatch]) -> Iterator[bytes]:
    partial = b""
    for batch in source:
        partial = batch.partial
        if batch.lines:
            yield b"\n".join(batch.lines) + b"\n"
    yield partial


def _state(path: Path | None) -> State | None:
    """Read the file; what is no object is refused with a ValueError."""
    if path is None:
        return None
    record = json.loads(path.read_bytes())
    if isinstance(record, list) and record:
        record = record[0]
    if not isinstance(record, dict):
        raise ValueError(_("the state is no JSON object"))
    inner = record.get("State")
    return State.of(inner if isinstance(inner, dict) else record)


def show(found: Diagnosis | None, as_json: bool) -> None:
    """Print the answer, for people or for programs."""
    if as_json:
        print(json.dumps(as_record(found), ensure_ascii=False), flush=True)
        return
    print(_clean("\n".join(as_lines(found))), flush=True)


def as_lines(found: Diagnosis | None) -> list[str]:
    """Write the card as lines: what happened, where it stands, and the ways out."""
    if found is None:
        return [_("Nothing failed.")]
    lines = [title(found), detail(found), ""]
    if found.line is not None:
        lines += [_("line {line}: {text}").format(line=found.line, text=quoted(found)), ""]
    for number, fix in enumerate(found.fixes):
        lines += [f"{_('Fix') if number == 0 else _('Or')}: {text}" for text in fix_lines(fix)]
    if found.also:
        lines += ["", _("Also seen: {causes}").format(causes=", ".join(found.also))]
    return [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]


def fix_lines(fix: Fix) -> list[str]:
    """Say what a fix changes, and what it advises with the command to copy."""
    changes = [f"--{name}" if value is True else f"--{name} {value}" for name, value in fix.set.items()]
    changes += [_("without {name}").format(name=name if name.isupper() else f"--{name}") for name in fix.unset]
    changes += [f"-e {name}={value}" for name, value in fix.env.items()]
    changes += list(fix.docker)
    known = advices()
    lines = [", ".join(changes)] if changes else []
    lines += [f"{known[one].text}  {known[one].command}".rstrip() for one in fix.advice]
    return lines


def _clean(text: str) -> str:
    """A text from outside must not speak to the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
