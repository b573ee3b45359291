"""A pasted launch as a profile, with what the profile cannot carry said in notes."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from profiles import options, paths
from profiles.arguments import several
from profiles.catalogue import bundled
from profiles.flags import SECRET_FLAGS, SEVERAL, is_secret
from profiles.lint.environment import LOOKS_SECRET
from profiles.lint.finding import Finding, Kind
from profiles.lint.flags import is_reference
from profiles.paste.record import Pasted, Port
from profiles.paste.tidy import tidied
from profiles.profile import NAME, Mount, Profile

PROFILE_NAME = "pasted"
"""The name of a profile whose text gives none."""
HOME = re.compile(r"(?:\$HOME|\$\{HOME\}|%USERPROFILE%|\$\{?env:(?:USERPROFILE|HOME)\}?|\$HOME)(?=/|$)", re.IGNORECASE)
HERE = re.compile(r"(?:\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`|%cd%|\$\(Get-Location\))(?=/|$)", re.IGNORECASE)
FIELDS = {"memory": "memory", "cpus": "cpus", "user": "user"}
"""Options that are a field of the profile."""
DROPPED = frozenset({"detach", "entrypoint", "quiet", "sig-proxy", "gpus", "volume-mode", "attach"})
"""Options that a launch of ours does not need."""


def to_profile(pasted: Pasted, name: str = "") -> tuple[Profile, tuple[Finding, ...]]:
    """Give the profile and every note, those about what it cannot carry among them; no secret's value is in it."""
    extra = Pasted()
    docker = pasted.run_as == "docker"
    mounts = tuple(_mount(mount) for mount in pasted.mounts)
    model, in_image = _model(pasted, mounts)
    flags, served, names = _flags(pasted)
    env, by_name = _env(pasted)
    bind, port = _published(pasted, extra)
    profile = Profile(
        name=name or _name(pasted),
        model=model,
        in_image=in_image,
        served_name=served,
        bind=bind,
        port=port,
        gpus=(pasted.gpus or "none") if docker else "all",
        flags=flags,
        env=env,
        env_names=tuple(dict.fromkeys((*by_name, *names))),
        mounts=tuple(mount for mount in mounts if mount.source),
        labels=tuple(pasted.labels.items()),
    )
    if docker:
        profile = replace(profile, **_container(pasted, extra))
    return tidied(profile, native=not docker), (*pasted.notes, *extra.notes)


def _name(pasted: Pasted) -> str:
    for text in (pasted.name, pasted.service, (pasted.model or "").rstrip("/").rsplit("/", 1)[-1]):
        slug = re.sub(r"[^a-zA-Z0-9_.-]+", "-", text or "").strip("-._")[:63]
        if NAME.fullmatch(slug):
            return slug if text == pasted.name else slug.lower()
    return PROFILE_NAME


def _mount(mount: Mount) -> Mount:
    source = HERE.sub(".", HOME.sub("~", mount.source, count=1), count=1)
    return replace(mount, source=source)


def _model(pasted: Pasted, mounts: tuple[Mount, ...]) -> tuple[str, bool]:
    """Give the model as the host knows it, and whether it is inside the image."""
    given = pasted.model or ""
    if pasted.run_as != "docker" or not given.startswith("/"):
        return HERE.sub(".", HOME.sub("~", given, count=1), count=1), False
    source = paths.on_host(given, mounts)
    if source is None or not paths.is_folder(source):
        return given, True
    return source, False


def _flags(pasted: Pasted) -> tuple[tuple[tuple[str, str | None], ...], str, tuple[str, ...]]:
    """Give the flags, the one served name, and the variables that take the secrets' place."""
    flags: list[tuple[str, str | None]] = []
    served = ""
    names: list[str] = []
    repeated = {flag.name for flag in bundled().flags if flag.repeated}
    for name, value in pasted.args.items():
        values = value if isinstance(value, list) else [] if value is True else [str(value)]
        if name in SECRET_FLAGS and values:
            names.append(SECRET_FLAGS[name])
        elif name == "served-model-name" and len(values) == 1:
            served = values[0]
        elif name in repeated:
            flags += [(name, one) for one in values]
        elif name in SEVERAL:
            plain = len(values) == 1 and several(values[0]) == values
            flags.append((name, values[0] if plain else shlex.join(values)))
        else:
            flags.append((name, values[0] if values else None))
    return tuple(flags), served, tuple(names)


