"""A profile as a `docker run` line for bash, PowerShell and cmd."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _

from profiles import command, paths
from profiles.paths import Place
from profiles.profile import Profile
from profiles.render import words
from profiles.render.record import Form, Rendered, Setting

LONGEST_CMD = 8191
"""Characters of a line that cmd takes (Microsoft, "Command prompt line string limitation")."""
LEGACY = "$PSNativeCommandArgumentPassing = 'Legacy'"
"""Makes PowerShell 7 pass arguments as 5.1 does, for which the quotes are written; 5.1 takes no notice of it."""
Quote = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Shell:
    """How one shell writes words, and how a line of it goes on."""

    quote: Quote
    goes_on: str
    windows: bool = False


SHELLS = {
    Form.BASH: Shell(words.bash, "\\"),
    Form.POWERSHELL: Shell(words.powershell, "`", windows=True),
    Form.CMD: Shell(words.cmd, "^", windows=True),
}


def docker_run(profile: Profile, form: Form, setting: Setting, done: Rendered) -> str:
    """Write the line: one flag on each line, or all on one."""
    shell = SHELLS[form]
    path = partial(windows_path, place=setting.place, distribution=setting.distribution, done=done)
    groups = command.groups(profile, setting.place, setting.entrypoint, path if shell.windows else str)
    found = [word for group in groups for word in group]
    quote, front = shell.quote, ""
    if form is Form.POWERSHELL and any(words.needs_legacy(word) for word in found):
        quote, front = partial(words.powershell, legacy=True), LEGACY + ("; " if setting.one_line else "\n")
        done.note(_("The first line makes PowerShell 7 pass quotes as Windows PowerShell 5.1 does."))
    text = front + joined(groups, quote, "" if setting.one_line else shell.goes_on)
    if form is Form.CMD:
        _told(found, text, done)
    return text


def joined(groups: list[list[str]], quote: Quote, goes_on: str) -> str:
    """Join words into lines that go on; without a mark, into one."""
    return (f" {goes_on}\n  " if goes_on else " ").join(" ".join(quote(word) for word in group) for group in groups)


def windows_path(path: str, place: Place, distribution: str, done: Rendered) -> str:
    """Give a folder as Windows' own docker wants it."""
    if not paths.is_folder(path):
        return path
    local = paths.to_local(path, place)
    windows = paths.to_windows(local, distribution)
    if windows is None:
        text = _("{path} lies on no drive of Windows: the engine itself must know it by this name.")
        done.note(text.format(path=path))
    return local if windows is None else windows


def _told(found: list[str], text: str, done: Rendered) -> None:
    """Tell what cmd cannot carry."""
    if any(words.CMD_BREAKS.search(word) for word in found):
        done.note(_("cmd cannot carry a line break: a blank stands in its place."))
    if "%" in text:
        done.note(_("Written for cmd's prompt: in a .bat file every percent sign is doubled and loses its caret."))
    if len(text) > LONGEST_CMD:
        done.note(_("cmd takes {count} characters: this line is longer.").format(count=LONGEST_CMD))
