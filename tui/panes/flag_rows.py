"""What a catalogue means to a form: how a flag is edited, what may be chosen for it, which flags can be found and added."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from gettext import gettext as _

from profiles.catalogue import Catalogue, Found, How, Source, bundled, find, nearest
from profiles.catalogue import Flag as Known
from profiles.catalogue import Kind as Value
from profiles.flags import REPEATED, SEVERAL
from profiles.lint.flags import PLUGINS
from widgets.form_record import Kind, Option

NOT_OFFERED = frozenset({"help", "version", "model", "model-tag", "config"})
"""Flags that end vLLM, or whose place is another field."""
NUMBERS = frozenset({Value.INT, Value.FLOAT, Value.SIZE, Value.LENGTH})
# Translated once: a look for a text asks the disk, and a list has hundreds of rows.
TYPES = {
    Value.SWITCH: _("switch"),
    Value.INT: _("whole number"),
    Value.FLOAT: _("number"),
    Value.SIZE: _("amount (32k)"),
    Value.LENGTH: _("length (32k)"),
    Value.JSON: "JSON",
    Value.JSON_OR_TEXT: _("JSON or text"),
    Value.TEXT: _("text"),
}
CHOICES, LIST, DEFAULT = _("{count} choices"), _("list"), _("default {value}")
DEPRECATED, DEPRECATED_LOUD = _("deprecated"), _("DEPRECATED")
MOST_CHOICES = 12
"""As many choices are named in a flag's description."""


def described(catalogue: Catalogue, name: str) -> Known | None:
    """Give a flag by a profile's name for it; where only a help text was read, with the types that vLLM 0.32 gives it."""
    flag = find(catalogue, f"--{name}").flag
    if flag is None or catalogue.source is not Source.HELP:
        return flag
    shipped = bundled().by_name.get(flag.name)
    return flag if shipped is None else replace(shipped, strict=False, help=flag.help or shipped.help)


def kind_of(flag: Known | None, name: str) -> Kind:
    """Say how a flag is edited."""
    if name in SEVERAL or name in REPEATED:
        return "lines"
    if flag is None or "." in name:
        return "text"
    if flag.is_switch:
        return "switch"
    if flag.choices:
        return "choice"
    return "number" if flag.kind in NUMBERS else "text"


def choices_of(flag: Known, empty: str) -> tuple[Option, ...]:
    """Give what may be chosen, nothing at all first."""
    return (Option("", empty), *(Option(value) for value in flag.choices))


def is_free(catalogue: Catalogue, flag: Known) -> bool:
    """Say whether another value than those of the list may be typed: they are not all, or not this image's own words."""
    return not flag.strict or flag.name in PLUGINS or catalogue.source is not Source.IMAGE


def default_words(flag: Known) -> str:
    """Say what a flag is when it is not given, and its range: `0.92 · 0 < x ≤ 1`."""
    parts = [] if flag.default in (None, "", [], {}) or flag.is_switch else [_plain(flag.default)]
    return " · ".join([*(part for part in parts if len(part) < 24), *([flag.range_text] if flag.range_text else [])])


def type_words(flag: Known) -> str:
    """Name what a flag takes in a word or two."""
    if flag.choices:
        return CHOICES.format(count=len(flag.choices))
    return LIST if flag.several or flag.repeated else TYPES[flag.kind]


def about(flag: Known) -> str:
    """Describe a flag: its names, what it takes, its default, its choices, then vLLM's own help."""
    names = [*(f"-{one}" for one in flag.short), *(f"--{one}" for one in flag.names)]
    if flag.twin:
        names.append(f"--no-{flag.name}")
    facts = [" ".join(names), type_words(flag)]
    facts += [flag.range_text] if flag.range_text else []
    if flag.default not in (None, "", [], {}) and not flag.choices:
        facts.append(DEFAULT.format(value=_plain(flag.default)[:40]))
    facts += [DEPRECATED_LOUD] if flag.deprecated else []
    lines = [" · ".join(facts)]
    if flag.choices:
        shown = " ".join(flag.choices[:MOST_CHOICES]) + (" …" if len(flag.choices) > MOST_CHOICES else "")
        default = [DEFAULT.format(value=_plain(flag.default))] if flag.default is not None else []
        lines.append(" · ".join([shown, *default]))
    return "\n".join([*lines, *_paragraphs(flag.help)])


