"""Reading the words of `docker run`: which options take a value, and where each of them goes."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from gettext import gettext as _

from profiles.catalogue import How, bundled, find
from profiles.flags import names
from profiles.lint.finding import Kind
from profiles.paste.places import mount_option, tidy_path, volume
from profiles.paste.ports import ports
from profiles.paste.record import Pasted

ENGINES = frozenset({"docker", "podman", "nerdctl", "finch", "podman-remote"})
VERBS = frozenset({"run", "create"})
SWITCHES = names(
    """
    detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet
    read-only rm sig-proxy tty use-api-socket env-host http-proxy no-hosts no-hostname passwd read-only-tmpfs replace
    rmi rootfs tls-verify unsetenv-all
    """
)
"""Long options that stand alone (docker, podman, nerdctl); every other takes a value."""
SHORT = {
    "a": "attach", "c": "cpu-shares", "d": "detach", "e": "env", "h": "hostname", "i": "interactive", "l": "label",
    "m": "memory", "p": "publish", "P": "publish-all", "q": "quiet", "t": "tty", "u": "user", "v": "volume",
    "w": "workdir",
}  # fmt: skip
GLOBAL_VALUED = names(
    """
    --config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey --url --connection --root --runroot
    --identity --storage-driver --storage-opt --cgroup-manager --namespace -n --address -a --data-root --cni-path
    """
)
"""Options in front of `run` that take a value."""
KNOWN = SWITCHES | names(
    """
    add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile
    cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems
    detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns
    dns-opt dns-option dns-search domainname entrypoint env env-file expose gpus group-add health-cmd health-interval
    health-retries health-start-interval health-start-period health-timeout hostname ip ip6 ipc isolation kernel-memory
    label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap
    memory-swappiness mount name net net-alias network network-alias oom-score-adj pid pids-limit platform publish pull
    restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user userns uts
    volume volume-driver volumes-from workdir arch authfile gidmap group-entry image-volume os pod pod-id-file
    preserve-fds requires sdnotify seccomp-policy secret shm-size-systemd subgidname subuidname systemd timeout tz
    uidmap umask unsetenv variant
    """
)
Put = Callable[[Pasted, str, str], None]


def subcommand(words: Sequence[str]) -> int:
    """Give how many words `docker [options] [container] run` takes in front of its own options; 0 when it is none."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in GLOBAL_VALUED else 1
    if tuple(words[at : at + 1]) == ("container",):
        at += 1
    return at + 1 if at < len(words) and words[at] in VERBS else 0


def read(words: Sequence[str], pasted: Pasted) -> None:
    """Read the options, the image and the command behind it."""
    misplaced: list[str] = []
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        if words[at] == "--":
            at += 1
            break
        at = _long(words, at, pasted, misplaced) if words[at].startswith("--") else _short(words, at, pasted, misplaced)
    rest = list(words[at:])
    if rest:
        pasted.image = rest[0]
    pasted.command = [*rest[1:], *misplaced]
    for flag in dict.fromkeys(word for word in misplaced if word.startswith("-")):
        name = flag.lstrip("-").partition("=")[0]
        text = _("{flag} is vLLM's and not docker's: it belongs behind the image.").format(flag=flag.partition("=")[0])
        pasted.note(Kind.MISPLACED, name, text)


def put(pasted: Pasted, name: str, value: str, given: str) -> None:
    """Put one option where it belongs."""
    row = ROWS.get(name)
    if row is None:
        pasted.further.append((name, value, given))
    else:
        row(pasted, value, given)


def _long(words: Sequence[str], at: int, pasted: Pasted, misplaced: list[str]) -> int:
    spelling, equals, value = words[at].partition("=")
    name = spelling[2:]
    if name not in KNOWN and find(bundled(), words[at]).how is How.EXACT:
        return _vllm(words, at, misplaced)
    if equals or name in SWITCHES:
        put(pasted, name, value, words[at])
        return at + 1
    if at + 1 >= len(words) or (name not in KNOWN and _is_image(words, at + 1)):
        put(pasted, name, "", words[at])
        return at + 1
    put(pasted, name, words[at + 1], f"{words[at]} {words[at + 1]}")
    return at + 2


def _vllm(words: Sequence[str], at: int, misplaced: list[str]) -> int:
    """Take a flag of vLLM's with its value out of docker's options."""
    flag = find(bundled(), words[at]).flag
    misplaced.append(words[at])
    if flag is None or flag.is_switch or "=" in words[at] or at + 1 >= len(words):
        return at + 1
    misplaced.append(words[at + 1])
    return at + 2


def _is_image(words: Sequence[str], at: int) -> bool:
    """Say whether a word behind an option that nobody knows is rather the image than its value."""
    word = words[at]
    return word.startswith("-") or ("vllm" in word and not any("vllm" in later for later in words[at + 1 : at + 12]))


