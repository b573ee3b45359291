"""Building the real services and the app over them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.cli.folders import Folders
from tui.services.settings_write import write_setting
from tui.settings import Settings, read_settings

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.beside import Beside
    from tui.services.catalogue import Catalogues
    from tui.services.gpu import GpuSource
    from tui.services.host import Host
    from tui.services.probe import Probing
    from tui.services.services import Services

LOCAL = "local"
"""The name of this machine as a host."""


def build_services(folders: Folders, settings: Settings, read_only: bool) -> Services:
    """Build the services of this machine; nothing is connected, opened or created by it."""
    from tui.services.services import Places, Services

    places = Places(
        profiles=folders.config / "profiles",
        database=folders.data / "llmtui.db",
        journal=folders.state / "journal",
        log_bytes=settings.log_megabytes * 1_000_000,
        models=settings.model_folders,
    )

    def probing() -> Probing:
        return probing_of(settings, read_only)

    def beside() -> Beside:
        from tui.services.beside import Beside
        from tui.services.endpoints import Endpoints
        from tui.services.natives import Natives

        return Beside(Natives(), Endpoints(settings.endpoints, folders.settings), probing())

    def catalogues(host: Host) -> Catalogues:
        from tui.services.catalogue import Catalogues

        # Asking starts a container, if only for seconds: who only looks starts none.
        return Catalogues(None if read_only else host.engine, folders.cache / "catalogues")

    return Services(
        LOCAL,
        _this_machine,
        places,
        os.environ,
        read_only=read_only,
        open_probing=probing,
        open_beside=beside,
        open_gpus=_gpus,
        open_catalogues=catalogues,
    )


def probing_of(settings: Settings, read_only: bool) -> Probing:
    """Say how often servers are asked for a token: who only looks sends no questions, unless he has settled it."""
    from tui.services.probe import Probing

    usual = 0.0 if read_only else Probing().seconds
    return Probing(usual if settings.probe_seconds is None else settings.probe_seconds, settings.probe)


def _gpus() -> Sequence[GpuSource]:
    from tui.services.gpu_sources import of_this_machine

    return of_this_machine()


def _this_machine() -> Host:
    from functools import cache

    from tui.services.docker_context import resolve
    from tui.services.docker_engine import DockerEngine
    from tui.services.errors import ServiceError
    from tui.services.host import Host
    from tui.services.shell import docker_command

    @cache
    def address() -> str:
        try:
            return resolve(None, None).host or "127.0.0.1"
        except ServiceError:
            return "127.0.0.1"

    engine = DockerEngine()
    return Host(LOCAL, LOCAL, engine, address, lambda: docker_command(engine.endpoint()))


def open_demo(settings: Settings, read_only: bool) -> Services:
    """Build the services of the simulated host."""
    from tui.demo.host import DemoServices

    return DemoServices(read_only=read_only, log_bytes=settings.log_megabytes * 1_000_000)


def run_app(options: Options) -> int:
    """Open the app; the process ends with it."""
    from tui.app import LlmTui
    from tui.cli import ending
    from tui.services.own_log import LOG, OwnLog

    folders = Folders.of(options.home)
    settings = read_settings(folders.settings)
    demo = partial(open_demo, settings, options.read_only)
    app = LlmTui(
        demo() if options.demo else build_services(folders, settings, options.read_only),
        settings,
        theme=options.theme or settings.theme,
        ascii_only=options.ascii,
        low_bandwidth=options.low_bandwidth,
        open_demo=demo,
        keep_theme=None if options.theme else partial(write_setting, folders.settings, "theme"),
    )

    def tidy() -> None:
        app.services.tidy()  # those of the host in view by then

    LOG.addHandler(OwnLog(folders.state / "llmtui.log"))
    ending.run(app, folders.state, motion=not options.low_bandwidth, typed=options.typed, tidy=tidy)
