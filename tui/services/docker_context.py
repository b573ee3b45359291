"""Which engine is meant: DOCKER_HOST, DOCKER_CONTEXT, the current context, or the usual socket."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tui.services.errors import ServiceError

SOCKET = "unix:///var/run/docker.sock"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine listens, and who said so."""

    address: str
    """unix:///var/run/docker.sock, tcp://gpu1:2376, npipe://…"""
    context: str
    """The context's name; `default` or `DOCKER_HOST` when no context chose it."""
    origin: str
    """Who named it: argument, DOCKER_HOST, DOCKER_CONTEXT, config (`currentContext`), default."""
    tls: Any = None
    """docker-py's TLSConfig, None without TLS."""

    @property
    def scheme(self) -> str:
        """unix, tcp, npipe or ssh."""
        return self.address.partition("://")[0]

    @property
    def path(self) -> str:
        """The socket's path on this machine, empty for the other schemes."""
        return self.address.removeprefix("unix://") if self.scheme == "unix" else ""

    @property
    def host(self) -> str:
        """The name of the machine, empty for a socket."""
        return (urlsplit(self.address).hostname or "") if self.scheme == "tcp" else ""

    @property
    def port(self) -> int:
        """The TCP port, 0 for a socket."""
        return urlsplit(self.address).port or 0


def resolve(address: str | None, context: str | None, environ: Mapping[str, str] | None = None) -> Endpoint:
    """Find the engine in the order of the docker command: what was asked for, then the environment, then the files.

    Reads files: call it in a pool or a thread.

    Raises:
        ServiceError: The named context does not exist or cannot be read, or the address makes no sense.
    """
    environ = os.environ if environ is None else environ
    if address:
        return _checked(Endpoint(address, "default", "argument"))
    if context:
        return _from_context(context, "argument", environ)
    if environ.get("DOCKER_HOST"):
        return _from_host(environ)
    if environ.get("DOCKER_CONTEXT"):
        return _from_context(environ["DOCKER_CONTEXT"], "DOCKER_CONTEXT", environ)
    name = _current(_config_folder(environ))
    return Endpoint(SOCKET, "default", "default") if name == "default" else _from_context(name, "config", environ)


def other_sockets(environ: Mapping[str, str] | None = None) -> list[str]:
    """List the sockets of engines that lie in other usual places: rootless Docker, Docker Desktop for Linux, Podman."""
    environ = os.environ if environ is None else environ
    runtime, home = environ.get("XDG_RUNTIME_DIR", ""), Path(environ.get("HOME", "/nonexistent"))
    places = [home / ".docker/desktop/docker.sock", home / ".docker/run/docker.sock", Path("/run/podman/podman.sock")]
    if runtime:
        places[:0] = [Path(runtime, "docker.sock"), Path(runtime, "podman/podman.sock")]
    return [f"unix://{place}" for place in places if _is_socket(place)]


def _is_socket(place: Path) -> bool:
    try:
        return place.is_socket()
    except OSError:
        return False


def _from_host(environ: Mapping[str, str]) -> Endpoint:
    address, tls = environ["DOCKER_HOST"], None
    if environ.get("DOCKER_TLS_VERIFY") or environ.get("DOCKER_CERT_PATH"):
        from docker.errors import DockerException
        from docker.utils import kwargs_from_env

        try:
            tls = kwargs_from_env(dict(environ)).get("tls")
        except DockerException as error:
            title = _("Docker's TLS certificates cannot be used")
            raise ServiceError(title, str(error), _("Check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY.")) from error
    return _checked(Endpoint(address, "DOCKER_HOST", "DOCKER_HOST", tls))


def _config_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DOCKER_CONFIG") or Path(environ.get("HOME") or Path.home(), ".docker"))


def _current(folder: Path) -> str:
    """Give the name of the current context; a broken config has none, as for the docker command."""
    try:
        return str(json.loads((folder / "config.json").read_bytes()).get("currentContext") or "default")
    except (OSError, ValueError, AttributeError):
        return "default"


def _from_context(name: str, origin: str, environ: Mapping[str, str]) -> Endpoint:
    """Read a context's files; docker-py finds them only beside an existing config.json, so we do it ourselves."""
    if name == "default":
        return Endpoint(SOCKET, "default", "default")
    folder, identity = _config_folder(environ) / "contexts", hashlib.sha256(name.encode()).hexdigest()
    try:
        found = json.loads((folder / "meta" / identity / "meta.json").read_bytes())["Endpoints"]["docker"]
        tls = _certificates(folder / "tls" / identity / "docker", bool(found.get("SkipTLSVerify")))
        return _checked(Endpoint(str(found.get("Host") or SOCKET), name, origin, tls))
    except FileNotFoundError as error:
        title = _("There is no docker context “{name}”").format(name=name)
        meant = Endpoint("", name, origin)
        raise ServiceError(title, _named_by(meant), _mend_named(meant)) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        title = _("The docker context “{name}” cannot be read").format(name=name)
        mend = _("Choose another one: docker context use default")
        raise ServiceError(title, f"{type(error).__name__}: {error}", mend) from error


def _certificates(folder: Path, skips: bool) -> Any:
    """Give a context's TLSConfig; None where it has neither certificates nor wants TLS without them."""
    from docker.tls import TLSConfig

    authority, certificate, key = (folder / f"{name}.pem" for name in ("ca", "cert", "key"))
    pair = (str(certificate), str(key)) if certificate.is_file() and key.is_file() else None
    if not (pair or authority.is_file() or skips):
        return None
    return TLSConfig(pair, str(authority) if authority.is_file() else None, verify=not skips)


def _checked(endpoint: Endpoint) -> Endpoint:
    """Write the address out in full, as docker-py wants it; refuse what makes no sense and what cannot work."""
    address = endpoint.address.strip()
    if "://" not in address:
        address = f"tcp://{address}" if ":" in address else f"?://{address}"
    scheme, _colon, rest = address.partition("://")
    if scheme in ("ssh", "npipe"):
        title = _("An engine behind {scheme}:// cannot be used from here").format(scheme=scheme)
        raise ServiceError(title, f"{address}. {_named_by(endpoint)}", _mend_named(endpoint))
    if scheme == "unix" and rest:
        return replace(endpoint, address=f"unix:///{rest.lstrip('/')}")
    try:
        parts = urlsplit(address)
        if scheme in ("tcp", "http", "https") and parts.hostname and not (parts.query or parts.path.strip("/")):
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            return replace(endpoint, address=f"tcp://{host}:{parts.port or (2376 if endpoint.tls else 2375)}")
    except ValueError:
        pass
    raise ServiceError(
        _("“{address}” is no address of an engine").format(address=endpoint.address),
        _named_by(endpoint),
        _("Write it as unix:///var/run/docker.sock or tcp://HOST:PORT."),
    )


def _named_by(endpoint: Endpoint) -> str:
    if endpoint.origin in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        return _("The variable {name} says so").format(name=endpoint.origin)
    if endpoint.origin == "config":
        return _("The current docker context is “{name}”").format(name=endpoint.context)
    return _("It was asked for by name")


def _mend_named(endpoint: Endpoint) -> str:
    if endpoint.origin in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        return _("Unset {name} to use the usual engine; “docker context ls” shows the others.").format(
            name=endpoint.origin
        )
    if endpoint.origin == "config":
        return _("Go back with: docker context use default; “docker context ls” shows the others.")
    return _("“docker context ls” shows the ones there are.")
