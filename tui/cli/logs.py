"""`llmtui logs NAME`: a server's log on stdout, clean as in the app; what is said about it goes to stderr."""

from __future__ import annotations

import asyncio
import contextlib
import select
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from tui.cli import headless
from tui.insight.log_reader import LogReader
from tui.panes.log_follow import LogFollower, Span
from tui.panes.log_pump import pump
from tui.panes.log_resume import LogResume
from tui.services.errors import ServiceError

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.engine import Engine, LogBatch
    from tui.services.native_log import LogPlace
    from tui.services.server import Server
    from tui.services.services import Services
    from tui.services.source import Source

LOOK_SECONDS = 1.5
"""How long processes and addresses are looked for."""
BEAT = 0.5
"""Seconds between two looks whether anybody still reads us."""
SPARE = 200
"""Lines read beyond those that are wanted: some of the last ones may be hidden."""

Open = Callable[[int | None], "Source[LogBatch]"]
"""Opens a log that ends, with so many of its last lines."""


async def work(options: Options, services: Services) -> int:
    """Print the log; 1 when there is none to read."""
    printer = Printer(options.all)
    try:
        await _while_read(_read(options, services, printer))
    except ServiceError as error:
        printer.end()
        return headless.failed(error, False)
    printer.end()
    return headless.DONE


class Printer:
    """Writes a log's lines to stdout.

    Args:
        everything: Also our own polling lines, and progress that a later line has overtaken.
    """

    def __init__(self, everything: bool) -> None:
        self.everything = everything
        self._reader = LogReader()
        self._partial = b""
        self._told = ""

    def write(self, texts: Sequence[bytes]) -> None:
        """Write clean lines."""
        if texts:
            sys.stdout.write("".join(text.decode("utf-8", "replace") + "\n" for text in texts))
            sys.stdout.flush()

    def lines_came(self, lines: Sequence[bytes], partial: bytes) -> None:
        """Take complete lines; an unfinished one waits for its end."""
        self._partial = partial
        self.write(shown(self._reader, lines, self.everything))

    def divided(self, text: str, stamp: str) -> None:
        """Say what happened to the container between the lines."""
        del stamp
        self.end()
        self._reader.divide()
        headless.complain(text)

    def told(self, text: str, more: str = "") -> None:
        """Say once why nothing comes."""
        if text and text != self._told:
            headless.complain(ServiceError(text, more))
        self._told = text

    def end(self) -> None:
        """Write the unfinished line: nothing more of it comes."""
        partial, self._partial = self._partial, b""
        if partial:
            self.write(shown(self._reader, [partial], self.everything))


def shown(reader: LogReader, lines: Sequence[bytes], everything: bool) -> list[bytes]:
    """Read the next lines as the engine gave them; give those that are shown, clean."""
    return [text for _at, text in _placed(reader, lines, everything)]


def _placed(reader: LogReader, lines: Sequence[bytes], everything: bool) -> list[tuple[int, bytes]]:
    """Give the shown lines, each with its position among those that were read."""
    read = reader.read(lines)
    hidden = set[int]() if everything else {*read.polls, *read.passed}
    return [(at, text) for at, text in enumerate(read.texts) if at not in hidden]


async def _read(options: Options, services: Services, printer: Printer) -> None:
    trouble, names = None, list[str]()
    try:
        names = [one.name for one in await services.host.engine.containers()]
    except ServiceError as error:
        trouble = error
    if options.subject in names:
        await _container(services.host.engine, options, printer)
        return
    servers = await _beside(services, names)
    server = next((one for one in servers if one.name == options.subject), None)
    if server is not None:
        await _process(services.fleet.natives.log_of(server), options, printer)
        return
    if trouble is not None:  # it may be one of the containers that cannot be seen
        raise trouble
    names += [one.name for one in servers]
    raise headless.unknown(options.subject, names, _("There is no server or container {name}"))


async def _beside(services: Services, taken: Sequence[str]) -> list[Server]:
    """Look for what serves beside the containers."""
    natives = services.fleet.natives
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOK_SECONDS):
            await natives.look_once()
    return natives.rows(taken, {})


async def _container(engine: Engine, options: Options, printer: Printer) -> None:
    name, record = options.subject, await engine.inspect(options.subject)
    tty = bool((record.get("Config") or {}).get("Tty"))

    def past(tail: int | None) -> Source[LogBatch]:
        return engine.logs(str(record["Id"]), tty=tty, tail=tail, since=options.since, follow=False)

    resume = LogResume(options.since)
    if options.tail is not None:
        last = await _last(past, name, options.tail, printer.everything)
        printer.write(last.texts)
        resume.fresh(last.raw)
    elif not options.follow:
        await pump(past(None), name, printer.lines_came)
    if options.follow:
        await LogFollower(engine, name, Span.ALL, printer, resume).follow()


async def _process(place: LogPlace | None, options: Options, printer: Printer) -> None:
    name, tail, since = options.subject, options.tail, options.since
    if place is None or place.why:
        why = place.why if place is not None else _("It is known by its address alone")
        raise ServiceError(_("{name} has no log that can be read").format(name=name), why)
    if since is not None and not place.unit:
        headless.complain(_("Its log is a file that tells no times: all of it is shown."))
    if tail is not None:
        last = await _last(lambda ask: place.follow(ask, since=since, go_on=False), name, tail, printer.everything)
        tail = last.reach
        if not options.follow:
            printer.write(last.texts)
            return
    await pump(place.follow(tail, since=since, go_on=options.follow), name, printer.lines_came)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last lines of a log."""

    texts: list[bytes]
    """Those that are shown, clean."""
    raw: list[bytes]
    """All that was read for them."""
    reach: int
    """How many raw lines before the end the first of them stands."""


async def _last(open_log: Open, name: str, count: int, everything: bool) -> _Last:
    """Read so many of the last lines that are shown.

    How many are hidden shows only when they are read, so what proves too little is read again from further back.
    """
    ask = count + SPARE
    while True:
        raw, rest = await whole(open_log(ask), name)
        found = _placed(LogReader(), [*raw, *rest], everything)
        if len(found) >= count or len(raw) < ask:
            wanted = found[max(0, len(found) - count) :]
            reach = max(0, len(raw) - wanted[0][0]) if wanted else 0
            return _Last([text for _at, text in wanted], raw, reach)
        ask *= 8


async def whole(source: Source[LogBatch], name: str) -> tuple[list[bytes], list[bytes]]:
    """Read a log that ends; give its complete lines, and the unfinished last one if there is one."""
    raw, rest = list[bytes](), list[bytes]()

    def came(lines: Sequence[bytes], partial: bytes) -> None:
        raw.extend(lines)
        rest[:] = [partial] if partial else []

    await pump(source, name, came)
    return raw, rest


async def _while_read(work: Coroutine[Any, Any, None]) -> None:
    """Go on until it is done, or until whoever reads our output has gone.

    Raises:
        BrokenPipeError: Nobody reads us any more.
    """
    doing, output = asyncio.ensure_future(work), select.poll()
    with contextlib.suppress(OSError, ValueError):  # an output that is no file is never closed by another
        output.register(sys.stdout.fileno(), 0)
    try:
        while not doing.done():
            await asyncio.wait({doing}, timeout=BEAT)
            if any(event & select.POLLERR for _file, event in output.poll(0)):
                raise BrokenPipeError
        doing.result()
    finally:
        doing.cancel()
