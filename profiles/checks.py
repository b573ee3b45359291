"""What can be wrong with a profile, and what to do: one table of checks, in the order of the form."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator
from gettext import gettext as _

from profiles import options, paths
from profiles.flags import FLAG, REPEATED, SECRET_FLAGS, SEVERAL, is_secret, is_switch
from profiles.lint.dead import DEAD, ENV, VALUES
from profiles.profile import NAME, Problem, Profile
from profiles.sizes import size

IMAGE = re.compile(r"[a-z0-9](?:[a-z0-9._:/-]*[a-z0-9])?(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?")
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
GPUS = re.compile(r"all|none|[1-9]\d*|device=[\w/-]+(?:,[\w/-]+)*")
RESTART = re.compile(r"no|always|unless-stopped|on-failure(?::\d+)?")
IPC = re.compile(r"|host|private|shareable|none|container:.+")
NETWORK = re.compile(r"|[a-zA-Z0-9][a-zA-Z0-9_.-]*|container:.+")
USER = re.compile(r"|[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?")
CPUS = re.compile(r"\d+(?:\.\d+)?|\.\d+")
ULIMIT = re.compile(r"[a-z]+=-?\d+(?::-?\d+)?")
SMALLEST_MEMORY = 6 << 20
VLLM_SHM = 160 << 20
MOST_CARDS = 64

Check = Callable[[Profile], Iterator[Problem]]


def problems(profile: Profile) -> tuple[Problem, ...]:
    """Give everything that is wrong, in the order of the form."""
    return tuple(problem for check in CHECKS for problem in check(profile))


def _name(profile: Profile) -> Iterator[Problem]:
    if not NAME.fullmatch(profile.name):
        text = _(
            "A name has 2 to 63 characters: letters, digits, dot, dash and underscore, the first a letter or a digit."
        )
        yield Problem("name", text)


def _model(profile: Profile) -> Iterator[Problem]:
    model = profile.model
    if not model.strip():
        yield Problem("model", _("Choose a model: a hub id such as Qwen/Qwen3-0.6B, or a folder."))
    elif model.startswith("-"):
        yield Problem("model", _("The model comes first, before the flags: a hub id or a folder."))
    elif not paths.is_folder(model) and not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)?", model, re.ASCII):
        yield Problem(
            "model",
            _(
                "{model} is neither a hub id (owner/name) nor a folder: start a folder with /, ~, ./ or a drive letter."
            ).format(model=model),
        )
    elif "\n" in model or "\0" in model:
        yield Problem("model", _("The model's path holds a line break: choose the folder anew."))


def _image(profile: Profile) -> Iterator[Problem]:
    if not IMAGE.fullmatch(profile.image):
        yield Problem("image", _("An image is written like vllm/vllm-openai:latest, in small letters."))


def _address(profile: Profile) -> Iterator[Problem]:
    try:
        ipaddress.ip_address(profile.bind)
    except ValueError:
        yield Problem("bind", _("Bind an IP address: 127.0.0.1 for this machine alone, 0.0.0.0 for the network."))
    if not 0 <= profile.port <= 65535:
        yield Problem("port", _("A port is a number from 1 to 65535."))
    for key, value in profile.flags:
        if key == "port" and not (value and re.fullmatch("[0-9]{1,5}", value) and 1 <= int(value) <= 65535):
            yield Problem("--port", _("A port is a number from 1 to 65535."))


def _cards(profile: Profile) -> Iterator[Problem]:
    """A number that no machine has cards for was meant for another field."""
    if profile.gpus.isdecimal() and int(profile.gpus) > MOST_CARDS:
        text = _("No machine has {count} cards: write how many, all, none, or device=0,1.")
        yield Problem("gpus", text.format(count=profile.gpus))


def _forms(profile: Profile) -> Iterator[Problem]:
    for field, form, text in FORMS:
        if not form.fullmatch(getattr(profile, field)):
            yield Problem(field, text)
    for limit in profile.ulimits:
        if not ULIMIT.fullmatch(limit):
            yield Problem(
                "ulimits",
                _("{limit} is no limit: write name=soft or name=soft:hard, such as memlock=-1.").format(limit=limit),
            )
    for option in profile.options:
        if not options.is_sound(option):
            text = _(
                "{option} is no option that a profile can carry: write it as --device=/dev/dri or --cap-add=SYS_NICE."
            )
            yield Problem("options", text.format(option=option))


FORMS = (
    ("gpus", GPUS, _("Write all, none, a number of cards, or device=0,1.")),
    ("ipc", IPC, _("Write host, private, shareable, none or container:NAME.")),
    ("restart", RESTART, _("Write no, always, unless-stopped, on-failure or on-failure:3.")),
    ("user", USER, _("Write a user as uid, uid:gid or a name of the image's.")),
    ("network", NETWORK, _("Write a network's name, host, none or container:NAME; leave it empty for Docker's own.")),
)
"""Fields that must have one form: the field, the form, and what to write."""


def _sizes(profile: Profile) -> Iterator[Problem]:
    for field in ("shm_size", "memory"):
        text = getattr(profile, field)
        if text and size(text) is None:
            yield Problem(
                field, _("{text} is no size: write a number with b, k, m or g, such as 16g.").format(text=text)
            )
    if profile.memory and 0 < (size(profile.memory) or SMALLEST_MEMORY) < SMALLEST_MEMORY:
        yield Problem("memory", _("Docker wants at least 6m of memory."))
    shm = size(profile.shm_size) if profile.shm_size else 64 << 20
    if profile.ipc in ("", "private", "shareable", "none") and shm is not None and shm < VLLM_SHM:
        yield Problem(
            "shm_size",
            _("vLLM needs at least 160m of shared memory: set ipc to host, or shm size to 1g."),
            warning=True,
        )
    if profile.cpus and (not CPUS.fullmatch(profile.cpus) or float(profile.cpus) == 0):
        yield Problem("cpus", _("{cpus} is no number of CPUs: write 4 or 1.5.").format(cpus=profile.cpus))


def _swap(profile: Profile) -> Iterator[Problem]:
    """Say it beside both fields: whichever of them was changed is the one that is looked at."""
    given = options.last(profile.options, "memory-swap")
    memory = size(profile.memory) if profile.memory else 0
    if memory is not None and (swap := size(given) or 0) and (not memory or swap < memory):
        text = _("--memory-swap is memory and swap together: memory must be given, and be no more than its {swap}.")
        for field in ("memory", "options"):
            yield Problem(field, text.format(swap=given))


def _mounts(profile: Profile) -> Iterator[Problem]:
    for mount in profile.mounts:
        if not mount.source or "\0" in mount.source:
            yield Problem("mounts", _("A mount needs a folder of the host or a volume's name."))
        elif not paths.is_folder(mount.source) and not NAME.fullmatch(mount.source):
            yield Problem(
                "mounts",
                _("{source} is neither a folder nor a volume's name: start a folder with / or a drive letter.").format(
                    source=mount.source
                ),
            )
        if not mount.target.startswith("/") or mount.target == "/":
            yield Problem(
                "mounts",
                _("A mount's place in the container starts with / and is not / itself: {target}.").format(
                    target=mount.target or _("it is empty")
                ),
            )
    for target, count in Counter(mount.target.rstrip("/") for mount in profile.mounts).items():
        if count > 1:
            yield Problem(
                "mounts", _("Two mounts have the same place in the container: {target}.").format(target=target)
            )


def _environment(profile: Profile) -> Iterator[Problem]:
    for name in (*(name for name, _value in profile.env), *profile.env_names):
        if not ENV_NAME.fullmatch(name):
            yield Problem(
                "env",
                _("{name} is no variable's name: letters, digits and underscore, no digit first.").format(
                    name=name or _("An empty text")
                ),
            )
    for name, value in profile.env:
        if is_secret(name) and value:
            yield Problem(
                "env",
                _("{name} is a secret: give the name alone, its value is taken from your own environment.").format(
                    name=name
                ),
            )
        if name in ENV:
            yield Problem(
                "env", _("vLLM does not read {name}: {mend}").format(name=name, mend=ENV[name][0]), warning=True
            )
    for name, count in Counter((*(name for name, _value in profile.env), *profile.env_names)).items():
        if count > 1:
            yield Problem("env", _("{name} is given twice: keep one.").format(name=name))


def _flags(profile: Profile) -> Iterator[Problem]:
    for name, value in profile.flags:
        mark = f"--{name}"
        if not FLAG.fullmatch(name):
            yield Problem(
                mark,
                _("{mark} is no flag: small letters, digits and dashes, such as --max-model-len.").format(mark=mark),
            )
        elif name in DEAD:
            yield Problem(mark, DEAD[name].text, warning=True)
        elif name in SECRET_FLAGS and value:
            yield Problem(
                mark,
                _("A key on a command line is seen by everybody: give the name {name} instead.").format(
                    name=SECRET_FLAGS[name]
                ),
            )
        elif value is not None and (name, value) in VALUES:
            yield Problem(mark, VALUES[name, value][0], warning=True)
        elif is_switch(name) and value is not None and value.lower() not in ("true", "false"):
            yield Problem(mark, _("{mark} stands alone: remove its value {value}.").format(mark=mark, value=value))
        elif value is not None and ("\0" in value or (name in SEVERAL and not _quoted(value))):
            yield Problem(mark, _("The value of {mark} has a quote that is not closed.").format(mark=mark))
    for name, count in Counter(name for name, _value in profile.flags if name not in REPEATED).items():
        if count > 1:
            yield Problem(
                f"--{name}",
                _("--{name} is given {count} times, and vLLM takes the last: keep one.").format(name=name, count=count),
                warning=True,
            )
    if profile.served_name and profile.flag("served-model-name") is not None:
        yield Problem("served_name", _("The served name is given twice: here and as --served-model-name."))
    for name in ("model", "model-tag"):
        if profile.flag(name) is not None:
            yield Problem(f"--{name}", _("The model has a field of its own: remove this flag."))


def _quoted(value: str) -> bool:
    import shlex

    try:
        return value.lstrip()[:1] in ("{", "[") or bool(shlex.split(value))
    except ValueError:
        return False


CHECKS: tuple[Check, ...] = (
    _name,
    _model,
    _image,
    _address,
    _cards,
    _forms,
    _sizes,
    _swap,
    _mounts,
    _environment,
    _flags,
)
"""Every check, in the order in which a form shows the fields."""