def flag_options(catalogue: Catalogue, shown: Iterable[str]) -> tuple[Option, ...]:
    """Offer every flag of a catalogue that has no row of its own yet.

    Args:
        catalogue: What the image accepts.
        shown: The names of the flags that have a row.
    """
    own = frozenset(shown)
    rows = []
    for flag in catalogue.flags:
        known = described(catalogue, flag.name) or flag
        if flag.name in NOT_OFFERED:
            continue
        if flag.name not in own:
            rows.append(option_of(known, flag.name))
        if flag.twin and flag.default is not False and f"no-{flag.name}" not in own:
            rows.append(option_of(known, f"no-{flag.name}"))
    return tuple(rows)


def option_of(flag: Known, name: str, value: str = "") -> Option:
    """Offer one flag under a name; `value` is the field that it leads to."""
    also = [*(f"-{one}" for one in flag.short), *flag.aliases]
    detail = DEPRECATED if flag.deprecated else type_words(flag)
    return Option(value or name, name, detail, also=" ".join(also), help=about(flag))


def spelled(catalogue: Catalogue, typed: str) -> tuple[str, Found]:
    """Understand what was typed for a flag (`-tp`, `gpu-mem`, `max_num_seqs=64`).

    Returns:
        The flag's one name with its value (`max-num-seqs=64`), "" where it is none or could be several; and what was found.
    """
    word = typed.strip()
    found = find(catalogue, word if word.startswith("-") else f"--{word}")
    if not word or found.flag is None:
        return "", found
    return found.name + (f"={found.value}" if found.value is not None else ""), found


def offer(catalogue: Catalogue, typed: str) -> Option | None:
    """Offer what was typed as a flag to add; what the image's own vLLM does not know stands there and cannot be taken."""
    name, found = spelled(catalogue, typed)
    if name and found.flag is not None:
        return Option(name, _("add the flag --{text}").format(text=name), also=name, help=about(found.flag))
    bare = typed.strip().lstrip("-")
    if not bare or " " in bare:
        return None
    if catalogue.source is Source.IMAGE:
        return Option(bare, refusal(catalogue, bare, found), choosable=False)
    words = _("add the flag --{text} (vLLM {version} does not know it)")
    return Option(bare, words.format(text=bare, version=catalogue.version))


def refusal(catalogue: Catalogue, name: str, found: Found) -> str:
    """Say why a text is no flag of this vLLM."""
    head = name.lstrip("-").partition("=")[0]
    if found.how is How.AMBIGUOUS:
        names = ", ".join(f"--{one}" for one in found.candidates[:4])
        return _("--{name} could be {names}").format(name=head, names=names)
    near = ", ".join(f"--{one}" for one in nearest(catalogue, head))
    if near:
        return _("vLLM {version} has no --{name}: {near}?").format(version=catalogue.version, name=head, near=near)
    return _("vLLM {version} has no --{name}").format(version=catalogue.version, name=head)


def source_words(catalogue: Catalogue) -> str:
    """Say whose flags they are: `flags of this image (vLLM 0.32.0)`."""
    words = {
        Source.IMAGE: _("flags of this image (vLLM {version})"),
        Source.HELP: _("flags of this image, from its help text alone"),
        Source.BUNDLED: _("flags of vLLM {version} (bundled)"),
    }
    version = catalogue.version.split("+")[0]
    if catalogue.source is Source.BUNDLED:
        version = ".".join(version.split(".")[:2])
    return words[catalogue.source].format(version=version)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _paragraphs(text: str) -> list[str]:
    """Join the lines that vLLM's source broke; a list item stays a line."""
    lines: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith(("-", "*")) or not lines or not lines[-1]:
            lines.append(bare)
        else:
            lines[-1] += f" {bare}"
    return [line for line in lines if line]
