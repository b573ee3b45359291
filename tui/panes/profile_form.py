"""A profile as the groups of a form: which rows there are, what they offer, what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from gettext import gettext as _

from profiles.catalogue import Catalogue, Source, bundled
from tui.panes.flag_rows import (
    about,
    choices_of,
    default_words,
    described,
    is_free,
    kind_of,
    offer,
    option_of,
    refusal,
    source_words,
    spelled,
)
from tui.panes.flag_rows import flag_options as catalogue_options
from tui.panes.profile_draft import ADDED, Draft
from tui.panes.profile_fields import ALL, is_switch
from widgets.finder import Finder
from widgets.form_record import Field, Group, Kind, Level, Option

Offers = Mapping[str, Sequence[Option]]
"""Field name to what can be chosen there, found at run time: images, models."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a field."""

    text: str
    level: Level = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of every profile's form."""

    name: str
    label: str
    kind: Kind = "text"
    choices: tuple[Option, ...] = ()
    free: bool = False
    placeholder: str = ""


def options(*values: str, empty: str = "") -> tuple[Option, ...]:
    """Make a choice's entries, the empty one (left out of the command line) first where it has words."""
    first = (Option("", empty),) if empty else ()
    return (*first, *(Option(value) for value in values))


def _flag(name: str, empty: str = "") -> Row:
    """Make a flag's row; what it takes and what may be chosen, the image's catalogue says."""
    return Row(f"--{name}", name, placeholder=empty)


WHERE = (
    Row("host", _("host"), "fixed"),
    Row("image", _("image"), "choice", free=True),
    Row("name", _("name")),
    Row("gpus", _("gpus"), "choice", options("all", "none", "device=0", "device=1", "device=0,1"), free=True),
    Row("port", _("port")),
)
MODEL = (
    Row("model", _("model"), "choice", free=True, placeholder=_("(a folder or a hub id)")),
    Row("served_name", "served-model-name", placeholder=_("(the model's own name)")),
    _flag("quantization", _("the checkpoint decides")),
    _flag("dtype"),
)
IN_IMAGE = Row("in_image", _("in the image"), "switch")
"""Only for a model that lies inside the image: nothing is mounted for it."""

MEMORY = (
    _flag("max-model-len", _("the model's own")),
    _flag("gpu-memory-utilization"),
    _flag("max-num-seqs"),
    _flag("kv-cache-dtype"),
    _flag("enforce-eager"),
)
PARALLEL = (_flag("tensor-parallel-size"), _flag("pipeline-parallel-size"), _flag("data-parallel-size"))
SERVING = (
    Row("api_key", "api-key", "switch"),
    _flag("reasoning-parser", _("none")),
    _flag("tool-call-parser", _("none")),
    _flag("enable-auto-tool-choice"),
    _flag("chat-template", _("the model's own")),
    _flag("runner"),
)
CONTAINER = (
    Row("ipc", "ipc", "choice", options("host", "private", "shareable", empty=_("(the engine decides)")), free=True),
    Row("memory", "memory", placeholder=_("(no limit; as 16g)")),
    Row("cpus", "cpus", placeholder=_("(no limit; as 8)")),
    Row("shm_size", "shm-size", placeholder=_("(64m; as 8g)")),
    Row("restart", "restart", "choice", options("no", "on-failure", "unless-stopped", "always"), free=True),
    Row("user", "user", placeholder=_("(the image's own)")),
    Row("network", "network", "choice", options("host", "bridge", empty=_("(the engine decides)")), free=True),
    Row("mounts", _("mounts"), "lines", placeholder=_("(none; as {example})").format(example="/data:/data:ro")),
    Row("ulimits", "ulimits", "lines", placeholder=_("(none; as {example})").format(example="memlock=-1")),
    Row(
        "options", _("more options"), "lines", placeholder=_("(none; as {example})").format(example="--device=/dev/dri")
    ),
    Row("labels", _("labels"), "lines", placeholder=_("(none; as {example})").format(example="team=research")),
)
ENVIRONMENT = (Row("env", _("variables"), "lines", placeholder=_("(none; NAME=value, or your NAME)")),)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form of a profile shows besides the profile itself."""

    host: str
    offers: Offers = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    vllm: bool = True
    """False for a container that is not a vLLM server: only the container's own fields are shown."""
    fixed: frozenset[str] = frozenset()
    """Fields that cannot be changed here."""
    catalogue: Catalogue = field(default_factory=bundled)
    """What the image's vLLM accepts."""
    asking: bool = False
    """Whether the image is being asked for it."""


def groups(draft: Draft, sheet: Sheet) -> tuple[Group, ...]:
    """Give the groups of a draft's form."""
    container = Group("container", _("Container"), _fields(CONTAINER, draft, sheet), folds=sheet.vllm)
    environment = Group("environment", _("Environment"), _fields(ENVIRONMENT, draft, sheet), folds=True)
    where = Group("where", _("Where"), _fields(WHERE, draft, sheet))
    if not sheet.vllm:
        return (where, container, environment)
    return (
        where,
        Group("model", _("Model"), _fields((*MODEL, IN_IMAGE) if draft.base.in_image else MODEL, draft, sheet)),
        Group("memory", _("Memory"), _fields(MEMORY, draft, sheet)),
        Group("parallel", _("Parallel"), _fields(PARALLEL, draft, sheet), folds=True),
        Group("serving", _("Serving"), _fields(SERVING, draft, sheet), folds=True),
        container,
        environment,
        Group("flags", _("All flags"), _all_flags(draft, sheet), folds=True),
    )


