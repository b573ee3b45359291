"""The terminal driver: Textual's own, with manners for slow lines, strange key reports and an app that hangs."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message

from tui.cli.thrift import thin

_REPORTED_KEY = re.compile(r"\x1b\[(?:27;(?P<other>\d+);(?P<code>\d+)~|[\d;:]+[u~])")


class Parser(XTermParser):
    """Reads keys that a terminal reports in kitty's or xterm's long form, unasked; what it cannot read is never typed."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        match = _REPORTED_KEY.fullmatch(sequence)
        try:
            found = list(super()._sequence_to_key_events(sequence, alt=alt))
            if found or match is None:
                return found
            long_form = f"\x1b[{match['code']};{match['other']}u" if match["code"] else sequence
            return self._parse_extended_key(long_form) or [events.Key(Keys.Ignore, sequence)]
        except (ValueError, OverflowError):  # a number no character has
            return [events.Key(Keys.Ignore, sequence)]


class Driver(LinuxDriver):
    """The driver of one run; its class attributes are set by `prepared`."""

    motion = True
    """Whether the mouse reports movements without a button."""
    typed = ""
    """Keys pressed before the app started."""
    on_hang: Callable[[], object] | None = None
    """Called, from a thread, when ctrl+q is not taken within `patience` seconds."""
    patience = 0.3

    def start_application_mode(self) -> None:
        """Begin; what was typed before comes first."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        typed, type(self).typed = self.typed, ""
        for message in [*Parser().feed(typed), *Parser().feed("")] if typed else []:
            self.process_message(message)

    def write(self, data: str) -> None:
        """Write what draws the same in fewer bytes."""
        super().write(thin(data))

    def run_input_thread(self) -> None:
        """Read keys with our parser."""
        linux_driver.XTermParser = Parser  # type: ignore[attr-defined]
        super().run_input_thread()

    def process_message(self, message: Message) -> None:
        """Hand a key on; after ctrl+q see that the app still takes its messages."""
        super().process_message(message)
        if self.on_hang is not None and isinstance(message, events.Key) and message.key == "ctrl+q":
            taken = threading.Event()
            self.send_message(events.Callback(callback=taken.set))
            threading.Thread(target=self._expect, args=(taken,), name="ctrl+q", daemon=True).start()

    def _expect(self, taken: threading.Event) -> None:
        if not taken.wait(self.patience) and self.on_hang is not None:
            self.on_hang()

    def _enable_mouse_support(self) -> None:
        if self.motion:
            super()._enable_mouse_support()
        elif self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1015h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse:
            self.write("\x1b[?1002l\x1b[?1016l")


def prepared(motion: bool, typed: bytes, on_hang: Callable[[], object]) -> type[Driver]:
    """Give the driver's class for one run."""

    class Prepared(Driver):
        pass

    Prepared.motion = motion
    Prepared.typed = typed.decode("utf-8", "ignore")
    Prepared.on_hang = staticmethod(on_hang)
    return Prepared
