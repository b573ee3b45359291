"""Risks of a launch as a whole: who can reach it, and what its container may do."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _

from profiles.flags import API_KEY
from profiles.lint.finding import Change, Finding, Kind
from profiles.options import named
from profiles.profile import Mount, Profile

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104
SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
OPEN = {
    "publish": _("Everybody in the network can use it without a key: publish it on 127.0.0.1 alone, or give it a key."),
    "network": _("Under the host's network everybody can use it without a key: give --host 127.0.0.1, or a key."),
    "host": _("Everybody in the network can use it without a key: give --host 127.0.0.1, or a key."),
}
"""Said when anybody may use the server, by what opens it."""
OPTIONS: dict[tuple[str, str], str] = {
    ("privileged", ""): _("The container may do everything on the host: cards need no --privileged."),
    ("pid", "host"): _("The container sees and may end every process of the host."),
    ("security-opt", "seccomp=unconfined"): _("The container may make any system call: profiling alone needs that."),
    ("cap-add", "SYS_ADMIN"): _("The container may do nearly everything on the host."),
    ("cap-add", "ALL"): _("The container may do nearly everything on the host."),
}
"""Options of docker run that give a container more than a server needs."""
SOCKET = _("The container may command docker: leave the socket out.")
WHOLE_DISK = _("The container sees the whole disk of the host.")
VARIABLES = {
    "VLLM_ALLOW_INSECURE_SERIALIZATION": _("Whoever reaches the server's inner ports may run code in it."),
    "VLLM_SERVER_DEV_MODE": _("Endpoints for developers are open: sleep, cache reset, remote calls."),
}
"""Variables that vLLM reads and that deserve a thought."""
OFF = frozenset({"", "0", "false", "False"})


def option(name: str, value: str) -> str:
    """Say what is risky about an option of docker run; "" for nothing."""
    return OPTIONS.get((name, "" if value == "true" else value), "")


def mount(one: Mount) -> str:
    """Say what is risky about a mount; "" for nothing."""
    return SOCKET if one.source in SOCKETS else WHOLE_DISK if one.source == "/" else ""


def variable(name: str, value: str | None) -> str:
    """Say what is risky about a variable; "" for nothing."""
    return VARIABLES.get(name, "") if value is not None and value not in OFF else ""


def of_profile(profile: Profile) -> Iterator[Finding]:
    """Give the risks of a profile."""
    has_key = profile.flag("api-key") is not None or API_KEY in (*profile.env_names, *dict(profile.env))
    if profile.bind in EVERYWHERE and profile.port and not has_key and profile.network != "none":
        change = Change(fields={"bind": "127.0.0.1"})
        yield Finding(Kind.OPEN, "network" if profile.network == "host" else "publish", OPEN["publish"], change)
    for text in profile.options:
        name, value = named(text)
        if said := option(name, value):
            kept = tuple(one for one in profile.options if one != text)
            yield Finding(Kind.RISKY, name, said, Change(fields={"options": kept}))
    for one in profile.mounts:
        if said := mount(one):
            others = tuple(other for other in profile.mounts if other != one)
            yield Finding(Kind.RISKY, "volume", said, Change(fields={"mounts": others}))
    for name, value in profile.env:
        if said := variable(name, value):
            yield Finding(Kind.RISKY, name, said, Change(drop_env=(name,)))
