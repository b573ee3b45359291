"""Looking at everything a launch needs before anything starts: side by side, each look bounded in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from gettext import gettext as _
from typing import TypeVar

from profiles.paths import Place
from profiles.profile import NAME, Profile
from profiles.seen import environment
from profiles.sizes import size
from tui.services.engine import Container, EngineInfo
from tui.services.env_files import check_files
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.preflight_check import Check
from tui.services.preflight_env import check_environment
from tui.services.preflight_length import check_length, wanted_length
from tui.services.preflight_model import check_drive, check_model
from tui.services.preflight_place import DESKTOP, place_of
from tui.services.preflight_ports import holder, next_free
from tui.services.state_words import container_state_words

__all__ = ["Check", "check_context", "preflight"]

SECONDS = 8.0
"""The longest one look may take."""
WANTED_SHM = 160 * 1024**2
"""Bytes of /dev/shm that vLLM 0.32 asks for; Docker gives 64 MiB unless told otherwise."""
LOOKED_AT = frozenset({"name", "ipc", "shm_size"})
"""The profile's fields that have a look of their own here."""
Result = TypeVar("Result")


async def preflight(host: Host, profile: Profile, environ: Mapping[str, str], seconds: float = SECONDS) -> list[Check]:
    """Look at everything; `ok` False means that the launch would fail."""
    problems = [Check("profile", False, one.text) for one in profile.problems() if one.field not in LOOKED_AT]
    info, engine = await _engine(host, seconds)
    local = _is_here(host, info)
    place = place_of(host, info, environ)
    looks = [_bounded("model", in_thread(lambda: check_model(profile, environ, place, host.kind == "local")), seconds)]
    if any(option.startswith("--env-file=") for option in profile.options):
        looks.append(_bounded("env-file", in_thread(lambda: check_files(profile, environ, place)), seconds))
    if info is not None:  # without an engine only the files can be looked at
        looks[:0] = [
            _bounded("image", _image(host, profile), seconds),
            _bounded("containers", _rows(host, profile, local), seconds),
        ]
    length = check_context(host, profile, environ, place, seconds, answering=info is not None)
    found, longer = await asyncio.gather(asyncio.gather(*looks), length)
    checks = [*(check for checks in found for check in checks), *([longer] if longer else [])]
    drive = check_drive(profile, place)
    told = [*([drive] if drive else []), *check_environment(profile, environ)]
    return [*problems, engine, *checks, *told, _gpu(profile, info), _shm(profile)]


async def check_context(
    host: Host,
    profile: Profile,
    environ: Mapping[str, str],
    place: Place,
    seconds: float = SECONDS,
    *,
    answering: bool = True,
) -> Check | None:
    """Look whether vLLM would refuse the context length; None where it would not, or where that is not known in time.

    `answering` says that the engine can be asked what the image's own variables allow.
    """
    if wanted_length(profile) is None:
        return None
    try:
        async with asyncio.timeout(seconds):
            own = await _image_env(host, profile) if answering else {}
            return await in_thread(lambda: check_length(profile, environ, place, host.kind == "local", own))
    except TimeoutError:
        return None


