"""The terminal is measured once, quickly, and no key is lost."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.terminal import ROOT, Terminal
from tui.cli.glyphs import GLYPHS

ASK = (
    "import os; from tui.cli.glyphs import measure; m = measure(os.environ);"
    "print('measured', m.ascii_needed, m.slow, m.seconds is not None and m.seconds < 0.05, m.typed)"
)


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[tuple[Terminal, str]]:
    """A terminal that gives the answer of the parameter as soon as it is asked."""
    answer, environ, wait = request.param
    terminal = Terminal(["-c", ASK], answers=False, **{"SSH_CONNECTION": "", "SSH_TTY": "", **environ})
    terminal.wait_for("\x1b[6n")
    time.sleep(wait)
    terminal.type(answer)
    terminal.wait_for("measured")
    terminal.read(0.1)
    assert terminal.cooked
    yield terminal, terminal.written.decode().split("measured")[1].strip()
    terminal.close()


NARROW, WIDE = f"\x1b[5;{len(GLYPHS) + 1}R", f"\x1b[5;{2 * len(GLYPHS) + 1}R"


@pytest.mark.parametrize(
    ("answering", "said"),
    [
        ((NARROW, {}, 0), "False False True b''"),
        ((WIDE, {}, 0), "True False True b''"),
        (("q" + NARROW + "你", {}, 0), f"False False True {('q你').encode()!r}"),
        (("", {}, 0), "False False False b''"),
        (("q", {}, 0), "False False False b'q'"),
        ((NARROW, {"SSH_CONNECTION": "1.2.3.4"}, 0.2), "False True False b''"),
        (("", {"SSH_CONNECTION": "1.2.3.4"}, 0), "False True False b''"),
    ],
    indirect=["answering"],
)
def test_what_a_terminal_answers_is_understood(answering: tuple[Terminal, str], said: str) -> None:
    assert answering[1] == said


def test_the_question_leaves_nothing_on_the_screen() -> None:
    import pyte

    screen = pyte.Screen(80, 5)
    stream = pyte.ByteStream(screen)
    terminal = Terminal(["-c", ASK])
    terminal.wait_for("measured")
    stream.feed(bytes(terminal.written))
    terminal.close()
    assert screen.display[0].startswith("measured False")


def test_without_a_terminal_nothing_is_asked_and_the_app_says_so_in_one_sentence() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tui", "--lang", "en"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert ran.stderr == b"llmtui: The app needs a terminal; llmtui status works without one.\n"


def test_a_silent_terminal_costs_a_tenth_of_a_second() -> None:
    code = f"import time; b = time.monotonic(); {ASK}; print('took', time.monotonic() - b)"
    terminal = Terminal(["-c", code], answers=False, SSH_CONNECTION="", SSH_TTY="")
    terminal.wait_for("took")
    terminal.read(0.1)
    terminal.close()
    took = re.search(r"took (\S+)", terminal.written.decode())
    assert took is not None
    assert 0.09 < float(took[1]) < 0.3
