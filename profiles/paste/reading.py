"""From a pasted text to a launch: clean, recognise the form, find the command, judge it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from gettext import gettext as _

from profiles.catalogue import Catalogue, How, bundled, find
from profiles.lint.finding import Kind
from profiles.paste import (
    arguments,
    bash,
    clean,
    cmd,
    compose,
    config,
    container,
    engine,
    frame,
    remarks,
    units,
    windows,
)
from profiles.paste.find import Cut, Launch, Search
from profiles.paste.lines import Dialect, Lines, dialect, logical
from profiles.paste.places import local
from profiles.paste.record import Pasted

CUTS: dict[Dialect, tuple[Cut, Callable[[str, str], str]]] = {
    Dialect.BASH: (bash.commands, bash.open_quote),
    Dialect.POWERSHELL: (windows.powershell, windows.powershell_open),
    Dialect.CMD: (cmd.cmd, cmd.cmd_open),
}
"""How each dialect's lines are cut, and how its open quotes are seen."""


def read(text: str, catalogue: Catalogue | None = None, service: str = "") -> Pasted:
    """Read any text; what it does not say is None or empty, what deserves a word is among the notes. Never raises.

    `catalogue` says what the vLLM in question accepts; without it, the shipped one does. `service` names which of a
    compose file's servers is read; without it, the first is.
    """
    catalogue = catalogue or bundled()
    pasted = Pasted(service=service)
    part, shortened = clean.cut(text)
    mended, typographic = clean.cleaned(part)
    if not mended.strip():
        pasted.note(Kind.EMPTY, None, _("There is no text."))
        return pasted
    code = frame.unfenced(mended)
    _form(code, pasted, catalogue)
    if shortened:
        said = _("The text is long: only {count} characters around the first command were read.")
        pasted.note(Kind.CUT, None, said.format(count=clean.LONGEST))
    if typographic:
        pasted.note(Kind.TYPOGRAPHIC, None, _("Curly quotes, long dashes or wide characters were mended."))
    remarks.add(pasted, catalogue)
    return pasted


def services(text: str) -> tuple[str, ...]:
    """Name the servers of a compose file among which one may choose; none where the text is none."""
    mended, _typographic = clean.cleaned(clean.cut(text)[0])
    code = frame.unfenced(mended)
    if not compose.BEGIN.search(code) or compose.KUBERNETES.search(code):
        return ()
    for part in (code, _from_services(code)):
        with suppress(compose.YamlError):
            return compose.serving(compose.load(part))
    return ()


def _form(code: str, pasted: Pasted, catalogue: Catalogue) -> None:
    """Recognise the form and read it."""
    launch = clean.LAUNCH.search(code)
    begin = compose.BEGIN.search(code)
    if begin and (launch is None or begin.start() <= launch.start()) and _compose(code, pasted, catalogue):
        return
    unit = units.as_lines(code)
    if unit is not None and _shell(unit, Dialect.BASH, pasted, catalogue):
        return
    for root in (False, True):
        text = frame.unframed(code, root)
        if _shell(text, dialect(code), pasted, catalogue):
            return
    if _compose(code, pasted, catalogue) or _config(code, pasted, catalogue) or _bare(code, pasted, catalogue):
        return
    if compose.KUBERNETES.search(code):
        said = _("This looks like Kubernetes: paste the container's command, or a docker run line.")
    else:
        said = _("No docker run, compose service or vllm serve was found in this text.")
    pasted.note(Kind.NOT_VLLM, None, said)


def _config(code: str, pasted: Pasted, catalogue: Catalogue) -> bool:
    """Read the file of `vllm serve --config`, if it is one."""
    words = config.words(code, catalogue)
    if words is not None:
        _natively(words, False, pasted, catalogue)
    return words is not None


def _natively(words: list[str], positional: bool, pasted: Pasted, catalogue: Catalogue) -> None:
    """Take vLLM's words for a launch without a container."""
    pasted.run_as = "native"
    found = arguments.read(words, catalogue, positional)
    pasted.model, pasted.args = found.model, dict(found.args)
    pasted.notes += found.notes


def _bare(code: str, pasted: Pasted, catalogue: Catalogue) -> bool:
    """Read vLLM's arguments alone, without a command in front of them."""
    line = " ".join(part.rstrip().removesuffix("\\") for part in code.split("\n"))
    if not re.match(r"\s*(?:[\w.-]+/[\w.-]+\s+)?--[A-Za-z]", line):
        return False
    words = [word for command in bash.commands(line, {}) for word in command]
    flags = [word for word in words if word.startswith("--")]
    if not flags or any(find(catalogue, word).how is not How.EXACT for word in flags):
        return False
    _natively(words, True, pasted, catalogue)
    return True


