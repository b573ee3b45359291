"""Why an engine cannot be reached, told apart: not running, no permission, wrong address, no integration, TLS, hangs."""

from __future__ import annotations

import errno
import json
import os
import shutil
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Any

from tui.services.docker_answers import refused, short
from tui.services.docker_connection import RefusedError
from tui.services.docker_context import Endpoint, other_sockets
from tui.services.errors import ServiceError
from tui.services.wsl import in_wsl

GIBBERISH = ("Invalid response from docker daemon", "not an HTTP answer", "BadStatusLine", "Expecting value")
"""What it sounds like when something else listens there."""


class StrangeError(Exception):
    """An answer in JSON that no engine gives."""

    def __init__(self, answer: object) -> None:
        super().__init__(json.dumps(answer)[:200])


@contextmanager
def gate(endpoint: Endpoint, title: str) -> Iterator[None]:
    """Turn whatever docker-py, requests, sockets or the engine throw into a `ServiceError`; the one place.

    Args:
        endpoint: The engine that was asked.
        title: What was tried, for a refusal that we have no words for ("Docker could not start smol").
    """
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        raise translated(error, endpoint, title) from error


def translated(error: BaseException, endpoint: Endpoint, title: str) -> ServiceError:
    """Say in plain words what an exception means."""
    if isinstance(error, StrangeError):
        return _no_engine(endpoint, str(error))
    if isinstance(error, RefusedError):
        foreign = error.status == 404 and not error.of_engine
        return _no_engine(endpoint, error.message) if foreign else refused(error.message, title)
    if is_answer(error):
        return refused(str(getattr(error, "explanation", "") or error), title)
    if error_is_tls(error):
        return _tls(error, endpoint)
    return _unreachable(error, endpoint, title)


def is_answer(error: BaseException | None) -> bool:
    """Say whether the engine did answer, if only with a no; docker-py is not imported for the question."""
    if isinstance(error, RefusedError):
        return True
    docker_errors: Any = sys.modules.get("docker.errors")
    return docker_errors is not None and isinstance(error, docker_errors.APIError)


def error_is_tls(error: BaseException) -> bool:
    """Say whether certificates, or plain speech to a TLS port, are the trouble."""
    if any(isinstance(one, ssl.SSLError) or type(one).__name__ == "SSLError" for one in _chain(error)):
        return True
    return "HTTP request to an HTTPS server" in str(error)


def _unreachable(error: BaseException, endpoint: Endpoint, title: str) -> ServiceError:
    chain = list(_chain(error))
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return hangs(endpoint)
    if any(text in str(error) for text in GIBBERISH):
        return _no_engine(endpoint, str(error))
    if not any(isinstance(one, OSError) for one in chain):
        return ServiceError(title, short(str(error)))
    if not endpoint.path:
        return _network_trouble(endpoint, error)
    number = next((one.errno for one in chain if isinstance(one, OSError) and one.errno), None)
    return _socket_trouble(number, endpoint, error)


def hangs(endpoint: Endpoint) -> ServiceError:
    """Say that an engine took the question and gives no answer."""
    mend = _("It may be overloaded or stuck: wait, or restart it (sudo systemctl restart docker).")
    if endpoint.scheme == "tcp":
        mend = _("Check the network to it; the engine there may be overloaded or stuck.")
    return ServiceError(_("Docker does not answer in time"), endpoint.address, mend)


def _no_engine(endpoint: Endpoint, said: str) -> ServiceError:
    title = _("What answers at {address} is no Docker engine").format(address=endpoint.address)
    return ServiceError(title, short(said), _named(endpoint) or _("Check the address."))


def broke_off(endpoint: Endpoint, detail: str) -> ServiceError:
    """Say that an engine went away in the middle of an answer."""
    return ServiceError(_("Docker broke off"), short(detail) or endpoint.address, _start_it(endpoint))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk through what an exception wraps: causes, contexts, and the arguments in which urllib3 and requests hide it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, *one.args, getattr(one, "reason", None)]


def _tls(error: BaseException, endpoint: Endpoint) -> ServiceError:
    return ServiceError(
        _("The secure connection to Docker failed"),
        short(f"{endpoint.address}: {error}"),
        _("Check the certificates: DOCKER_CERT_PATH and DOCKER_TLS_VERIFY, or those of the docker context."),
    )


