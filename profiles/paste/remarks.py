"""What is said about a launch as a whole: variables, secrets, who can reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _

from profiles.catalogue import Catalogue
from profiles.flags import API_KEY
from profiles.lint import risks
from profiles.lint.environment import judge as judge_variable
from profiles.lint.finding import Kind
from profiles.lint.flags import judge
from profiles.paste.bash import TEMPLATE
from profiles.paste.record import Pasted

UNKNOWN = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*)[^}]*\}?|%([A-Za-z_]\w*)%|\$\(([^)]*)\)?|`([^`]+)`")


def add(pasted: Pasted, catalogue: Catalogue) -> None:
    """Add the remarks to a launch that was read."""
    if pasted.run_as is None:
        return
    served = not any(one.kind is Kind.NOT_VLLM for one in pasted.notes)
    if served:
        _environment(pasted, catalogue)
        _reach(pasted)
    else:
        _secrets(pasted, catalogue)
    _risks(pasted)
    for name in _unknown_variables(pasted):
        text = _("The value of {name} is not in this text: it stays as it is written.").format(name=name)
        pasted.note(Kind.VARIABLE, name, text)
    if any(TEMPLATE.search(text) for text in _texts(pasted)):
        pasted.note(Kind.TEMPLATE, None, _("A <placeholder> still wants a value of yours."))
    pasted.notes = list({(one.kind, one.flag, one.text): one for one in pasted.notes}.values())


def _environment(pasted: Pasted, catalogue: Catalogue) -> None:
    """Judge the variables; one that vLLM never read gives its value to the flag that took its place."""
    for name, value in list(pasted.env.items()):
        for finding in judge_variable(catalogue, name, value):
            pasted.notes.append(finding)
            for flag, text in finding.mend.set_flags if finding.mend and finding.kind is Kind.NEVER_READ else ():
                pasted.env.pop(name, None)
                if flag not in pasted.args and text is not None and not judge(catalogue, flag, [text]):
                    pasted.args[flag] = text


def _secrets(pasted: Pasted, catalogue: Catalogue) -> None:
    for name, value in pasted.env.items():
        pasted.notes += [one for one in judge_variable(catalogue, name, value) if one.kind is Kind.SECRET]


def _reach(pasted: Pasted) -> None:
    """Say when anybody in the network may use the server."""
    if "api-key" in pasted.args or API_KEY in pasted.env or pasted.model is None:
        return
    if any(port.open for port in pasted.ports):
        pasted.note(Kind.OPEN, "publish", risks.OPEN["publish"])
    if pasted.args.get("host", "") not in risks.EVERYWHERE:
        return
    if pasted.settings.get("network") == "host":
        pasted.note(Kind.OPEN, "network", risks.OPEN["network"])
    if pasted.run_as == "native" and "host" in pasted.args:
        pasted.note(Kind.OPEN, "host", risks.OPEN["host"])


def _risks(pasted: Pasted) -> None:
    said = [(name, risks.option(name, value)) for name, value, _given in pasted.further]
    said += [("volume", risks.mount(mount)) for mount in pasted.mounts]
    said += [(name, risks.variable(name, value)) for name, value in pasted.env.items()]
    for name, text in said:
        if text:
            pasted.note(Kind.RISKY, name, text)


def _texts(pasted: Pasted) -> Iterator[str]:
    for value in (pasted.image, pasted.name, pasted.model):
        if value:
            yield value
    for mount in pasted.mounts:
        yield mount.source
    for port in pasted.ports:
        yield str(port.host)
    yield from (value for value in pasted.env.values() if value)
    for given in pasted.args.values():
        if isinstance(given, list):
            yield from given
        elif isinstance(given, str):
            yield given


def _unknown_variables(pasted: Pasted) -> list[str]:
    found: dict[str, None] = {}
    for text in _texts(pasted):
        if text.lstrip().startswith("{"):
            continue
        for match in UNKNOWN.finditer(text):
            name = match[1] or match[2] or f"$({(match[3] or match[4] or '').strip()[:60]})"
            found[name] = None
    return list(found)
