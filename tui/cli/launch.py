"""`llmtui launch PROFILE`: the checks, the container and its start, as the Launch screen does it."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profiles.container import LABEL
from profiles.profile import Profile
from profiles.store import ProfileStore, load
from tui.cli import headless
from tui.cli.launch_wait import Outcome, came_up
from tui.services.errors import ServiceError, run_on

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.launch import Launcher
    from tui.services.preflight_check import Check
    from tui.services.services import Services


async def work(options: Options, services: Services) -> int:
    """Launch; 0 when the container has started (with --wait: is ready), 1 when it has not."""
    asked: dict[str, Any] = {"name": options.name or options.subject, "checks": []}
    try:
        profile = wanted(options, services.store)
        asked = {"name": profile.name, "checks": []}
        checks = await services.launcher.preflight(profile)
        asked["checks"] = [check_record(check) for check in checks if check.ok is not True]
        if lines := obstacles(profile, checks):
            for line in lines:
                headless.complain(line)
            raise ServiceError(_("{name} is not launched").format(name=profile.name))
        await _start(services.launcher, profile)
    except ServiceError as error:
        return headless.failed(error, options.json, server=None, **asked)
    except asyncio.CancelledError:
        headless.complain(_("The launch of {name} is called off.").format(name=asked["name"]))
        raise
    return await _end(options, services, profile, asked)


async def _end(options: Options, services: Services, profile: Profile, asked: dict[str, Any]) -> int:
    """Wait for it where that is wanted, and say how it stands."""
    url = f"http://{_near(profile.bind)}:{profile.port}/v1" if profile.port else ""
    outcome = Outcome(True, _("{name} is starting").format(name=profile.name) + (f": {url}" if url else ""))
    if options.wait:
        outcome = await came_up(services, profile.name)
    for line in outcome.lines:
        print(headless.clean(line), file=sys.stderr)
    if options.json:
        error = None if outcome.well else headless.error_record(ServiceError(outcome.text))
        headless.show_json({**asked, "server": outcome.server, "error": error})
    if not outcome.well:
        headless.complain(outcome.text)
    elif not options.json:
        print(headless.clean(outcome.text), flush=True)
    return headless.DONE if outcome.well else headless.FAILED


def wanted(options: Options, store: ProfileStore) -> Profile:
    """Find the profile and change what the command line changes.

    Raises:
        ServiceError: There is none, or it cannot be read.
    """
    profile = found(options.subject, store)
    name, port = options.name or profile.name, options.host_port
    labels = profile.labels
    if name != profile.name and LABEL not in dict(labels):
        labels = (*labels, (LABEL, profile.name))  # it still says from which profile it came
    return replace(profile, name=name, labels=labels, port=profile.port if port is None else port)


def found(subject: str, store: ProfileStore) -> Profile:
    """Give the profile of this name, or the one in this file.

    Raises:
        ServiceError: There is none, or it cannot be read.
    """
    if "/" in subject or subject.endswith(".toml"):
        path = Path(subject).expanduser()
        try:
            return load(path.read_text("utf-8"), path.stem)
        except (OSError, ValueError) as error:
            why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            raise ServiceError(_("{path} cannot be read as a profile").format(path=subject), why) from error
    profiles = store.all()
    profile = next((one for one in profiles if one.name == subject), None)
    if profile is not None:
        return profile
    for broken in store.broken:
        if broken.path.stem == subject:
            raise ServiceError(broken.text)
    raise headless.unknown(subject, [one.name for one in profiles], _("There is no profile {name}"))


def obstacles(profile: Profile, checks: list[Check]) -> list[str]:
    """Say all that stands in the way of a launch, a line each; what is only doubtful does not."""
    lines = [problem.text for problem in profile.problems() if not problem.warning]
    lines += [run_on(check.text, check.mend) for check in checks if check.ok is False and check.name != "profile"]
    return list(dict.fromkeys(lines))


def check_record(check: Check) -> dict[str, Any]:
    """Write a check as JSON."""
    return {"name": check.name, "ok": check.ok, "text": check.text, "mend": check.mend, "offer": check.offer}


async def _start(launcher: Launcher, profile: Profile) -> None:
    """Pull, create and start; a terminal is shown how far it is."""
    shown = sys.stderr.isatty()
    try:
        async with aclosing(launcher.launch(profile)) as steps:
            async for step in steps:
                if shown:
                    share = "" if step.fraction is None else f" {step.fraction:.0%}"
                    print(f"\r\x1b[K{headless.clean(step.text)}{share}", end="", file=sys.stderr, flush=True)
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _near(bind: str) -> str:
    """Say by which name a published port is reached from this machine."""
    return "127.0.0.1" if bind in {"", "0.0.0.0", "::"} else f"[{bind}]" if ":" in bind else bind  # noqa: S104
