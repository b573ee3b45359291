"""`llmtui status`: the servers and their states, once, without the app."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from tui.cli import headless
from tui.services.errors import ServiceError
from tui.services.server import Server
from tui.services.state_words import phase_words, state_name

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.fleet_view import FleetView
    from tui.services.gpu import GpuView
    from tui.services.services import Services

SETTLE_SECONDS = 4.0
"""How long a running server may take to answer before it is called starting."""


async def work(options: Options, services: Services) -> int:
    """Print the servers; 0 when the engine answered, 1 when it did not."""
    try:
        view, gpus = await _look(services, options.json)
    except ServiceError as error:
        return headless.failed(error, options.json, servers=[], gpus=None)
    print(as_json(view, gpus) if options.json else as_table(view), flush=True)
    if view.trouble is not None:
        headless.complain(view.trouble)  # what is listed serves beside the engine
        return headless.FAILED
    return headless.DONE


async def _look(services: Services, with_gpus: bool) -> tuple[FleetView, GpuView | None]:
    """Look at the servers and, beside that, at the GPUs; whose processes are on them is known only after both."""
    gpus = services.gpus if with_gpus else None
    if gpus is None:
        return await services.fleet.look_once(SETTLE_SECONDS), None
    view, reading = await asyncio.gather(services.fleet.look_once(SETTLE_SECONDS), asyncio.to_thread(gpus.once))
    await services.gpu_owners.look(reading)
    return view, gpus.named(reading)


def as_json(view: FleetView, gpus: GpuView | None = None) -> str:
    """Write `{"servers": [{host, name, kind, state, model, url, port, since, …}], "gpus": [{index, name, …}]}` as JSON.

    `gpus` is null where they could not be read.
    """
    from tui.services.gpu_json import as_records

    servers = [record(server) for server in view.servers]
    records = as_records(gpus) if gpus is not None else None
    return json.dumps({"servers": servers, "gpus": records}, ensure_ascii=False, indent=2)


def as_table(view: FleetView) -> str:
    """Write the servers as aligned columns."""
    if not view.servers:
        return _("No model server on {host}. {count} other containers.").format(host=view.host, count=len(view.others))
    heads = (_("NAME"), _("STATE"), _("MODEL"), _("URL"))
    lines = [(one.name, _state(one), one.model or "—", one.url or "—") for one in view.servers]
    rows = [tuple(headless.clean(cell) for cell in line) for line in (heads, *lines)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def record(server: Server) -> dict[str, Any]:
    """Write what is known of a server."""
    since = None if server.since is None else datetime.fromtimestamp(server.since, UTC).isoformat(timespec="seconds")
    return {
        "host": server.host,
        "name": server.name,
        "kind": server.kind,
        "state": str(server.state),
        "phase": server.phase,
        "exit_code": server.exit_code,
        "model": server.model,
        "url": server.url,
        "port": server.port,
        "since": since,
        "image": server.image,
    }


def _state(server: Server) -> str:
    state = state_name(server.state)
    if server.phase:
        return _("{state} ({phase})").format(state=state, phase=phase_words(server.phase))
    return state
