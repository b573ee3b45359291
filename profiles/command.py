"""A profile as the words of `docker run`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace

from profiles import container
from profiles.options import named
from profiles.paths import LINUX, Place
from profiles.profile import Mount, Profile


def argv(profile: Profile, place: Place = LINUX, entrypoint: Sequence[str] | None = None) -> list[str]:
    """Give the words of `docker run`; secrets are named, never valued."""
    return [word for group in groups(profile, place, entrypoint) for word in group]


def groups(
    profile: Profile,
    place: Place = LINUX,
    entrypoint: Sequence[str] | None = None,
    path: Callable[[str], str] = str,
) -> list[list[str]]:
    """Give the words, those together that belong on one line: a flag and its value.

    `path` writes a folder of the host as the shell's own docker wants it.
    """
    replaced, named = container.entry(profile, entrypoint)
    lines = [["docker", "run", "-d"], ["--name", profile.name]]
    lines += _options(profile)
    lines += [
        ["--mount", mount_text(replace(mount, source=path(mount.source)))]
        for mount in container.all_mounts(profile, place)
    ]
    lines += [["-e", f"{name}={value}"] for name, value in container.all_env(profile, place)]
    lines += [["-e", name] for name in profile.env_names]
    lines += [["--label", f"{key}={value}"] for key, value in container.all_labels(profile).items()]
    words = list(container.arguments(profile, place, named))
    if replaced:
        lines.append(["--entrypoint", replaced[0]])
        words = [*replaced[1:], *words]
    lines.append([profile.image])
    return lines + by_flag(words)


def mount_text(mount: Mount) -> str:
    """Write a mount for `--mount`: comma-separated fields, quoted as CSV where a path holds a comma or a quote."""
    kind = "volume" if container.is_volume(mount) else "bind"
    fields = [f"type={kind}", f"source={mount.source}", f"target={mount.target}"]
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([*fields, "readonly"] if mount.read_only else fields)
    return text.getvalue()


def _options(profile: Profile) -> list[list[str]]:
    table = (
        ("--ipc", profile.ipc),
        ("--shm-size", profile.shm_size),
        ("--memory", profile.memory),
        ("--cpus", profile.cpus),
        ("--restart", profile.restart if profile.restart != "no" else ""),
        ("--user", profile.user),
        ("--network", profile.network),
        ("--gpus", _gpus(profile.gpus)),
    )
    lines = [[flag, value] for flag, value in table if value]
    lines += [["--ulimit", text] for text in profile.ulimits]
    if container.publishes(profile):
        address = f"[{profile.bind}]" if ":" in profile.bind else profile.bind
        lines.append(["-p", f"{address}:{profile.port}:{container.inner_port(profile)}"])
    lines += [[text] for text in profile.options if named(text)[0] != "entrypoint"]  # it stands right before the image
    return lines


def _gpus(text: str) -> str:
    """Write `--gpus`: the CLI reads it as CSV, so that several cards need quotes of their own."""
    if text in ("", "none"):
        return ""
    return f'"{text}"' if "," in text else text


def by_flag(words: Sequence[str]) -> list[list[str]]:
    """Put each of vLLM's flags together with its values."""
    lines: list[list[str]] = []
    for word in words:
        if not lines or word.startswith("-") or not lines[-1][0].startswith("-"):
            lines.append([word])
        else:
            lines[-1].append(word)
    return lines
