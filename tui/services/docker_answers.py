"""What an engine says when it refuses, put into plain words with what to do next: one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from gettext import gettext as _

from tui.services.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal: what it looks like, and how we say it. `{…}` in the texts are the pattern's named groups."""

    pattern: re.Pattern[str]
    title: str
    mend: str


def _answer(pattern: str, title: str, mend: str) -> Answer:
    return Answer(re.compile(pattern, re.IGNORECASE | re.DOTALL), title, mend)


ANSWERS = (
    _answer(
        r"(?:Bind for |listen (?:tcp|udp)[46]? )\S*:(?P<port>\d+)(?: failed)?:.*(?:already allocated|already in use)",
        _("The port {port} is taken"),
        _("Choose another port, or stop what holds it."),
    ),
    _answer(
        r"port is already allocated|address already in use",
        _("The port is taken"),
        _("Choose another port, or stop what holds it."),
    ),
    _answer(
        r"listen (?:tcp|udp)[46]? (?P<address>\S+):\d+: bind: cannot assign requested address",
        _("The engine's machine has no address {address}"),
        _("Publish the port on 127.0.0.1, or on an address that the machine has."),
    ),
    _answer(
        r"cannot expose privileged port (?P<port>\d+)",
        _("This engine may not use the port {port}"),
        _("Choose a port from 1024 upwards."),
    ),
    _answer(
        r'container name "?/?(?P<name>[^"\s]+)"? is already in use|name "?/?(?P<other>[^"\s]+)"? is in use',
        _("The name {name} is in use"),
        _("Choose another name, or remove the container that has it."),
    ),
    _answer(
        r"could not select device driver.*gpu|unknown (?:or invalid )?runtime (?:name: |specified )nvidia|unresolvable CDI devices.*nvidia",
        _("This engine cannot give a container a GPU"),
        _(
            "Install the NVIDIA Container Toolkit, then: sudo nvidia-ctk runtime configure && sudo systemctl restart docker"
        ),
    ),
    _answer(
        r"nvidia-container-cli.*(?:driver not loaded|nvml error|load library failed)",
        _("The NVIDIA driver does not work"),
        _("Look whether nvidia-smi works on the engine's machine; after a driver update a reboot is needed."),
    ),
    _answer(
        r"nvidia-container-cli.*unsatisfied condition: (?P<need>[^,\\n]+)",
        _("The NVIDIA driver is too old for this image: it wants {need}"),
        _("Update the driver, or choose an older image."),
    ),
    _answer(
        r"nvidia-container-cli.*unknown device",
        _("There is no such GPU on this machine"),
        _("Choose a card that nvidia-smi shows."),
    ),
    _answer(
        r"no space left on device",
        _("The engine's disk is full"),
        _("Free some room: docker system df shows what uses it, docker system prune deletes what nobody uses."),
    ),
    _answer(
        r"no such container|No container with name or ID \"?(?P<name>[^\"\s]+)",
        _("The container is not there any more"),
        _("Somebody removed it; the list shows what is there now."),
    ),
    _answer(
        r"bind source path does not exist: (?P<path>.+?)\s*$",
        _("There is no folder {path} on the engine's machine"),
        _("Check the path: it is the engine's own, not the one in the container."),
    ),
    _answer(
        r"mounts denied.*?(?P<path>/\S+)|path (?P<other>/\S+) is not shared from the host",
        _("Docker Desktop does not share this folder with containers"),
        _("In Docker Desktop: Settings, Resources, File sharing: add it."),
    ),
    _answer(
        r"error while creating mount source path '(?P<path>[^']+)'",
        _("The folder {path} is not there and cannot be made"),
        _("Check the path: it is the engine's own, not the one in the container."),
    ),
    _answer(
        r"mount path must be absolute",
        _("A mount needs a whole path in the container"),
        _("Begin it with “/”."),
    ),
    _answer(
        r"custom device \"(?P<path>[^\"]+)\": no such file",
        _("There is no device {path} on the engine's machine"),
        _("Look whether the card's driver works there."),
    ),
    _answer(
        r"unable to find user (?P<name>[^:\s]+)",
        _("The image knows no user {name}"),
        _("Give the user as numbers (1000:1000), or leave it out."),
    ),
    _answer(
        r"logging driver does not support reading",
        _("This container keeps no log that can be read"),
        _("Recreate it with the logging driver json-file or local."),
    ),
    _answer(
        r"'AutoRemove' container with restart policy|AutoRemove is enabled",
        _("What is deleted when it stops cannot restart by itself"),
        _("Leave out either --rm or the restart policy."),
    ),
    _answer(
        r"minimum memory (?:limit|reservation)",
        _("The memory limit is too small"),
        _("Give it with a unit: 8g, 512m."),
    ),
    _answer(
        r"requested CPUs are not available|range of CPUs is from",
        _("The machine does not have these CPUs"),
        _("Ask for fewer, or leave the limit out."),
    ),
    _answer(
        r"(?:toomanyrequests|pull rate limit)",
        _("The registry lets nobody pull that often"),
        _("Wait an hour, or sign in: docker login"),
    ),
    _answer(
        r"unauthorized|denied: requested access|authentication required|pull access denied|no basic auth credentials",
        _("The registry does not give this image to you"),
        _("Check the image's name; if it is private, sign in first: docker login"),
    ),
    _answer(
        r"manifest (?:for (?P<name>\S+) )?(?:not found|unknown)|not found: manifest|name unknown",
        _("The registry has no such image or tag"),
        _("Check the name and the tag."),
    ),
    _answer(
        r"no matching manifest for (?P<platform>[^\s]+)",
        _("The image does not exist for this machine ({platform})"),
        _("Choose an image that is built for it."),
    ),
    _answer(
        r"lookup (?P<host>\S+?)(?: on \S+)?: .*(?:no such host|server misbehaving|temporary failure|i/o timeout)",
        _("The engine cannot find the registry {host}"),
        _("Check its network and DNS; behind a firewall, set a proxy or a registry mirror for the engine."),
    ),
    _answer(
        r"x509:|certificate signed by unknown authority|server gave HTTP response to HTTPS client",
        _("The engine does not trust the registry"),
        _("Give the engine the registry's certificate, or list it under insecure-registries in daemon.json."),
    ),
    _answer(
        r"(?:Get|Head) \"?https?://(?P<host>[^/\"]+).*(?:timeout|refused|canceled|unreachable|reset|EOF)",
        _("The engine does not reach the registry {host}"),
        _("Check its network; behind a firewall, set a proxy or a registry mirror for the engine."),
    ),
    _answer(
        r"no such image",
        _("The image is not on this machine"),
        _("Pull it first."),
    ),
    _answer(
        r"invalid reference format",
        _("This is no name of an image"),
        _("Write it as name:tag, in small letters."),
    ),
    _answer(
        r"network (?P<name>\S+) not found",
        _("There is no network {name}"),
        _("“docker network ls” shows the ones there are."),
    ),
    _answer(
        r"cannot remove a running container|container is running: stop the container before",
        _("The container is still running"),
        _("Stop it first."),
    ),
    _answer(
        r"removal of container \S+ is already in progress",
        _("The container is just being removed"),
        _("Wait a moment."),
    ),
    _answer(
        r"container \S+ is paused|is paused. unpause",
        _("The container is paused"),
        _("Let it go on first: docker unpause and its name."),
    ),
    _answer(
        r"container \S+ is not running|is not running",
        _("The container is not running"),
        _("Start it first."),
    ),
    _answer(
        r"Invalid container name",
        _("Docker does not take this name"),
        _("Use letters, digits, “_”, “.” and “-”, beginning with a letter or a digit."),
    ),
    _answer(
        r"exec: \"?(?P<program>[^\":]+)\"?:.*(?:not found|no such file|permission denied)",
        _("The image has no program {program}"),
        _("Check the entrypoint and the command."),
    ),
)
"""The first that fits wins."""


def refused(message: str, title: str) -> ServiceError:
    """Say what the engine refused; `title` says what was tried, for what the table does not know."""
    for answer in ANSWERS:
        if (found := answer.pattern.search(message)) is not None:
            words = {name: value or "" for name, value in found.groupdict().items()}
            if not words.get("name"):
                words["name"] = words.get("other", "")
            return ServiceError(answer.title.format(**words).strip(), short(message), answer.mend)
    return ServiceError(title, short(message), "")


def short(text: str, most: int = 400) -> str:
    """Cut a long detail."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