def _env(pasted: Pasted) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    env: list[tuple[str, str]] = []
    names: list[str] = []
    for name, value in pasted.env.items():
        own = value is None or re.fullmatch(rf"\$\{{?(?:env:)?{re.escape(name)}\}}?|%{re.escape(name)}%", value)
        if own or is_secret(name) or LOOKS_SECRET.fullmatch(value or ""):
            names.append(name)
        elif value is not None:
            env.append((name, value))
    return tuple(env), tuple(names)


def _published(pasted: Pasted, extra: Pasted) -> tuple[str, int]:
    """Give the address and the port of the server's own port; further ports are told."""
    inner = str(pasted.args.get("port", "8000"))
    host = str(pasted.args.get("host", ""))
    if pasted.run_as != "docker" or pasted.settings.get("network") == "host":
        bind = host if re.fullmatch(r"[\d.]+|[0-9a-fA-F:]+", host) else "127.0.0.1"
        if pasted.run_as == "docker" and not host:
            bind = "0.0.0.0"  # noqa: S104
        return bind, int(inner) if inner.isdecimal() and len(inner) < 6 else 8000
    own = [port for port in pasted.ports if str(port.container) == inner and port.protocol == "tcp"]
    for port in pasted.ports:
        if port not in own[:1] and not options.is_sound(_publish(port)):
            text = _("The port {port} is left out: its number is not in this text.").format(port=port.container)
            extra.notes.append(Finding(Kind.LEFT_OUT, "publish", text))
    if not own:
        return "127.0.0.1", 0
    address = own[0].ip or "0.0.0.0"  # noqa: S104
    return ("127.0.0.1" if address == "localhost" else address), own[0].host if isinstance(own[0].host, int) else 8000


def _publish(port: Port) -> str:
    """Write a further port as an option."""
    ip, host = port.ip.strip("[]").replace("*", ""), "" if port.host is None else str(port.host)
    address = {"localhost": "127.0.0.1"}.get(ip, f"[{ip}]" if ":" in ip else ip)
    front = f"{address}:{host}:" if address else f"{host}:" if host else ""
    return f"--publish={front}{port.container}" + ("" if port.protocol == "tcp" else f"/{port.protocol}")


def _further_ports(pasted: Pasted) -> list[str]:
    """Give the ports beside the server's own, as options."""
    if pasted.settings.get("network") == "host":
        return []
    inner = str(pasted.args.get("port", "8000"))
    own = [port for port in pasted.ports if str(port.container) == inner and port.protocol == "tcp"][:1]
    written = (_publish(port) for port in pasted.ports if port not in own)
    return [text for text in written if options.is_sound(text)]


def _container(pasted: Pasted, extra: Pasted) -> dict[str, Any]:
    """Give the container's fields; an option that no profile can carry is told."""
    fields: dict[str, Any] = {key: pasted.settings.get(key, "") for key in ("ipc", "shm_size", "network")}
    fields["restart"] = pasted.settings.get("restart", "no") or "no"
    fields["image"] = pasted.image or "vllm/vllm-openai:latest"
    carried = _further_ports(pasted)
    if pasted.starts:
        carried.append(f"--entrypoint={shlex.join(pasted.starts)}")
    carried += [f"--env-file={HERE.sub('.', HOME.sub('~', path, count=1), count=1)}" for path in pasted.env_files]
    limits: list[str] = []
    wanted = [*pasted.further, *(("device", one, one) for one in pasted.devices if not one.startswith("nvidia.com/"))]
    if runtime := pasted.settings.get("runtime"):
        wanted.append(("runtime", runtime, f"runtime {runtime}"))
    if pasted.remove:
        wanted.append(("rm", "", "--rm"))
    for name, value, given in wanted:
        option = options.normal(f"--{name}={value}" if value else f"--{name}")
        if name in DROPPED:
            continue
        if name in FIELDS:
            fields[FIELDS[name]] = value
        elif name == "ulimit":
            limits.append(value)
        elif options.is_sound(option):
            carried.append(option)
        else:
            shown = given if not is_secret(name) and is_reference(given) else f"--{name}"
            text = _("A profile has no place for {option}.").format(option=shown)
            extra.notes.append(Finding(Kind.LEFT_OUT, name, text))
    return fields | {"options": tuple(carried), "ulimits": tuple(limits)}
