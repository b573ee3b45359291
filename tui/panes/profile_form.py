"""A profile as the groups of a form: which rows there are, what they offer, what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _

from tui.panes.profile_draft import ADDED, Draft
from tui.panes.profile_fields import ALL, is_switch
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


def _flag(name: str, kind: Kind = "text", *values: str, free: bool = True, empty: str = "") -> Row:
    unset = empty or _("vLLM decides")
    words = _("({words})").format(words=unset)
    choices = options(*values, empty=words) if kind == "choice" else ()
    return Row(f"--{name}", name, kind, choices, free and kind == "choice", "" if kind == "switch" else words)


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
    _flag(
        "quantization",
        "choice",
        *(
            "awq",
            "awq_marlin",
            "bitsandbytes",
            "compressed-tensors",
            "fp8",
            "fp8_per_tensor",
            "gptq",
            "gptq_marlin",
            "mxfp4",
        ),
        empty=_("the checkpoint decides"),
    ),
    _flag("dtype", "choice", "auto", "bfloat16", "float16", "float32", "half"),
)
IN_IMAGE = Row("in_image", _("in the image"), "switch")
"""Only for a model that lies inside the image: nothing is mounted for it."""

MEMORY = (
    _flag("max-model-len", "number", empty=_("the model's own")),
    _flag("gpu-memory-utilization", "number", empty="0.92"),
    _flag("max-num-seqs", "number"),
    _flag("kv-cache-dtype", "choice", "auto", "bfloat16", "fp8", "fp8_e4m3", "fp8_e5m2"),
    _flag("enforce-eager", "switch"),
)
PARALLEL = (
    _flag("tensor-parallel-size", "number", empty="1"),
    _flag("pipeline-parallel-size", "number", empty="1"),
    _flag("data-parallel-size", "number", empty="1"),
)
SERVING = (
    Row("api_key", "api-key", "switch"),
    _flag(
        "reasoning-parser",
        "choice",
        "qwen3",
        "deepseek_r1",
        "glm45",
        "granite",
        "mistral",
        "openai_gptoss",
        empty=_("none"),
    ),
    _flag(
        "tool-call-parser",
        "choice",
        "hermes",
        "qwen3_coder",
        "llama3_json",
        "mistral",
        "openai",
        "pythonic",
        empty=_("none"),
    ),
    _flag("enable-auto-tool-choice", "switch"),
    _flag("chat-template", "text", empty=_("the model's own")),
    _flag("runner", "choice", "auto", "generate", "pooling", free=False),
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


def find_options(shown: Sequence[Group]) -> tuple[Option, ...]:
    """Offer every row of a form by its label, each once."""
    found: dict[str, Option] = {}
    for group in shown:
        for one in group.fields:
            if one.name != ADDED:
                found.setdefault(one.label, Option(one.name, one.label, group.title))
    return tuple(found.values())


def shown_flags() -> frozenset[str]:
    """Name the flags that have a row of their own, with dashes."""
    rows = (*MODEL, *MEMORY, *PARALLEL, *SERVING)
    return frozenset(row.name for row in rows if row.name.startswith("--"))


def _fields(rows: Sequence[Row], draft: Draft, sheet: Sheet) -> tuple[Field, ...]:
    return tuple(_field(row, draft, sheet) for row in rows)


def _field(row: Row, draft: Draft, sheet: Sheet) -> Field:
    value = sheet.host if row.name == "host" else draft.value(row.name)
    note = _note(row.name, draft, sheet)
    kind: Kind = "fixed" if row.name in sheet.fixed else row.kind
    found = sheet.offers.get(row.name)
    choices = tuple(found) if found is not None else row.choices
    return Field(row.name, row.label, kind, value, choices, note.text, note.level, row.free, row.placeholder)


def _note(name: str, draft: Draft, sheet: Sheet) -> Note:
    if name in draft.errors:
        return Note(draft.errors[name], "bad")
    return sheet.notes.get(name, Note(""))


def _all_flags(draft: Draft, sheet: Sheet) -> tuple[Field, ...]:
    rows = []
    for flag in draft.flags:
        kind: Kind = "switch" if is_switch(draft.profile, flag) or is_switch(draft.base, flag) else "text"
        name = ALL + flag
        note = _note(f"--{flag}" if f"--{flag}" in shown_flags() else name, draft, sheet)
        rows.append(
            Field(name, flag, kind, draft.value(name), note=note.text, level=note.level, placeholder=_("(not given)"))
        )
    words = _("(its name; enter adds it)")
    return (*rows, Field(ADDED, _("add a flag"), "text", draft.typed.get(ADDED, ""), placeholder=words))
