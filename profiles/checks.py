"""What can be wrong with a profile, and what to do: one table of checks, in the order of the form."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator

from profiles import container, paths
from profiles.dead_flags import DEAD, DEAD_ENV, VALUES
from profiles.flags import FLAG, SECRET_FLAGS, SEVERAL, is_secret, is_switch
from profiles.profile import NAME, Problem, Profile

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

Check = Callable[[Profile], Iterator[Problem]]


def problems(profile: Profile) -> tuple[Problem, ...]:
    """Give everything that is wrong, in the order of the form."""
    return tuple(problem for check in CHECKS for problem in check(profile))


def _name(profile: Profile) -> Iterator[Problem]:
    if not NAME.fullmatch(profile.name):
        text = (
            "A name has 2 to 63 characters: letters, digits, dot, dash and underscore, the first a letter or a digit."
        )
        yield Problem("name", text)


def _model(profile: Profile) -> Iterator[Problem]:
    model = profile.model
    if not model.strip():
        yield Problem("model", "Choose a model: a hub id such as Qwen/Qwen3-0.6B, or a folder.")
    elif model.startswith("-"):
        yield Problem("model", "The model comes first, before the flags: a hub id or a folder.")
    elif not paths.is_folder(model) and not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)?", model, re.ASCII):
        yield Problem(
            "model",
            f"{model} is neither a hub id (owner/name) nor a folder: start a folder with /, ~, ./ or a drive letter.",
        )
    elif "\n" in model or "\0" in model:
        yield Problem("model", "The model's path holds a line break: choose the folder anew.")


def _image(profile: Profile) -> Iterator[Problem]:
    if not IMAGE.fullmatch(profile.image):
        yield Problem("image", "An image is written like vllm/vllm-openai:latest, in small letters.")


def _address(profile: Profile) -> Iterator[Problem]:
    try:
        ipaddress.ip_address(profile.bind)
    except ValueError:
        yield Problem("bind", "Bind an IP address: 127.0.0.1 for this machine alone, 0.0.0.0 for the network.")
    if not 0 <= profile.port <= 65535:
        yield Problem("port", "A port is a number from 1 to 65535.")
    for key, value in profile.flags:
        if key == "port" and not (value and value.isdigit() and 1 <= int(value) <= 65535):
            yield Problem("--port", "A port is a number from 1 to 65535.")


def _forms(profile: Profile) -> Iterator[Problem]:
    for field, form, text in FORMS:
        if not form.fullmatch(getattr(profile, field)):
            yield Problem(field, text)
    for limit in profile.ulimits:
        if not ULIMIT.fullmatch(limit):
            yield Problem("ulimits", f"{limit} is no limit: write name=soft or name=soft:hard, such as memlock=-1.")


FORMS = (
    ("gpus", GPUS, "Write all, none, a number of cards, or device=0,1."),
    ("ipc", IPC, "Write host, private, shareable, none or container:NAME."),
    ("restart", RESTART, "Write no, always, unless-stopped, on-failure or on-failure:3."),
    ("user", USER, "Write a user as uid, uid:gid or a name of the image's."),
    ("network", NETWORK, "Write a network's name, host, none or container:NAME; leave it empty for Docker's own."),
)
"""Fields that must have one form: the field, the form, and what to write."""


def _sizes(profile: Profile) -> Iterator[Problem]:
    for field in ("shm_size", "memory"):
        text = getattr(profile, field)
        if text and container.size(text) is None:
            yield Problem(field, f"{text} is no size: write a number with b, k, m or g, such as 16g.")
    if profile.memory and 0 < (container.size(profile.memory) or SMALLEST_MEMORY) < SMALLEST_MEMORY:
        yield Problem("memory", "Docker wants at least 6m of memory.")
    shm = container.size(profile.shm_size) if profile.shm_size else 64 << 20
    if profile.ipc in ("", "private", "shareable", "none") and shm is not None and shm < VLLM_SHM:
        yield Problem(
            "shm_size", "vLLM needs at least 160m of shared memory: set ipc to host, or shm size to 1g.", warning=True
        )
    if profile.cpus and (not CPUS.fullmatch(profile.cpus) or float(profile.cpus) == 0):
        yield Problem("cpus", f"{profile.cpus} is no number of CPUs: write 4 or 1.5.")


def _mounts(profile: Profile) -> Iterator[Problem]:
    for mount in profile.mounts:
        if not mount.source or "\0" in mount.source:
            yield Problem("mounts", "A mount needs a folder of the host or a volume's name.")
        elif not paths.is_folder(mount.source) and not NAME.fullmatch(mount.source):
            yield Problem(
                "mounts",
                f"{mount.source} is neither a folder nor a volume's name: start a folder with / or a drive letter.",
            )
        if not mount.target.startswith("/") or mount.target == "/":
            yield Problem(
                "mounts",
                f"A mount's place in the container starts with / and is not / itself: {mount.target or 'it is empty'}.",
            )
    for target, count in Counter(mount.target.rstrip("/") for mount in profile.mounts).items():
        if count > 1:
            yield Problem("mounts", f"Two mounts have the same place in the container: {target}.")


def _environment(profile: Profile) -> Iterator[Problem]:
    for name in (*(name for name, _value in profile.env), *profile.env_names):
        if not ENV_NAME.fullmatch(name):
            yield Problem(
                "env",
                f"{name or 'An empty text'} is no variable's name: letters, digits and underscore, no digit first.",
            )
    for name, value in profile.env:
        if is_secret(name) and value:
            yield Problem(
                "env", f"{name} is a secret: give the name alone, its value is taken from your own environment."
            )
        if name in DEAD_ENV:
            yield Problem("env", f"vLLM does not read {name}: {DEAD_ENV[name]}", warning=True)
    for name, count in Counter((*(name for name, _value in profile.env), *profile.env_names)).items():
        if count > 1:
            yield Problem("env", f"{name} is given twice: keep one.")


def _flags(profile: Profile) -> Iterator[Problem]:
    for name, value in profile.flags:
        mark = f"--{name}"
        if not FLAG.fullmatch(name):
            yield Problem(mark, f"{mark} is no flag: small letters, digits and dashes, such as --max-model-len.")
        elif name in DEAD:
            yield Problem(mark, DEAD[name], warning=True)
        elif name in SECRET_FLAGS and value:
            yield Problem(
                mark, f"A key on a command line is seen by everybody: give the name {SECRET_FLAGS[name]} instead."
            )
        elif (name, value) in VALUES:
            yield Problem(mark, VALUES[name, value], warning=True)
        elif is_switch(name) and value is not None and value.lower() not in ("true", "false"):
            yield Problem(mark, f"{mark} stands alone: remove its value {value}.")
        elif value is not None and ("\0" in value or (name in SEVERAL and not _quoted(value))):
            yield Problem(mark, f"The value of {mark} has a quote that is not closed.")
    for name, count in Counter(name for name, _value in profile.flags).items():
        if count > 1:
            yield Problem(
                f"--{name}", f"--{name} is given {count} times, and vLLM takes the last: keep one.", warning=True
            )
    if profile.served_name and profile.flag("served-model-name") is not None:
        yield Problem("served_name", "The served name is given twice: here and as --served-model-name.")
    for name in ("model", "model-tag"):
        if profile.flag(name) is not None:
            yield Problem(f"--{name}", "The model has a field of its own: remove this flag.")


def _quoted(value: str) -> bool:
    import shlex

    try:
        return bool(shlex.split(value))
    except ValueError:
        return False


CHECKS: tuple[Check, ...] = (_name, _model, _image, _address, _forms, _sizes, _mounts, _environment, _flags)
"""Every check, in the order in which a form shows the fields."""
