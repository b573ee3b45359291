"""The findings about a draft as remarks: which field each is about, how grave it is, what its mend does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext as _

from profiles.catalogue import Catalogue, Source
from profiles.lint.finding import Change, Finding, Kind
from profiles.profile import Problem, Profile
from tui.panes.profile_fields import ALL
from tui.panes.profile_form import shown_flags
from widgets.form_record import Level

KINDS: Mapping[Kind, str] = {
    Kind.REMOVED: _("removed"),
    Kind.UNKNOWN: _("unknown"),
    Kind.INVALID: _("invalid"),
    Kind.AMBIGUOUS: _("ambiguous"),
    Kind.DEPRECATED: _("deprecated"),
    Kind.NEVER_READ: _("never read"),
    Kind.RISKY: _("risky"),
    Kind.OPEN: _("open to all"),
    Kind.SECRET: _("secret"),
    Kind.POSITIONAL: _("taken over"),
    Kind.WINDOWS: _("taken over"),
    Kind.TYPOGRAPHIC: _("taken over"),
    Kind.MISPLACED: _("moved"),
    Kind.LEFT_OUT: _("left out"),
    Kind.NOT_VLLM: _("not vLLM"),
}
"""What each finding is, in a word; the others speak for themselves."""
CALM = frozenset({Kind.POSITIONAL, Kind.WINDOWS, Kind.TYPOGRAPHIC})
"""Findings that ask for nothing: what was meant was understood."""
PLACES = {"publish": "port", "network": "port", "volume": "mounts", "env-file": "options"}
"""Options of docker run, and the form's field that holds them."""
OPTIONS = frozenset({"privileged", "pid", "security-opt", "cap-add", "device", "runtime", "rm", "entrypoint"})


def place_of(finding: Finding, profile: Profile) -> str:
    """Give the form's field that a finding is about; "" for none."""
    name = finding.flag or ""
    if name in PLACES:
        return PLACES[name]
    if name in OPTIONS:
        return "options"
    if name in (*dict(profile.env), *profile.env_names):
        return "env"
    if not any(key == name for key, _value in profile.flags):
        return ""
    return f"--{name}" if f"--{name}" in shown_flags() else ALL + name


def level_of(finding: Finding, catalogue: Catalogue) -> Level:
    """Say how grave it is: only the image's own word stops a launch."""
    if finding.kind in CALM:
        return ""
    return "bad" if finding.refused and catalogue.source is Source.IMAGE else "careful"


def pasted_level(finding: Finding) -> Level:
    """Say how grave something is that was read in a pasted command: it stops nothing, for it is not in the form."""
    return "" if finding.kind in CALM else "careful"


def says_the_same(problem: Problem, finding: Finding, place: str, field: str) -> bool:
    """Say whether a finding tells already what a profile's own check found."""
    if field != place or not place:
        return False
    return field != "env" or (finding.flag or "") in problem.text


def head(finding: Finding) -> str:
    """Name what it is about, as it is written: `--device`, `VLLM_USE_V1`; "" for nothing in particular."""
    name = finding.flag or ""
    if not name or name.isupper() or name == "model":
        return name
    return f"--{name}"


def mend_words(change: Change, flag: str | None) -> str:
    """Say in a few words what a mend does."""
    parts = [f"--{name} {value}" if value is not None else f"--{name}" for name, value in change.set_flags]
    parts += [f"{name} {value}" for name, value in change.fields.items() if isinstance(value, str)]
    parts += [_("{name} by name").format(name=name) for name in change.name_env]
    if parts:
        return "→ " + ", ".join(parts)
    dropped = [f"--{name}" for name in change.drop_flags] or list(change.drop_env) or [flag or ""]
    return _("leaves out {names}").format(names=", ".join(dropped))


def mended(profile: Profile, findings: Sequence[Finding]) -> Profile:
    """Apply every mend that changes nothing but words."""
    for finding in findings:
        if finding.safe and finding.mend is not None:
            profile = finding.mend.apply(profile)
    return profile