async def in_thread(work: Callable[[], Result]) -> Result:
    """Run blocking work in a daemon thread of its own: one that hangs for good takes nobody else's place in a pool."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def give(result: Result | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as failure:  # handed to whoever waits
            error = failure
        if not loop.is_closed():
            loop.call_soon_threadsafe(give, result, error)

    threading.Thread(target=run, name="preflight", daemon=True).start()
    return await done


async def _bounded(name: str, look: Awaitable[Check | list[Check]], seconds: float) -> list[Check]:
    try:
        async with asyncio.timeout(seconds):
            found = await look
    except TimeoutError:
        text = _("There was no answer within {n:.0f} s: this cannot be told.").format(n=seconds)
        return [Check("port" if name == "containers" else name, None, text)]
    except ServiceError as error:
        return [Check("port" if name == "containers" else name, None, error.title, error.mend)]
    return found if isinstance(found, list) else [found]


async def _engine(host: Host, seconds: float) -> tuple[EngineInfo | None, Check]:
    try:
        async with asyncio.timeout(seconds):
            info = await host.engine.info()
    except TimeoutError:
        return None, Check(
            "engine", False, _("Docker does not answer."), _("Start or restart Docker, then look again.")
        )
    except ServiceError as error:
        return None, Check("engine", False, f"{error.title}.", error.mend)
    text = _("{product} {version} answers.").format(product=info.product, version=info.version)
    return info, Check("engine", True, text)


def _is_here(host: Host, info: EngineInfo | None) -> bool:
    """Whether the engine binds ports of this very machine (Docker Desktop's do not show among its sockets)."""
    return (
        host.kind == "local" and info is not None and info.address.startswith("unix:") and DESKTOP not in info.product
    )


async def _image_env(host: Host, profile: Profile) -> dict[str, str]:
    try:
        image = await host.engine.image(profile.image)
    except ServiceError:
        return {}  # the profile's own variables can be told all the same
    return environment(image.config) if image is not None else {}


async def _image(host: Host, profile: Profile) -> Check:
    image = await host.engine.image(profile.image)
    if image is None:
        return Check("image", None, _("{image} is not on the disk; it will be pulled.").format(image=profile.image))
    return Check(
        "image", True, _("{image} is here ({size:.1f} GB).").format(image=profile.image, size=image.size / 1e9)
    )


async def _rows(host: Host, profile: Profile, local: bool) -> list[Check]:
    containers = await host.engine.containers()
    checks = [_name(profile, containers)]
    if profile.port and not profile.network.startswith(("container:", "none")):
        checks.append(await in_thread(lambda: _port(profile, containers, local)))
    return checks


def _name(profile: Profile, containers: list[Container]) -> Check:
    if not NAME.fullmatch(profile.name):
        text = _("{name} cannot be a container's name: letters, digits, dots, dashes and underscores can.")
        return Check("name", False, text.format(name=profile.name or '""'))
    taken = {container.name: container for container in containers}
    held = taken.get(profile.name)
    if held is None:
        return Check("name", True, _("The name {name} is free.").format(name=profile.name))
    number = 2
    while f"{profile.name}-{number}" in taken:
        number += 1
    offer = f"{profile.name}-{number}"
    text = _("The name {name} is taken by a container ({state}, {image}).")
    mend = _("Take {offer}, or remove or edit the other one.").format(offer=offer)
    return Check(
        "name",
        False,
        text.format(name=held.name, state=container_state_words(held.state), image=held.image),
        mend,
        offer,
    )


def _port(profile: Profile, containers: list[Container], local: bool) -> Check:
    who = holder(profile.port, profile.bind, containers, local)
    if who is None:
        if local:
            return Check("port", True, _("Port {port} is free.").format(port=profile.port))
        return Check(
            "port",
            None,
            _("No container holds port {port}; what else may hold it cannot be seen.").format(port=profile.port),
        )
    free = next_free(profile.port, profile.bind, containers, local)
    text = _("Port {port} is held by {who}.").format(port=profile.port, who=who)
    if free is None:
        return Check("port", False, text, _("Choose another port."))
    return Check("port", False, text, _("Take {port}, which is free.").format(port=free), str(free))


def _gpu(profile: Profile, info: EngineInfo | None) -> Check:
    if profile.gpus in ("", "none"):
        return Check("gpu", True, _("No GPU is asked for."))
    if info is None:
        return Check("gpu", None, _("Whether containers can use the GPUs cannot be told."))
    if any("nvidia" in name for name in info.runtimes):
        return Check("gpu", True, _("The engine has the NVIDIA runtime."))
    if DESKTOP in info.product or info.product == "Podman":
        return Check(
            "gpu", None, _("{product} does not tell whether containers can use the GPUs.").format(product=info.product)
        )
    text = _("The engine has no NVIDIA runtime; GPUs work only if it was given CDI devices instead.")
    mend = _("Install the NVIDIA container toolkit and restart Docker, or set GPUs to none with a CPU image.")
    return Check("gpu", None, text, mend)


def _shm(profile: Profile) -> Check:
    if profile.ipc == "host":
        return Check("shm", True, _("Shared memory is the host's (--ipc=host)."))
    given = (size(profile.shm_size) if profile.shm_size else None) or 64 * 1024**2
    if given >= WANTED_SHM:
        return Check("shm", True, _("Shared memory: {n} MiB.").format(n=given // 1024**2))
    text = _("Shared memory is {n} MiB; vLLM wants at least 160 MiB and ends without it.").format(n=given // 1024**2)
    return Check("shm", False, text, _("Set IPC to host, or shm to 1g."))
