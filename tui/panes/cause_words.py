"""A failure as the cause card shows it: its title, its fixes as old → new, what else was seen, what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from tui.insight.causes.advice import advices
from tui.insight.causes.records import Diagnosis, Fix
from tui.insight.causes.words import detail, quoted, title
from tui.panes.cause_short import loop_words
from tui.services.failures import Failure
from tui.services.server import Server, State
from tui.services.tried import Tried
from widgets.cause_card import CauseCard


def card(server: Server, failure: Failure, tried: Tried, line: int | None) -> CauseCard.Cause:
    """Draw a failure up for the card.

    Args:
        server: Whose it is.
        failure: What was found.
        tried: What was done about it before.
        line: The line of the log that says so, as the log beside it counts.
    """
    found = failure.found
    return CauseCard.Cause(
        title=f"{_happened(server, found)} · {title(found)}",
        detail=detail(found),
        evidence=quoted(found),
        line=line,
        fixes=card_fixes(server, found, tried),
        also=", ".join(title(Diagnosis(one, None, "")) for one in found.also[:3]),
        tried=_tried(server, tried),
    )


def card_fixes(server: Server, found: Diagnosis, tried: Tried) -> tuple[CauseCard.Fix, ...]:
    """Give the fixes for the card, in their order."""
    worked = tried.worked(server.key, found.cause)
    return tuple(CauseCard.Fix(_parts(server, one), _note(one), fix_words(one) in worked) for one in found.fixes)


def fix_words(fix: Fix) -> str:
    """Write what a fix changes on one line, as it would be typed; without a change, what it advises."""
    words = [f"--{name}" if value is True else f"--{name} {value}" for name, value in fix.set.items()]
    words += [_("without {name}").format(name=_named(name)) for name in fix.unset]
    words += [f"-e {name}={value}" for name, value in fix.env.items()]
    return ", ".join([*words, *fix.docker]) or _note(fix)


def commands(fix: Fix) -> list[str]:
    """Give the commands that a fix advises."""
    known = advices()
    return [known[one].command for one in fix.advice if known[one].command]


def why_lines(server: Server, failure: Failure, tried: Tried) -> list[str]:
    """Say all that is known: what happened, the log's words, what helps, what else was seen."""
    found, known = failure.found, advices()
    lines = [detail(found), ""]
    if quoted(found):
        lines += [quoted(found), ""]
    for fix in found.fixes:
        lines += [f"• {fix_words(fix)}"] if fix.changes else []
        lines += [f"• {known[one].text}  {known[one].command}".rstrip() for one in fix.advice]
    if found.also:
        lines += ["", _("also seen: {causes}").format(causes=", ".join(title(_bare(one)) for one in found.also))]
    if words := _tried(server, tried):
        lines += ["", words]
    return lines


def _bare(cause: str) -> Diagnosis:
    return Diagnosis(cause, None, "")


def _happened(server: Server, found: Diagnosis) -> str:
    if server.loops:
        return loop_words(server)
    return _("Stopped working") if found.runtime or server.state is State.BROKEN else _("Did not start")


def _tried(server: Server, tried: Tried) -> str:
    before = tried.failed(server.key)
    return _("tried before: {fixes}").format(fixes="; ".join(one.words for one in before)) if before else ""


def _parts(server: Server, fix: Fix) -> tuple[CauseCard.Part, ...]:
    part = CauseCard.Part
    parts = [
        part(name, given(server, name), _("on") if value is True else str(value)) for name, value in fix.set.items()
    ]
    parts += [part(_named(name), given(server, name) or _("set"), _("left out")) for name in fix.unset]
    parts += [part(name, "", value) for name, value in fix.env.items()]
    return (*parts, *(part(option) for option in fix.docker))


def _note(fix: Fix) -> str:
    known = advices()
    said: Sequence[str] = [known[one].text for one in fix.advice]
    if not fix.changes:
        return " ".join(said)
    return _("or: {advice}").format(advice=said[0]) if said else ""


def _named(name: str) -> str:
    return name if name.isupper() else f"--{name}"


def given(server: Server, name: str) -> str:
    """Give the value that a flag was given on the server's command line; "" where it was not."""
    flag = f"--{name}"
    spelled = [word.replace("_", "-", word.partition("=")[0].count("_")) for word in server.arguments]
    for at, word in enumerate(spelled):
        key, equals, value = word.partition("=")
        if key == flag:
            after = server.arguments[at + 1] if at + 1 < len(spelled) else ""
            return value if equals else ("" if after.startswith("-") else after)
    return ""
