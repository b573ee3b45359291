"""The command `llmtui`: reads the command line, sets language and terminal, then opens the app or runs a verb."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import early
from tui.cli.folders import Folders
from tui.language import chosen, set_language

if TYPE_CHECKING:
    from tui.cli.arguments import Options

LOW_BANDWIDTH = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "10", "TEXTUAL_SMOOTH_SCROLL": "0"}
"""What Textual reads once, when it is imported."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run llmtui and give its exit code: 0 done, 1 something failed, 2 the call was wrong."""
    arguments = sys.argv[1:] if argv is None else argv
    home = early.value(arguments, "--home")
    folders = Folders.of(Path(home).expanduser() if home else None)
    set_language(chosen(early.value(arguments, "--lang"), folders.settings, os.environ))
    from tui.cli.arguments import parse

    try:
        options = parse(arguments)
        return _verb(options, argv is None)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who read our output has gone; Python's own last flush must not complain of it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        from tui.cli.crash import told

        print(told(error, folders.state), file=sys.stderr)
        return 1


def _verb(options: Options, alone: bool) -> int:
    """Run what was asked for; `alone` says that the process is ours and ends with it."""
    if not options.verb:
        return _open(options)
    if options.verb == "reset-terminal":
        from tui.cli.modes import reset_terminal

        return reset_terminal()
    if options.verb == "import":
        from tui.cli import importing

        return importing.run(options)
    if options.verb == "diagnose":
        from tui.cli import diagnose

        if diagnose.is_text(options):
            return diagnose.run(options)
    from tui.cli import verbs

    code = verbs.run(options)
    if alone:
        verbs.finish(code)
    return code


def _open(options: Options) -> int:
    """Measure the terminal, prepare what Textual reads at its import, and open the app."""
    from gettext import gettext as _

    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        print("llmtui: " + _("The app needs a terminal; llmtui status works without one."), file=sys.stderr)
        return 2
    from tui.cli import garbage
    from tui.cli.glyphs import GLYPHS, measure

    garbage.wait()
    measured = measure(os.environ, "" if options.ascii else GLYPHS)
    options = options._replace(
        ascii=options.ascii or measured.ascii_needed,
        low_bandwidth=options.low_bandwidth or measured.slow,
        typed=measured.typed,
    )
    # Kitty's protocol breaks Chinese input methods: a long commit is typed as an escape sequence.
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    if options.low_bandwidth:
        os.environ.update(LOW_BANDWIDTH)
    from tui.cli.build import run_app

    return run_app(options)


if __name__ == "__main__":
    sys.exit(main())
