"""A Docker (or Podman) engine behind the `Engine` protocol."""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from gettext import gettext as _
from typing import Any
from urllib.parse import quote, urlencode

from tui.services import docker_records as records
from tui.services.docker_calls import Calls
from tui.services.docker_connection import RefusedError
from tui.services.docker_context import Endpoint
from tui.services.docker_exec import run_inside
from tui.services.docker_logs import LogSource
from tui.services.docker_sources import EventSource, PullSource, registry_login
from tui.services.docker_stats import DockerStats
from tui.services.docker_streams import ByteStream
from tui.services.docker_trouble import gate
from tui.services.engine import Container, ContainerStats, EngineInfo, ImageInfo
from tui.services.errors import ServiceError

SLOW = 60.0
"""Seconds for what an engine may be slow at while it is alive: create, start, remove."""
ENDLESS = 86400.0
"""Seconds that stand for a container which is never killed (`--stop-timeout -1`)."""
LOG_SILENCE = 4.0
"""Most seconds that a log which is not followed may pause: it lies on the disk."""


class DockerEngine:
    """Speaks with one engine; building it connects to nothing and imports nothing.

    Args:
        address: `unix:///…` or `tcp://…`; None finds the engine as the docker command does.
        context: The name of a docker context.
    """

    def __init__(self, address: str | None = None, context: str | None = None) -> None:
        self._calls = Calls(address, context)
        self._slow_calls = Calls(address, context)
        self._stats = DockerStats()
        self._streams: weakref.WeakSet[ByteStream] = weakref.WeakSet()

    def endpoint(self) -> Endpoint:
        """Say where the engine listens, and who said so; may read files.

        Raises:
            ServiceError: That cannot be told.
        """
        return self._calls.endpoint()

    async def info(self) -> EngineInfo:
        """Say who answers."""
        title = _("Docker did not say who it is")
        version = await self._calls.ask("/version", title, parse=records.version)
        end = self._calls.endpoint()
        read = partial(records.engine_info, version, address=end.address, context=end.context)
        return await self._calls.ask("/info", title, at_most=20.0, parse=read)

    async def containers(self) -> list[Container]:
        """List all containers in one call."""
        title = _("Docker did not list its containers")
        return await self._calls.ask("/containers/json?all=1", title, parse=records.listed(records.container))

    async def inspect(self, container: str) -> dict[str, Any]:
        """Give the raw inspect record (with Docker's words for the state, whatever engine it is)."""
        title = _("Docker could not look at {name}").format(name=container)
        return await self._calls.ask(_about(container, "json"), title, parse=records.inspected)

    async def create(self, name: str, body: Mapping[str, Any]) -> str:
        """Post a raw create body, untouched; return the new id."""

        def ask(client: Any) -> str:
            answer = _post(client, client._url("/containers/create"), body, name=name)
            return str(answer.json()["Id"])

        return await self._calls.run(ask, _("Docker could not create {name}").format(name=name), at_most=SLOW)

    async def start(self, container: str) -> None:
        """Start a container."""
        title = _("Docker could not start {name}").format(name=container)
        await self._calls.run(lambda client: client.start(container), title, at_most=SLOW)

    async def stop(self, container: str, grace: int | None = None) -> None:
        """Stop a container; it is killed after `grace` seconds, None leaves that to its own settings."""
        await self._end(container, "stop", grace, _("Docker could not stop {name}").format(name=container))

    async def restart(self, container: str, grace: int | None = None) -> None:
        """Stop and start a container; `grace` is as for `stop`."""
        await self._end(container, "restart", grace, _("Docker could not restart {name}").format(name=container))

    async def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal to the container's first process."""
        title = _("Docker could not send {signal} to {name}").format(signal=signal, name=container)
        await self._calls.run(lambda client: client.kill(container, signal), title, at_most=SLOW)

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        """Delete a container."""

        def ask(client: Any) -> None:
            client.remove_container(container, v=volumes, force=force)

        await self._calls.run(ask, _("Docker could not remove {name}").format(name=container), at_most=SLOW)

    async def rename(self, container: str, name: str) -> None:
        """Give a container another name."""
        title = _("Docker could not rename {name}").format(name=container)
        await self._calls.run(lambda client: client.rename(container, name), title, at_most=SLOW)

    async def set_restart_policy(self, container: str, policy: str, retries: int = 0) -> None:
        """Set the restart policy, also of a running container."""
        wanted = {"Name": policy, "MaximumRetryCount": retries}

        def ask(client: Any) -> None:
            _post(client, client._url("/containers/{0}/update", container), {"RestartPolicy": wanted})

        title = _("Docker could not change the restart policy of {name}").format(name=container)
        await self._calls.run(ask, title, at_most=SLOW)

    async def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Join a container to a network."""
        body = {"Container": container, "EndpointConfig": dict(endpoint)}

        def ask(client: Any) -> None:
            _post(client, client._url("/networks/{0}/connect", network), body)

        title = _("Docker could not join {name} to the network {network}").format(name=container, network=network)
        await self._calls.run(ask, title, at_most=SLOW)

    async def top(self, container: str) -> list[tuple[int, str]]:
        """List a container's processes."""
        title = _("Docker did not list the processes of {name}").format(name=container)
        return await self._calls.ask(_about(container, "top"), title, parse=records.processes)

    async def exec(self, container: str, command: Sequence[str], patience: float = 10.0) -> tuple[int, str]:
        """Run a short command in a running container."""
        title = _("Docker could not run {command} in {name}").format(command=command[0], name=container)
        # What hangs in there is no engine that hangs: its own limit comes first.
        at_most = patience + SLOW
        call = self._slow_calls.run(lambda client: run_inside(client, container, command, patience), title, at_most)
        async with asyncio.timeout(patience):
            return await call

    async def stats(self, container: str) -> ContainerStats:
        """Say what a container uses; the CPU is known from the second time on."""
        title = _("Docker did not say what {name} uses").format(name=container)
        # Older engines wait a second before they answer: nothing else shall stand behind that.
        path = _about(container, "stats?stream=false&one-shot=true")
        return await self._slow_calls.ask(path, title, parse=partial(self._stats.read, container))

    async def images(self) -> list[ImageInfo]:
        """List the images with a tag."""
        title = _("Docker did not list its images")
        images = await self._calls.ask("/images/json", title, parse=records.listed(records.image))
        return [image for image in images if image.tags]

    async def image(self, reference: str) -> ImageInfo | None:
        """Give one image with its config; None when it is not on the disk."""
        title = _("Docker could not look at the image {name}").format(name=reference)
        try:
            return await self._calls.ask(f"/images/{quote(reference, safe='/:@')}/json", title, parse=records.image)
        except ServiceError as error:
            if isinstance(error.__cause__, RefusedError) and error.__cause__.status == 404:
                return None
            raise

    def events(self, since: float | None = None) -> EventSource:
        """Stream what happens to containers and images."""
        query = {"filters": json.dumps({"type": ["container", "image"]})}
        if since is not None:
            query["since"] = f"{since:.9f}"
        title = _("Docker stopped telling what happens")
        return EventSource(self._stream(f"/events?{urlencode(query)}"), self._gate(title))

    def logs(
        self, container: str, *, tty: bool, tail: int | None = None, since: float | None = None, follow: bool = True
    ) -> LogSource:
        """Stream a container's log; it also ends, without an error, when the engine goes away: inspect, then judge.

        `tty` is only a hint: what comes shows by itself whether a terminal wrote it.
        """
        query = {"stdout": "1", "stderr": "1", "timestamps": "1", "follow": str(int(follow))}
        query["tail"] = "all" if tail is None else str(tail)
        if since is not None:
            query["since"] = f"{since:.9f}"
        path = _about(container, f"logs?{urlencode(query)}")
        return LogSource(
            self._stream(path, None if follow else LOG_SILENCE),
            self._gate(_("Docker did not give the log of {name}").format(name=container)),
        )

    def pull(self, reference: str) -> PullSource:
        """Pull an image; closing the source cancels it."""
        name, tag = split_reference(reference)
        stream = ByteStream(
            self._calls.endpoint,
            f"/images/create?{urlencode({'fromImage': name, 'tag': tag})}",
            method="POST",
            headers=lambda: registry_login(name),
            whole=True,
            patience=None,
        )
        self._streams.add(stream)
        title = _("Docker could not pull {name}").format(name=reference)
        return PullSource(stream, self._gate(title), title)

    def close(self) -> None:
        """Close every stream and let go of the pool; waits for nothing."""
        for stream in list(self._streams):
            stream.close()
        self._calls.close()
        self._slow_calls.close()

    async def _end(self, container: str, how: str, grace: int | None, title: str) -> None:
        seconds = grace
        if seconds is None:  # the engine heeds what the container says of it; we must not leave before
            seconds = await self._calls.ask(_about(container, "json"), title, parse=records.stop_seconds)

        def ask(client: Any) -> None:
            query = {} if grace is None else {"t": str(grace)}
            client._raise_for_status(client._post(client._url(f"/containers/{{0}}/{how}", container), params=query))

        await self._calls.run(ask, title, at_most=(seconds if seconds >= 0 else ENDLESS) + SLOW)

    def _stream(self, path: str, silence: float | None = None) -> ByteStream:
        stream = ByteStream(self._calls.endpoint, path, silence=silence)
        self._streams.add(stream)
        return stream

    def _gate(self, title: str) -> Any:
        def enter() -> AbstractContextManager[None]:
            return gate(self._calls.endpoint(), title)

        return enter


def _about(container: str, what: str) -> str:
    return f"/containers/{quote(container, safe='')}/{what}"


def _post(client: Any, url: str, body: Mapping[str, Any], **query: str) -> Any:
    """Post JSON as it is; docker-py's own helper would drop its nulls."""
    answer = client._post(url, data=json.dumps(body), params=query, headers={"Content-Type": "application/json"})
    client._raise_for_status(answer)
    return answer


def split_reference(reference: str) -> tuple[str, str]:
    """Split an image's name and its tag or digest; without one it is `latest`."""
    name, at, digest = reference.partition("@")
    if at:
        return name, digest
    name, colon, tag = reference.rpartition(":")
    return (name, tag) if colon and "/" not in tag else (reference, "latest")
