"""Reading a compose file: the service that serves vLLM, in compose's short and long forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

from profiles import shell_line
from profiles.lint.finding import Kind
from profiles.paste import engine
from profiles.paste.places import mount_option, volume
from profiles.paste.ports import port, ports
from profiles.paste.record import Pasted, Port

BEGIN = re.compile(r"^[ \t]*services[ \t]*:[ \t]*(?:#[^\n]*)?$|^[ \t]*[\"']?services[\"']?[ \t]*:[ \t]*\{", re.MULTILINE)
SERVICE = re.compile(r"^[ \t]+(?:- )?image[ \t]*:[ \t]*\S", re.MULTILINE)
IMAGE = re.compile(r"^[ \t]*image[ \t]*:[ \t]*\S", re.MULTILINE)
KUBERNETES = re.compile(r"^[ \t]*apiVersion[ \t]*:[ \t]*\S", re.MULTILINE)
MANY = 200
"""Entries of one list that are read."""
DEEPEST = 12


class YamlError(ValueError):
    """A text that is no YAML; the text says where."""


def load(text: str) -> Any:
    """Read YAML with every scalar as its text: compose wants `on` and 8000:22 as they are written.

    Raises:
        YamlError: It cannot be read.
    """
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Texts(base):  # type: ignore[misc, valid-type]
        """Knows null and merge keys, no numbers, dates or booleans."""

        yaml_implicit_resolvers = _resolvers(base)

    Texts.add_constructor(None, lambda loader, node: _plain(loader, node))
    try:
        return yaml.load(text.replace("\t", "  "), Loader=Texts)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError, KeyError) as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlError(f"{mark.line + 1}" if mark else "") from error


def _resolvers(base: Any) -> dict[Any, Any]:
    kept = {
        first: [pair for pair in pairs if pair[0].endswith((":null", ":merge"))]
        for first, pairs in base.yaml_implicit_resolvers.items()
    }
    return {first: pairs for first, pairs in kept.items() if pairs}


def _plain(loader: Any, node: Any) -> Any:
    """Read a value with a tag of its own (`!reset`) as the plain one."""
    kind = getattr(node, "id", "")
    if kind == "mapping":
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True) if kind == "sequence" else loader.construct_scalar(node)


def is_vllm(service: Any) -> bool:
    """Say whether a service looks like a vLLM server."""
    if not isinstance(service, Mapping):
        return False
    words = f"{service.get('image', '')} {str(service.get('command', ''))[:4000]} {str(service.get('entrypoint', ''))[:4000]}"
    return bool(re.search(r"vllm|api_server", words, re.IGNORECASE)) or "vllm" in str(service.get("build", ""))[:400]


def read(data: Any, pasted: Pasted, variables: Mapping[str, str]) -> bool:
    """Read the vLLM service (else the first) into `pasted`; False when there is no service."""
    services = data.get("services") if isinstance(data, Mapping) else None
    if services is None and isinstance(data, Mapping):
        services = data if any(isinstance(one, Mapping) and "image" in one for one in data.values()) else {"": data}
    if not isinstance(services, Mapping):
        return False
    known = {str(name): one for name, one in services.items() if isinstance(one, Mapping) and (one.keys() & STARTS)}
    if not known:
        return False
    serving = [name for name, one in known.items() if is_vllm(one)]
    chosen = serving[0] if serving else next(iter(known))
    if len(serving) > 1:
        text = _("Several services serve a model: only {name} was read.").format(name=chosen)
        pasted.note(Kind.COMMANDS, None, text)
    _service(known[chosen], chosen, pasted, dict(variables))
    return True


STARTS = {"image", "command", "build", "entrypoint"}
"""What a service has at least one of."""


def _service(service: Mapping[Any, Any], name: str, pasted: Pasted, variables: dict[str, str]) -> None:
    pasted.run_as = "docker"
    pasted.service = name
    known = _filled(service, variables, 0)
    for key, value in known.items():
        put = ROWS.get(str(key))
        if put is not None:
            put(pasted, value)
        elif value is not None and not str(key).startswith("x-"):
            pasted.further.append((str(key).replace("_", "-"), _short(value), f"{key}: {_short(value)}"))
    if not pasted.image:
        pasted.image = None


def _filled(value: Any, variables: Mapping[str, str], depth: int) -> Any:
    """Put known variables and defaults in (`${X:-y}`); lists and tables too long to be a service's are cut."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return interpolated(value, variables)
    if isinstance(value, Mapping):
        return {str(key): _filled(one, variables, depth + 1) for key, one in list(value.items())[:MANY]}
    if isinstance(value, list):
        return [_filled(one, variables, depth + 1) for one in value[:MANY]]
    return value if value is None else str(value)


VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|([A-Za-z_]\w*))")


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """Put variables in as compose does; one without a known value and without a default stays as it is written."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        known = variables.get(found[1] or found[4])
        sign = found[2] or ""
        if known is not None and (known or not sign.startswith(":")):
            return str(found[3]) if sign.endswith("+") else known
        if sign.endswith("-"):
            return interpolated(found[3], variables) if "$" in found[3] else str(found[3])
        return "" if sign.endswith("+") else str(found[0])

    return VARIABLE.sub(value, text)


def words(value: Any) -> list[str]:
    """Read a command: a list, or one text that is cut as a shell cuts it."""
    if isinstance(value, list):
        return [str(one) for one in value if one is not None]
    if not isinstance(value, str):
        return []
    line = re.sub(r"\\[ \t]*\n", " ", value).replace("\n", " ")
    found = shell_line.commands(line)
    return [text for command in found for word in command for text in word.values]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:400]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _pairs(value: Any) -> list[tuple[str, str | None]]:
    """Read a list of `a=b` or a table."""
    if isinstance(value, Mapping):
        return [(str(key), None if one is None else str(one)) for key, one in value.items()]
    cut = [str(one).partition("=") for one in _listed(value) if isinstance(one, str)]
    return [(name, text if equals else None) for name, equals, text in cut if name]


def _environment(pasted: Pasted, value: Any) -> None:
    pasted.env.update(_pairs(value))


def _labels(pasted: Pasted, value: Any) -> None:
    pasted.labels.update((name, text or "") for name, text in _pairs(value))


def _env_file(pasted: Pasted, value: Any) -> None:
    pasted.env_files += [
        str(one.get("path", "")) if isinstance(one, Mapping) else str(one) for one in _listed(value)
    ]


def _ports(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, Mapping):
            inner = port(str(one.get("target", "")))
            outer = port(str(one.get("published") or ""))
            protocol = str(one.get("protocol") or "tcp")
            pasted.ports.append(Port(str(one.get("host_ip") or ""), outer, inner if inner is not None else 0, protocol))
        else:
            pasted.ports += ports(str(one))


def _volumes(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, Mapping):
            only = "readonly=true" if str(one.get("read_only", "")).lower() in ("true", "yes", "on") else "readonly=false"
            fields = [f"{key}={one.get(key) or ''}" for key in ("type", "source", "target")]
            if not mount_option(pasted, [*fields, only], "volume"):
                pasted.further.append(("mount", _short(one), f"volume: {_short(one)}"))
        else:
            volume(pasted, str(one), f"volume: {one}")


def _devices(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, str):
            engine.put(pasted, "device", one, f"device: {one}")


def _gpus(pasted: Pasted, value: Any) -> None:
    if isinstance(value, str):
        pasted.gpus = engine.gpus(value)
        return
    for one in _listed(value):
        if isinstance(one, Mapping):
            _reserved(pasted, one)


def _reserved(pasted: Pasted, device: Mapping[str, Any]) -> None:
    """Read one entry of `reservations.devices`."""
    asked = [str(one) for one in _listed(device.get("capabilities"))]
    if asked and not {"gpu", "nvidia"}.intersection(re.findall(r"[\w-]+", " ".join(asked))):
        return
    cards = [str(card) for card in _listed(device.get("device_ids"))]
    count = str(device.get("count") or "all")
    pasted.gpus = f"device={','.join(cards)}" if cards else "all" if count == "-1" else count


def _deploy(pasted: Pasted, value: Any) -> None:
    resources = value.get("resources") if isinstance(value, Mapping) else None
    resources = resources if isinstance(resources, Mapping) else {}
    for part, key in (("reservations", "devices"), ("limits", "memory"), ("limits", "cpus")):
        table = resources.get(part)
        held = table.get(key) if isinstance(table, Mapping) else None
        if key == "devices":
            _gpus(pasted, held)
        elif held is not None:
            pasted.further.append((key, str(held), f"{key}: {held}"))


def _setting(key: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if isinstance(value, str) and value:
            pasted.settings[key] = value

    return keep


def _networks(pasted: Pasted, value: Any) -> None:
    names = [str(one) for one in (value.keys() if isinstance(value, Mapping) else _listed(value))]
    for place, name in enumerate(names):
        if place or "network" in pasted.settings:
            pasted.further.append(("network", name, f"network: {name}"))
        else:
            pasted.settings["network"] = name


def _text(field: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if isinstance(value, str):
            setattr(pasted, field, value)

    return keep


def _command(pasted: Pasted, value: Any) -> None:
    pasted.command = words(value)


def _entrypoint(pasted: Pasted, value: Any) -> None:
    if value is not None:
        pasted.entrypoint = words(value)
        pasted.further.append(("entrypoint", _short(value), f"entrypoint: {_short(value)}"))


def _each(option: str, mark: str = "=") -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        for name, text in _pairs(value) if isinstance(value, Mapping) else [(str(one), None) for one in _listed(value)]:
            whole = name if text is None else f"{name}{mark}{text}"
            pasted.further.append((option, whole, f"{option}: {whole}"))

    return keep


def _ulimits(pasted: Pasted, value: Any) -> None:
    for name, one in value.items() if isinstance(value, Mapping) else ():
        both = f"{one.get('soft')}:{one.get('hard')}" if isinstance(one, Mapping) else one
        pasted.further.append(("ulimit", f"{name}={both}", f"ulimit {name}={both}"))


def _switch(option: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if str(value).lower() in ("true", "yes", "on"):
            pasted.further.append((option, "", option))

    return keep


ROWS: dict[str, Callable[[Pasted, Any], None]] = {
    "image": _text("image"),
    "container_name": _text("name"),
    "command": _command,
    "entrypoint": _entrypoint,
    "environment": _environment,
    "env_file": _env_file,
    "labels": _labels,
    "ports": _ports,
    "volumes": _volumes,
    "devices": _devices,
    "gpus": _gpus,
    "deploy": _deploy,
    "ipc": _setting("ipc"),
    "shm_size": _setting("shm_size"),
    "network_mode": _setting("network"),
    "networks": _networks,
    "runtime": _setting("runtime"),
    "restart": _setting("restart"),
    "ulimits": _ulimits,
    "cap_add": _each("cap-add"),
    "cap_drop": _each("cap-drop"),
    "security_opt": _each("security-opt"),
    "group_add": _each("group-add"),
    "extra_hosts": _each("add-host", ":"),
    "dns": _each("dns"),
    "sysctls": _each("sysctl"),
    "tmpfs": _each("tmpfs"),
    "privileged": _switch("privileged"),
    "init": _switch("init"),
    "tty": _switch("tty"),
    "stdin_open": _switch("interactive"),
    "read_only": _switch("read-only"),
    "mem_limit": lambda pasted, value: pasted.further.append(("memory", str(value), f"memory: {value}")),
    "working_dir": lambda pasted, value: pasted.further.append(("workdir", str(value), f"workdir: {value}")),
}
"""What each key of a service fills; every other is kept as given."""