def _compose(code: str, pasted: Pasted, catalogue: Catalogue) -> bool:
    """Read a compose file, if it is one."""
    if not (compose.BEGIN.search(code) or compose.IMAGE.search(code)) or compose.KUBERNETES.search(code):
        return False
    for text in (code, _from_services(code)):
        try:
            data = compose.load(text)
        except compose.YamlError as error:
            line = str(error)
            continue
        if compose.read(data, pasted, {}):
            container.settle(pasted, catalogue)
            return True
        line = ""
    if line and compose.BEGIN.search(code):
        pasted.note(Kind.INVALID, None, _("The YAML cannot be read: look at line {line}.").format(line=line))
    return False


def _from_services(code: str) -> str:
    """Give the text from `services:` on, without its indentation: what stands around it may be no YAML."""
    found = compose.BEGIN.search(code)
    if not found:
        return code
    lines = code[found.start() :].strip("\n").split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip())
    kept: list[str] = []
    for at, line in enumerate(lines):
        if at and line.strip() and len(line) - len(line.lstrip()) <= indent and ":" not in line:
            break
        kept.append(line[indent:] if line[:indent].isspace() or not indent else line)
    return "\n".join(kept)


def _shell(text: str, shell: Dialect, pasted: Pasted, catalogue: Catalogue) -> bool:
    """Read shell lines; False when no launch is among them."""
    lines, search = _searched(text, shell, False)
    if lines.unclosed and (search.found is None or not _has_image(search.found)):
        lines, search = _searched(text, shell, True)
    if search.found is None:
        return any(_document(document, pasted, catalogue) for document in lines.documents)
    if lines.unclosed:
        pasted.note(Kind.QUOTE, None, _("A quote is not closed: it was taken to end with its line."))
    _launched(search.found, pasted, catalogue)
    if search.servers > 1 or search.others:
        said = _("There are further commands: only the first server's was read, and nothing is ever run.")
        pasted.note(Kind.COMMANDS, None, said)
    if search.sourced:
        pasted.note(Kind.VARIABLE, "source", _("A file is read by the shell: what it sets is not known here."))
    return True


def _searched(text: str, shell: Dialect, tight: bool) -> tuple[Lines, Search]:
    """Go through the logical lines for a launch."""
    cut, open_quote = CUTS[shell]
    lines = logical(text, shell, open_quote, tight)
    variables: dict[str, str] = {}
    search = Search(variables)
    for line in lines.lines:
        search.take(cut(line, variables))
    return lines, search


def _has_image(launch: Launch) -> bool:
    """Say whether a docker launch names an image; a native one needs none."""
    if launch.run_as != "docker":
        return True
    probe = Pasted()
    engine.read(launch.words, probe)
    return probe.image is not None


def _document(document: str, pasted: Pasted, catalogue: Catalogue) -> bool:
    """Look for a launch in a here-document: a compose file, or a script that is written."""
    if compose.BEGIN.search(document):
        return _compose(document, pasted, catalogue)
    if not clean.LAUNCH.search(document):
        return False
    lines = units.as_lines(document) or document
    return _shell(lines, Dialect.BASH, pasted, catalogue)


def _launched(launch: Launch, pasted: Pasted, catalogue: Catalogue) -> None:
    pasted.run_as = launch.run_as
    if launch.run_as == "docker":
        engine.read(launch.words, pasted)
        container.settle(pasted, catalogue)
        return
    pasted.env = dict(launch.env)
    positional = launch.command is None or launch.command.positional
    read_words = arguments.read(launch.words, catalogue, positional)
    pasted.args, pasted.model = dict(read_words.args), read_words.model
    pasted.notes += read_words.notes
    if launch.inside:
        said = _("It runs inside a container that is there already: its image and ports are not in this text.")
        pasted.note(Kind.LEFT_OUT, None, said)
    if pasted.model and (pasted.model[1:3] in (":\\", ":/") or pasted.model.startswith("\\\\")):
        pasted.model, _windows = local(pasted.model)
        said = _("A Windows path, written as WSL sees it: {path}").format(path=pasted.model)
        pasted.note(Kind.WINDOWS, "model", said)