def host_words(name: str, kind: str) -> str:
    """Say where a server runs, the way the top line does."""
    return _("this machine") if kind == "local" else name


def find_options(shown: Sequence[Group], catalogue: Catalogue | None = None) -> tuple[Option, ...]:
    """Offer every row of a form by its label, each once, then every flag of the image that has no row yet."""
    known = catalogue or bundled()
    found: dict[str, Option] = {}
    for group in shown:
        for one in group.fields:
            if one.name != ADDED:
                flag = described(known, one.label) if one.name.startswith(("--", ALL)) else None
                row = Option(one.name, one.label, group.title)
                found.setdefault(
                    one.label, row if flag is None else replace(option_of(flag, one.label), value=one.name)
                )
    return (*found.values(), *catalogue_options(known, found))


def flag_finder(shown: Sequence[Group], catalogue: Catalogue) -> Finder:
    """Make the question for a row or a flag; it gives the row's name, or a flag to add."""
    title = _("Find a field or a flag · {count} {source}")
    words = title.format(count=len(catalogue.flags), source=source_words(catalogue))
    return Finder(find_options(shown, catalogue), title=words, offer=lambda typed: offer(catalogue, typed))


def shown_flags() -> frozenset[str]:
    """Name the flags that have a row of their own, with dashes."""
    rows = (*MODEL, *MEMORY, *PARALLEL, *SERVING)
    return frozenset(row.name for row in rows if row.name.startswith("--"))


def _fields(rows: Sequence[Row], draft: Draft, sheet: Sheet) -> tuple[Field, ...]:
    return tuple(
        _flag_field(row.name, row.label, draft, sheet, row.placeholder)
        if row.name.startswith("--")
        else _field(row, draft, sheet)
        for row in rows
        if _is_offered(row.name, draft, sheet)
    )


def _is_offered(name: str, draft: Draft, sheet: Sheet) -> bool:
    """Say whether a row is shown: not one for a flag that this image refuses, unless the profile holds it."""
    if not name.startswith("--") or sheet.catalogue.source is not Source.IMAGE:
        return True
    flag = name.removeprefix("--")
    return described(sheet.catalogue, flag) is not None or flag in draft.flags


def _field(row: Row, draft: Draft, sheet: Sheet) -> Field:
    value = sheet.host if row.name == "host" else draft.value(row.name)
    note = _note(row.name, draft, sheet)
    kind: Kind = "fixed" if row.name in sheet.fixed else row.kind
    found = sheet.offers.get(row.name)
    choices = tuple(found) if found is not None else row.choices
    return Field(row.name, row.label, kind, value, choices, note.text, note.level, row.free, row.placeholder)


def _flag_field(name: str, label: str, draft: Draft, sheet: Sheet, empty: str = "") -> Field:
    """Make a flag's row the way the image's catalogue says that it is edited."""
    flag = described(sheet.catalogue, label)
    kind = kind_of(flag, label)
    if kind != "lines" and is_switch(draft.profile, label, draft.switches):
        kind = "switch"
    elif kind == "switch" and (draft.profile.flag(label) or draft.base.flag(label)):
        kind = "text"  # it was given a value, which stands there to be taken away
    note = _note(name if name.startswith(ALL) else f"--{label}", draft, sheet)
    unset = empty or (default_words(flag) if flag is not None else "") or _("vLLM decides")
    words = "" if kind == "switch" else _("({words})").format(words=unset)
    choices = choices_of(flag, words) if flag is not None and kind == "choice" else ()
    free = kind == "choice" and flag is not None and is_free(sheet.catalogue, flag)
    return Field(name, label, kind, draft.value(name), choices, note.text, note.level, free, words)


def _note(name: str, draft: Draft, sheet: Sheet) -> Note:
    if name in draft.errors:
        return Note(draft.errors[name], "bad")
    if (own := name.replace(ALL, "--", 1)) in shown_flags():
        name = own
    return sheet.notes.get(name, Note(""))


def _all_flags(draft: Draft, sheet: Sheet) -> tuple[Field, ...]:
    rows = [_flag_field(ALL + flag, flag, draft, sheet) for flag in draft.flags]
    typed = draft.typed.get(ADDED, "")
    words, note = _("(its name; enter adds it)"), _added_note(typed, sheet)
    return (*rows, Field(ADDED, _("add a flag"), "text", typed, (), note.text, note.level, placeholder=words))


def _added_note(typed: str, sheet: Sheet) -> Note:
    """Say what the name that is being typed means to this image, or whose flags are known."""
    if typed.strip():
        name, found = spelled(sheet.catalogue, typed)
        if found.flag is not None:
            return Note(f"--{name}\n{about(found.flag).splitlines()[0]}")
        return Note(refusal(sheet.catalogue, typed.strip(), found), "careful")
    if sheet.asking:
        return Note(_("asking the image …"))
    return Note(f"{len(sheet.catalogue.flags)} {source_words(sheet.catalogue)}")