def _short(words: Sequence[str], at: int, pasted: Pasted, misplaced: list[str]) -> int:
    """Read a cluster of short options (`-itd`, `-p8000:8000`, `-e=A=b`)."""
    cluster = words[at][1:]
    if cluster[:1] not in SHORT and find(bundled(), words[at]).how is How.EXACT:
        return _vllm(words, at, misplaced)
    for place, letter in enumerate(cluster):
        name = SHORT.get(letter, letter)
        rest = cluster[place + 1 :]
        if name in SWITCHES:
            if rest.startswith("="):
                put(pasted, name, rest[1:], f"-{letter}{rest}")
                return at + 1
            put(pasted, name, "", f"-{letter}")
        elif rest:
            put(pasted, name, rest.removeprefix("="), f"-{letter} {rest.removeprefix('=')}")
            return at + 1
        else:
            value = words[at + 1] if at + 1 < len(words) else ""
            put(pasted, name, value, f"-{letter} {value}".rstrip())
            return at + 2
    return at + 1


def environment(pasted: Pasted, text: str) -> None:
    """Read `NAME=value`, or `NAME`, which is taken from the user's own environment."""
    name, equals, value = text.partition("=")
    if name:
        pasted.env[name] = value if equals else None


def gpus(text: str) -> str | None:
    """Read the value of `--gpus`: all, a number, or `device=0,1`, whatever quotes and further fields stand around it."""
    plain = re.sub(r"[\"'\\\\]", "", text).strip()
    if not plain or plain == "none":
        return None
    if found := re.search(r"device(?:_ids)?=([\w,:./-]+)", plain):
        cards = re.split(r",(?=[A-Za-z]+=)|,(?=capabilities|driver|count)", found[1])[0].strip(",")
        return f"device={cards}"
    if found := re.search(r"(?:^|,)(?:count=)?(all|-1|\d+)(?:,|$)", plain):
        return "all" if found[1] == "-1" else found[1]
    return "all" if plain.startswith(("driver=", "capabilities=")) else plain


def _gpus(pasted: Pasted, value: str, given: str) -> None:
    pasted.gpus = gpus(value)
    if re.search(r"capabilities|driver|options", value):
        pasted.further.append(("gpus", value, given))
    elif "," in value and '"' not in value and value.startswith("device="):
        text = _("docker cuts --gpus {value} at the comma: quote it as '\"{value}\"'.").format(value=value)
        pasted.note(Kind.INVALID, "gpus", text)


def _device(pasted: Pasted, value: str, _given: str) -> None:
    pasted.devices.append(value)
    if found := re.fullmatch(r"nvidia\.com/gpu=(.+)", value):
        if found[1] == "all":
            pasted.gpus = "all"
        elif pasted.gpus != "all":
            before = pasted.gpus.removeprefix("device=") + "," if pasted.gpus else ""
            pasted.gpus = f"device={before}{found[1]}"


def _name(pasted: Pasted, value: str, _given: str) -> None:
    pasted.name = value


def _setting(key: str) -> Put:
    def keep(pasted: Pasted, value: str, given: str) -> None:
        if key == "network" and key in pasted.settings:
            pasted.further.append((key, value, given))
            return
        pasted.settings[key] = value

    return keep


def _label(pasted: Pasted, value: str, _given: str) -> None:
    name, _mark, text = value.partition("=")
    pasted.labels[name] = text


def _remove(pasted: Pasted, value: str, _given: str) -> None:
    pasted.remove = value != "false"


def _publish(pasted: Pasted, value: str, given: str) -> None:
    found = ports(value)
    pasted.ports += found
    if not found:
        pasted.further.append(("publish", value, given))


def _mount(pasted: Pasted, value: str, given: str) -> None:
    if not mount_option(pasted, next(csv.reader([value.replace("\n", " ")]), [])):
        pasted.further.append(("mount", value, given))


def _env_file(pasted: Pasted, value: str, _given: str) -> None:
    pasted.env_files.append(tidy_path(pasted, value, "env-file"))


def _entrypoint(pasted: Pasted, value: str, given: str) -> None:
    pasted.entrypoint = value.split() if value else []
    pasted.further.append(("entrypoint", value, given))


ROWS: dict[str, Put] = {
    "name": _name,
    "gpus": _gpus,
    "publish": _publish,
    "volume": volume,
    "mount": _mount,
    "env": lambda pasted, value, _given: environment(pasted, value),
    "env-file": _env_file,
    "label": _label,
    "device": _device,
    "rm": _remove,
    "ipc": _setting("ipc"),
    "shm-size": _setting("shm_size"),
    "network": _setting("network"),
    "net": _setting("network"),
    "runtime": _setting("runtime"),
    "restart": _setting("restart"),
    "entrypoint": _entrypoint,
}
"""Where each option goes; every other is kept as given."""
