"""From a process or an address and its watch to the one row a server has."""

from __future__ import annotations

import pwd
from collections.abc import Iterator
from dataclasses import replace
from gettext import gettext as _

from profiles.masking import masked_words
from tui.services.endpoints import Endpoint
from tui.services.fleet_rows import doubted, working
from tui.services.fleet_watch import Watch
from tui.services.native_scan import Native
from tui.services.server import Server, State
from tui.services.vllm import Identity


def native_row(host: str, name: str, native: Native, watch: Watch, user: str) -> Server:
    """Draw up a process."""
    state, since = _state(watch, native.began)
    current = watch.boot(watch.began).current if state is State.STARTING else None
    owner = _("process {pid} of {user}") if user else _("process {pid}")
    return replace(
        _said(host, name, (native.id, "process"), state, watch),
        phase=current.name if current else None,
        progress=current.fraction if current else None,
        model=_identity(watch).model or next(iter(native.command.served_names), None),
        path=native.command.model,
        url=native.url,
        port=native.port,
        since=since,
        task=native.command.task,
        api_key=native.key,
        arguments=masked_words((*native.command.prefix, *native.command.words)),
        origin=owner.format(pid=native.pid, user=user),
        all_interfaces=native.all_interfaces,
    )


def endpoint_row(host: str, name: str, endpoint: Endpoint, watch: Watch, key_is_missing: bool) -> Server:
    """Draw up an address; one that does not answer may be anything, so that it is silent is all there is to say."""
    state, since = _state(watch, watch.began)
    if state in {State.STARTING, State.UNKNOWN}:
        state = State.SILENT
    origin = _("the settings; its key variable {name} is not set") if key_is_missing else _("the settings")
    return replace(
        _said(host, name, (endpoint.id, "endpoint"), state, watch),
        model=_identity(watch).model,
        url=endpoint.url,
        since=since,
        api_key=watch.way.key,
        origin=origin.format(name=endpoint.key_env),
    )


def gone_row(row: Server, stopped_by_us: bool, watch: Watch, now: float) -> Server:
    """Draw up a process that has ended: by us, by itself in the middle of its boot, or in a way that nobody knows."""
    state = State.FAILED if watch.reader.failed and not watch.ready else State.GONE
    return replace(
        row,
        state=State.STOPPED if stopped_by_us else state,
        since=now,
        url=None,
        running=None,
        waiting=None,
        action=None,
    )


def names_of(about: Native | Endpoint) -> Iterator[str]:
    """Give the names it may have, the best first: its own, else with its port, else with its process id."""
    if isinstance(about, Endpoint):
        yield about.name
        yield from (f"{about.name}-{number}" for number in range(2, 10_000))
        return
    port = about.port or about.command.port
    served = next(iter(about.command.served_names), "").rstrip("/").rpartition("/")[2]
    plain = served if served and served.isprintable() and not set(served) & set("$`") else f"vllm-{port}"
    yield from (plain, f"{plain}-{port}", f"{plain}-{about.pid}", f"{plain}-{about.pid}-{about.start}")
    yield from (f"{plain}-{about.pid}-{number}" for number in range(2, 10_000))


def user_name(number: int | None) -> str:
    """Name a user; "" when it is not known who it is."""
    if number is None:
        return ""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _said(host: str, name: str, what: tuple[str, str], state: State, watch: Watch) -> Server:
    identity, vitals, (id_, kind) = _identity(watch), watch.vitals, what
    return Server(
        host,
        id_,
        name,
        kind,
        state,
        version=identity.version,
        context_length=identity.context_length,
        running=vitals.running if vitals else None,
        waiting=vitals.waiting if vitals else None,
        doubted=doubted(state, watch),
        action=None if watch.asked.is_set() else "…",
    )


def _identity(watch: Watch) -> Identity:
    return watch.identity or Identity()


def _state(watch: Watch, began: float) -> tuple[State, float | None]:
    if watch.failed and not watch.ready:
        return State.FAILED, watch.reader.failed_at
    if not (watch.ready or watch.unreachable or watch.failed):
        return State.STARTING, began
    return working(watch), began
