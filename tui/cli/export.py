"""`llmtui export PROFILE`: a profile, or a running server, as a command, compose, vLLM's own file, or TOML to share."""

from __future__ import annotations

import asyncio
import os
import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from profiles.paths import LINUX
from profiles.profile import Profile
from profiles.render import Form, Setting, render
from profiles.store import write_text
from tui.cli import headless
from tui.cli.launch import found
from tui.services.errors import ServiceError

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.services import Services

PATIENCE = 3.0
"""Seconds that the engine is given to say what the image starts with; it need not say it."""
DISTRIBUTION = "WSL_DISTRO_NAME"
"""The variable in which WSL names the distribution."""


async def work(options: Options, services: Services) -> int:
    """Write it; 0 when it is written, 1 when it could not be. What the form cannot carry is said on standard error."""
    wanted = options.export
    form = Form(wanted.form or Form.BASH)
    try:
        profile = await _of_server(wanted.server, services) if wanted.server else found(options.subject, services.store)
        done = render(profile, form, await _setting(profile, services, wanted.one_line))
        text = done.text if done.text.endswith("\n") else done.text + "\n"
        if wanted.output:
            _write(wanted.output, text)
        else:
            print(headless.clean(text), end="", flush=True)
    except ServiceError as error:
        return headless.failed(error, as_json=False)
    for note in done.notes:
        print(headless.clean(note), file=sys.stderr)
    return headless.DONE


async def _of_server(name: str, services: Services) -> Profile:
    """See a container as a profile.

    Raises:
        ServiceError: There is none of this name, or the engine does not answer.
    """
    from profiles.inspected import profile_of

    engine = services.host.engine
    names = [container.name for container in await engine.containers()]
    if name not in names:
        raise headless.unknown(name, names, _("There is no server {name}"))
    record = await engine.inspect(name)
    image = await engine.image(str(record.get("Image") or ""))
    return profile_of(record, image.config if image else None)


async def _setting(profile: Profile, services: Services, one_line: bool) -> Setting:
    """Ask what surrounds the profile here; an engine that does not answer is not waited for."""
    place, entrypoint = LINUX, None
    try:
        async with asyncio.timeout(PATIENCE):
            place, entrypoint = await services.launcher.surroundings(profile)
    except TimeoutError:
        pass
    return Setting(place, entrypoint, os.environ.get(DISTRIBUTION, ""), one_line)


def _write(path: str, text: str) -> None:
    try:
        write_text(Path(path).expanduser(), text)
    except OSError as error:
        why = error.strerror or str(error)
        raise ServiceError(_("{path} cannot be written").format(path=path), why) from error
