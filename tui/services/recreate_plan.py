"""What a recreate will do, before it does it: the new create body, the difference, and what the user must know."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any

from profiles.diff import Change
from profiles.inspected import Recreation, recreation
from tui.services.answer_target import Target, target
from tui.services.engine import Container, Engine
from tui.services.errors import ServiceError
from tui.services.fleet_facts import is_native
from tui.services.host import Host
from tui.services.recreate_diff import body_changes
from tui.services.timeline import Way

ANONYMOUS = re.compile(r"[0-9a-f]{64}")
Edit = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A recreate that has been thought through and not begun."""

    name: str
    id: str
    """The container that is there now."""
    inspect: Mapping[str, Any] = field(repr=False)
    old: Recreation = field(repr=False)
    """The way back: what makes the present container again."""
    body: Mapping[str, Any] = field(repr=False)
    """The new container's create body."""
    changes: tuple[Change, ...]
    """Old -> new, secrets masked; empty for a recreate without any change."""
    warnings: tuple[str, ...]
    """Plain sentences, the gravest first."""
    running: bool
    """It runs now, so the new one is started and must answer."""
    auto_remove: bool
    """Started with --rm: stopping deletes it for good; its saved configuration is the way back."""
    asked: Target | None = None
    """Whom the one-token question goes to now; None when it is no model server."""
    needs_pull: bool = False
    """The new image is not on the disk; it is pulled first, while the old container still runs."""
    way: Way = ""
    """A step back or forward in the server's configurations, or none: a new one."""
    target: str = ""
    """The container whose configuration such a step brings back."""
    networks: Sequence[Any] | None = field(default=None, repr=False)
    """Further networks of the new container; None for those of the old one."""


async def make_plan(host: Host, container: str, edit: Edit | None = None) -> Plan:
    """Look at a container and think its recreate through; nothing is changed.

    Raises:
        ServiceError: There is no such container, or the engine does not answer.
    """
    record = await host.engine.inspect(container)
    old = recreation(record)
    body = copy.deepcopy(old.body)
    if edit is not None:
        body = edit(body)
    state, host_config = record.get("State") or {}, record.get("HostConfig") or {}
    image = await host.engine.image(str(body.get("Image") or ""))
    asked = target(host, record, is_native(await host.engine.info()))
    sharing = _sharing(record, await host.engine.containers())
    old, image_warning, needs_pull = await _images(host.engine, record, old, body, image.id if image else None)
    if not needs_pull and image is None:
        body["Image"] = old.body["Image"]  # its tag is gone, the image itself is still there
    return Plan(
        name=old.name,
        id=str(record["Id"]),
        inspect=record,
        old=old,
        body=body,
        changes=tuple(body_changes(recreation(record).body, body)),
        warnings=tuple(text for text in (sharing, *_warnings(record), image_warning, _unasked(asked)) if text),
        running=bool(state.get("Running")),
        auto_remove=bool(host_config.get("AutoRemove")),
        asked=asked,
        needs_pull=needs_pull,
    )


async def _images(
    engine: Engine, record: Mapping[str, Any], old: Recreation, body: Mapping[str, Any], new_id: str | None
) -> tuple[Recreation, str, bool]:
    """Pin the way back to the very image it ran; say what the new one will run instead, and whether it must be pulled."""
    ran, reference = str(record.get("Image") or ""), str(old.body.get("Image") or "")
    same_tag = body.get("Image") == reference
    tagged = new_id if same_tag else await _image_id(engine, reference)
    if ran and tagged != ran and await _image_id(engine, ran) is not None:
        old = Recreation(old.name, {**old.body, "Image": ran}, old.networks)
        if same_tag and tagged is None:
            return (
                old,
                _("The tag {image} is gone; the new container uses the same image by its id.").format(image=reference),
                False,
            )
        if same_tag:
            text = _("{image} has been pulled anew since: the new container runs the newer image.")
            return old, text.format(image=reference), False
    if new_id is None:
        return old, _("The image {image} is not on the disk; it is pulled first.").format(image=body.get("Image")), True
    return old, "", False


async def _image_id(engine: Engine, reference: str) -> str | None:
    image = await engine.image(reference)
    return image.id if image else None


def _warnings(record: Mapping[str, Any]) -> list[str]:
    host_config, config = record.get("HostConfig") or {}, record.get("Config") or {}
    labels = config.get("Labels") or {}
    running = bool((record.get("State") or {}).get("Running"))
    found = []
    if host_config.get("AutoRemove"):
        found.append(
            _("It was started with --rm: stopping deletes it for good. Its saved configuration is the way back.")
        )
    if names := _anonymous(record):
        if host_config.get("AutoRemove"):
            text = _("Its anonymous volumes ({n}) are deleted with it.")
        else:
            text = _("Its anonymous volumes ({n}) are handed to the new container.")
        found.append(text.format(n=len(names)))
    if project := labels.get("com.docker.compose.project"):
        text = _(
            "Compose project {project} manages it: the next `docker compose up` replaces it by the compose file's version."
        )
        found.append(text.format(project=project))
    policy = str((host_config.get("RestartPolicy") or {}).get("Name") or "no")
    if policy != "no":
        text = _(
            "It restarts by itself ({policy}); the old one is kept with restart off, the new one takes the policy over."
        )
        found.append(text.format(policy=policy))
    if running:
        found.append(_("It answers nobody until the new one is ready."))
    return found


def _sharing(record: Mapping[str, Any], rows: Sequence[Container]) -> str:
    """Name those whose network is this container's: what joins them to it is its id, and the new one has another."""
    known = {str(record["Id"]), str(record.get("Name") or "").lstrip("/")}
    names = [row.name for row in rows if row.network_mode.partition("container:")[2] in known]
    if not names:
        return ""
    text = _("{names} uses its network and is cut off for good: recreate it afterwards, too.")
    more = _("{names} use its network and are cut off for good: recreate them afterwards, too.")
    return (text if len(names) == 1 else more).format(names=", ".join(names))


def _unasked(asked: Target | None) -> str:
    if asked is None or asked.url is not None:
        return ""
    return _("No way leads to it from here: it is not asked for an answer, its log alone says whether it starts.")


def _anonymous(record: Mapping[str, Any]) -> list[str]:
    mounts = record.get("Mounts") or []
    return [m["Name"] for m in mounts if m.get("Type") == "volume" and ANONYMOUS.fullmatch(str(m.get("Name") or ""))]


def check_fresh(plan: Plan, record: Mapping[str, Any]) -> None:
    """Refuse a plan that the world has overtaken.

    Raises:
        ServiceError: The container has been renamed since.
    """
    if str(record.get("Name") or "").lstrip("/") != plan.name:
        raise ServiceError(
            _("{name} has been renamed meanwhile").format(name=plan.name), mend=_("Look again, then retry.")
        )