def _named(endpoint: Endpoint) -> str:
    """Say who sent us there."""
    if endpoint.origin == "DOCKER_HOST":
        return _("DOCKER_HOST points there; unset it to use the usual engine.")
    if endpoint.origin == "DOCKER_CONTEXT":
        return _("DOCKER_CONTEXT chose the context “{name}”; unset it to use the usual engine.").format(
            name=endpoint.context
        )
    if endpoint.origin == "config":
        return _("The docker context “{name}” points there; go back with: docker context use default").format(
            name=endpoint.context
        )
    if endpoint.context != "default":
        return _("The docker context “{name}” points there; look whether its engine runs.").format(
            name=endpoint.context
        )
    return ""


def _network_trouble(endpoint: Endpoint, error: BaseException) -> ServiceError:
    deepest = [one for one in _chain(error) if isinstance(one, OSError) and one.errno]
    detail = deepest[-1].strerror if deepest else str(error)
    return ServiceError(
        _("No engine answers at {address}").format(address=endpoint.address),
        short(str(detail)),
        _named(endpoint) or _("Check the address and the network, and that Docker runs there."),
    )


def _socket_trouble(number: int | None, endpoint: Endpoint, error: BaseException) -> ServiceError:
    if number in (errno.EACCES, errno.EPERM):
        return _no_permission(endpoint)
    if "podman" in endpoint.path and number in (errno.ENOENT, errno.ENOTDIR, errno.ECONNREFUSED):
        mend = _("Start it: systemctl --user start podman.socket")
        return ServiceError(_("Podman's socket does not answer"), endpoint.path, mend)
    if number in (errno.ENOENT, errno.ENOTDIR):
        return _no_socket(endpoint)
    if number == errno.ECONNREFUSED:
        return ServiceError(
            _("Docker is not running"), _("Nobody listens at {path}").format(path=endpoint.path), _start_it(endpoint)
        )
    if isinstance(error, ConnectionError) or number in (errno.ECONNRESET, errno.EPIPE):
        return broke_off(endpoint, str(error))
    return ServiceError(_("Docker does not answer"), short(str(error)), _start_it(endpoint))


def _start_it(endpoint: Endpoint) -> str:
    if named := _named(endpoint):
        return named
    if in_wsl() and not Path("/run/systemd/system").exists():
        return _("Start Docker Desktop, or in this distribution: sudo service docker start")
    return _("Start it: sudo systemctl start docker")


def _no_permission(endpoint: Endpoint) -> ServiceError:
    import grp

    detail, mend = endpoint.path, _("Use an account that may, or start llmtui with sudo.")
    try:
        owner = grp.getgrgid(Path(endpoint.path).stat().st_gid)
    except (OSError, KeyError):
        owner = None
    if owner is not None and owner.gr_name != "root":
        detail = _("{path} belongs to the group {group}").format(path=endpoint.path, group=owner.gr_name)
        mend = _("Join it: sudo usermod -aG {group} $USER; then log out and in again.").format(group=owner.gr_name)
        if os.environ.get("USER", "") in owner.gr_mem and owner.gr_gid not in os.getgroups():
            mend = _("You are in that group, but this login is older: log out and in again.")
    return ServiceError(_("You may not use Docker"), detail, mend)


def _no_socket(endpoint: Endpoint) -> ServiceError:
    detail = _("There is no {path}").format(path=endpoint.path)
    if named := _named(endpoint):
        return ServiceError(_("No engine is where it should be"), detail, named)
    if others := [address for address in other_sockets() if address != endpoint.address]:
        mend = _("An engine listens elsewhere; use it with: export DOCKER_HOST={address}").format(address=others[0])
        return ServiceError(_("Docker is not at its usual place"), detail, mend)
    command = shutil.which("docker")
    if in_wsl() and (command is None or _is_shim(command)):
        return ServiceError(
            _("Docker Desktop is not joined to this WSL distribution"),
            detail,
            _("In Docker Desktop: Settings, Resources, WSL integration: switch this distribution on."),
        )
    if command is None and shutil.which("dockerd") is None:
        return ServiceError(
            _("Docker is not installed here"), detail, _("Install it: https://docs.docker.com/engine/install")
        )
    return ServiceError(_("Docker is not running"), detail, _start_it(endpoint))


def _is_shim(command: str) -> bool:
    """Say whether `docker` is only Docker Desktop's script that tells to switch the integration on."""
    try:
        with Path(command).open("rb") as file:
            return b"WSL" in file.read(4096)
    except OSError:
        return False
