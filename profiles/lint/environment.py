"""Judging one environment variable against a catalogue."""

from __future__ import annotations

import re
from gettext import gettext as _

from profiles.catalogue import Catalogue, close
from profiles.flags import is_secret
from profiles.lint.dead import ENV
from profiles.lint.finding import Change, Finding, Kind
from profiles.lint.flags import is_reference

LOOKS_SECRET = re.compile(r"(?:hf_|sk-|ghp_|glpat-|xox[bp]-)[A-Za-z0-9_-]{12,}")


def judge(catalogue: Catalogue, name: str, value: str | None) -> list[Finding]:
    """Give the findings about a variable; `value` is None when it is taken by name."""
    findings: list[Finding] = []
    if name.startswith("VLLM_") and catalogue.env and name not in catalogue.env:
        findings.append(_never_read(catalogue, name, value))
    if value and (is_secret(name) or LOOKS_SECRET.fullmatch(value)) and not is_reference(value):
        text = _("{name} is a secret, and a command line is seen by everybody: give the name alone.")
        findings.append(Finding(Kind.SECRET, name, text.format(name=name), Change(name_env=(name,))))
    return findings


def _never_read(catalogue: Catalogue, name: str, value: str | None) -> Finding:
    known = ENV.get(name)
    if known is not None:
        mend, flag = known
        text = _("vLLM does not read {name}: {mend}").format(name=name, mend=mend)
        flags = ((flag, value),) if flag and value is not None else ()
        return Finding(Kind.NEVER_READ, name, text, Change(set_flags=flags, drop_env=(name,)))
    near = close(name, catalogue.env)
    if near:
        text = _("vLLM does not read {name}: did you mean {near}?").format(name=name, near=near[0])
    else:
        text = _("vLLM does not read {name}.").format(name=name)
    return Finding(Kind.NEVER_READ, name, text, Change(drop_env=(name,)))
