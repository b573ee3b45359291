"""Which engine is meant: DOCKER_HOST, DOCKER_CONTEXT, the current context, or the usual socket."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
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
        return urlsplit(self.address).scheme or "tcp"

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
        """The TCP port; Docker's own where none is said."""
        return urlsplit(self.address).port or (2376 if self.tls else 2375)


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
        return _from_context(context, "argument")
    if environ.get("DOCKER_HOST"):
        return _from_host(environ)
    if environ.get("DOCKER_CONTEXT"):
        return _from_context(environ["DOCKER_CONTEXT"], "DOCKER_CONTEXT")
    from docker.context.config import get_current_context_name

    name = str(get_current_context_name() or "default")
    return Endpoint(SOCKET, "default", "default") if name == "default" else _from_context(name, "config")


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
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env

    try:
        found = kwargs_from_env(dict(environ))
    except DockerException as error:
        raise ServiceError(
            _("Docker's TLS certificates cannot be used"),
            str(error),
            _("Check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY."),
        ) from error
    return _checked(Endpoint(str(found["base_url"]), "DOCKER_HOST", "DOCKER_HOST", found.get("tls")))


def _from_context(name: str, origin: str) -> Endpoint:
    from docker.context import ContextAPI

    try:
        found: Any = ContextAPI.get_context(name)
        if found is not None:
            return _checked(Endpoint(str(found.Host or SOCKET), name, origin, found.TLSConfig))
    except ServiceError:
        raise
    except Exception as error:  # docker-py raises bare Exception for a broken file
        raise ServiceError(
            _("The docker context “{name}” cannot be read").format(name=name),
            str(error),
            _("Choose another one: docker context use default"),
        ) from error
    raise ServiceError(
        _("There is no docker context “{name}”").format(name=name), _named_by(origin), _mend_missing(origin)
    )


def _checked(endpoint: Endpoint) -> Endpoint:
    """Refuse an address that the library would misread, and the schemes that cannot work."""
    if endpoint.scheme == "ssh":
        raise ServiceError(
            _("The docker context “{name}” goes over SSH, which this host kind does not use").format(
                name=endpoint.context
            ),
            endpoint.address,
            _("Choose another one: docker context use default"),
        )
    from docker.errors import DockerException
    from docker.utils import parse_host

    try:
        parse_host(endpoint.address, tls=bool(endpoint.tls))
    except (DockerException, ValueError) as error:
        raise ServiceError(
            _("“{address}” is no address of an engine").format(address=endpoint.address),
            f"{error}. {_named_by(endpoint.origin)}",
            _("Write it as unix:///var/run/docker.sock or tcp://HOST:PORT."),
        ) from error
    return endpoint


def _named_by(origin: str) -> str:
    if origin in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        return _("The variable {name} says so").format(name=origin)
    if origin == "config":
        return _("“currentContext” in ~/.docker/config.json says so")
    return _("It was asked for by name") if origin == "argument" else ""


def _mend_missing(origin: str) -> str:
    if origin == "DOCKER_CONTEXT":
        return _("Unset DOCKER_CONTEXT, or choose one that “docker context ls” shows.")
    if origin == "config":
        return _("Choose one that “docker context ls” shows: docker context use default")
    return _("“docker context ls” shows the ones there are.")
