"""Reading a compose file: the service that serves vLLM, in compose's short and long forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from profiles.lint.finding import Kind
from profiles.paste.compose_rows import ROWS, short
from profiles.paste.record import Pasted

BEGIN = re.compile(
    r"^[ \t]*services[ \t]*:[ \t]*(?:#[^\n]*)?$|^[ \t]*[\"']?services[\"']?[ \t]*:[ \t]*\{", re.MULTILINE
)
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

    Texts.add_constructor(None, _plain)
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
    """Read the vLLM service (the one that `pasted` names, else the first) into `pasted`; False when there is no service."""
    known = _services(data)
    if not known:
        return False
    names = serving(data)
    chosen = pasted.service if pasted.service in names else names[0] if names else next(iter(known))
    if len(names) > 1:
        text = _("Several services serve a model: only {name} was read.").format(name=chosen)
        pasted.note(Kind.COMMANDS, None, text)
    _service(known[chosen], chosen, pasted, dict(variables))
    return True


def serving(data: Any) -> tuple[str, ...]:
    """Name the services that look like vLLM servers, in their order."""
    return tuple(name for name, one in _services(data).items() if is_vllm(one))


def _services(data: Any) -> dict[str, Mapping[Any, Any]]:
    services = data.get("services") if isinstance(data, Mapping) else None
    if services is None and isinstance(data, Mapping):
        services = data if any(isinstance(one, Mapping) and "image" in one for one in data.values()) else {"": data}
    if not isinstance(services, Mapping):
        return {}
    return {str(name): one for name, one in services.items() if isinstance(one, Mapping) and (one.keys() & STARTS)}


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
            pasted.further.append((str(key).replace("_", "-"), short(value), f"{key}: {short(value)}"))
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
