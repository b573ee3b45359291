"""Judging one flag against a catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import gettext as _

from profiles.catalogue import Catalogue, Found, How, find_name, nearest
from profiles.flags import SECRET_FLAGS
from profiles.lint.dead import DEAD, VALUES
from profiles.lint.finding import Change, Finding, Kind
from profiles.lint.values import shown, trouble

PLUGINS = {"tool-call-parser": "tool-parser-plugin", "reasoning-parser": "reasoning-parser-plugin"}
"""Flags whose values a plugin of the user's may add to, and the flag that names the plugin."""
RISKY = {
    "trust-remote-code": _(
        "The model's own Python code runs in the server: read the .py files of its repository first."
    ),
    "allowed-local-media-path": _("Requests may read files below this folder."),
    "enable-tokenizer-info-endpoint": _("It shows the chat template and the tokenizer to everybody."),
}
"""Flags that are accepted and deserve a thought."""


def judge(
    catalogue: Catalogue, name: str, values: Sequence[str], found: Found | None = None, given: Sequence[str] = ()
) -> list[Finding]:
    """Give the findings about one flag; none when there is nothing to say.

    Args:
        catalogue: What the vLLM in question accepts.
        name: The flag as a profile holds it, without dashes in front.
        values: Its values; none for a bare switch.
        found: What the spelling means to this vLLM, where it is known already.
        given: The names of all the flags beside it.
    """
    found = found or find_name(catalogue, name)
    if found.flag is None:
        return [_no_flag(catalogue, found, name, values)]
    flag, clean = found.flag, found.name
    findings: list[Finding] = []
    if PLUGINS.get(flag.name) not in given or flag.name not in PLUGINS:
        said = trouble(flag, found.key, values)
        if said:
            return [_invalid(clean, flag.name, values, said)]
    if flag.deprecated:
        text = _("{flag} is deprecated: {help}").format(flag=f"--{clean}", help=shown(flag.help.split(". ")[0]))
        findings.append(Finding(Kind.DEPRECATED, clean, text, Change(drop_flags=(clean,))))
    if clean in RISKY:
        findings.append(Finding(Kind.RISKY, clean, RISKY[clean]))
    if clean in SECRET_FLAGS and values and not all(is_reference(value) for value in values):
        findings.append(_secret(clean))
    if clean == "quantization" and values[0] == "fp8":
        text = _("--quantization fp8 is deprecated for a model that is not quantized: write fp8_per_tensor.")
        change = Change(set_flags=(("quantization", "fp8_per_tensor"),))
        findings.append(Finding(Kind.DEPRECATED, clean, text, change))
    return findings


def _no_flag(catalogue: Catalogue, found: Found, name: str, values: Sequence[str]) -> Finding:
    key = name.lstrip("-").replace("_", "-")
    value = values[0] if values else None
    bare = key.partition(".")[0]
    dead = DEAD.get(bare) or DEAD.get(bare.removeprefix("no-"))
    if dead is not None:
        change = dead.mend(key, value) if dead.mend and bare in DEAD else Change(drop_flags=(key,))
        accepted = all(not judge(catalogue, one, [] if text is None else [text]) for one, text in change.set_flags)
        return Finding(dead.kind, key, dead.text, change if accepted else Change(drop_flags=(key,)))
    if found.how is How.AMBIGUOUS:
        choices = [f"--{one}" for one in found.candidates[:6]]
        text = _("{flag} could mean {choices}: write the whole name.")
        return Finding(Kind.AMBIGUOUS, key, text.format(flag=f"--{shown(key)}", choices=_(" or ").join(choices)))
    near = nearest(catalogue, key)
    if near:
        text = _("vLLM {version} has no {flag}: did you mean {choices}?").format(
            version=catalogue.version, flag=f"--{shown(key)}", choices=_(" or ").join(f"--{one}" for one in near)
        )
        change = Change(set_flags=((near[0], value),), drop_flags=(key,))
        fits = not trouble(catalogue.by_name[near[0]], "", values)
        return Finding(Kind.UNKNOWN, key, text, change if fits else Change(drop_flags=(key,)))
    text = _("vLLM {version} has no {flag}.").format(version=catalogue.version, flag=f"--{shown(key)}")
    return Finding(Kind.UNKNOWN, key, text, Change(drop_flags=(key,)))


def _invalid(clean: str, name: str, values: Sequence[str], said: str) -> Finding:
    text, better = VALUES.get((name, values[0].lower() if values else ""), (said, ""))
    if text is said:
        text = _("{flag}: {said}").format(flag=f"--{clean}", said=said)
    change = Change(set_flags=((clean, better),)) if better else Change(drop_flags=(clean,))
    return Finding(Kind.INVALID, clean, text, change)


def _secret(clean: str) -> Finding:
    variable = SECRET_FLAGS[clean]
    text = _("A key on a command line is seen by everybody: give the name {name} instead.").format(name=variable)
    return Finding(Kind.SECRET, clean, text, Change(drop_flags=(clean,), name_env=(variable,)))


def is_reference(value: str) -> bool:
    """Say whether a value is no secret but the name of where it stands (`$KEY`, `%KEY%`, `$env:KEY`)."""
    return bool(re.fullmatch(r"\$\{?[A-Za-z_]\w*\}?|%\w+%|\$\{?env:\w+\}?|<[^>]*>|\$\(.*\)", value)) or not value
