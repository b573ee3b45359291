"""A profile: how one server is to be launched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}")
"""What Docker accepts as a container's name (it wants at least two characters)."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of the host, or a named volume, seen inside the container."""

    source: str
    """A path as the ENGINE's machine sees it, or a volume's name."""
    target: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a profile."""

    field: str
    """The profile's field or `--flag` it is about."""
    text: str
    """What is wrong and what to do, one plain sentence."""
    warning: bool = False
    """It may still be meant (an older image knows the flag): tell it, and let the launch go on when asked."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One launch: image, model, port, cards, vLLM's flags, and the container around it."""

    name: str
    """The profile's name and the container's."""
    model: str
    """A hub id (`Qwen/Qwen3-0.6B`), or a folder on the host in any of the four path forms."""
    image: str = "vllm/vllm-openai:latest"
    served_name: str = ""
    """The name requests use; empty leaves it to vLLM (the model argument as given)."""
    bind: str = "127.0.0.1"
    port: int = 8000
    """The port on the host, 0 for none; inside the container it is always 8000 unless `--port` is among the flags."""
    gpus: str = "all"
    """all, none, or device=0,1."""
    flags: tuple[tuple[str, str | None], ...] = ()
    """vLLM's flags in order, without dashes: ("max-model-len", "4096"), ("enforce-eager", None)."""
    env: tuple[tuple[str, str], ...] = ()
    env_names: tuple[str, ...] = ()
    """Variables taken from the user's own environment by NAME: secrets (HF_TOKEN)."""
    mounts: tuple[Mount, ...] = ()
    """Further mounts; the model's own mount follows from `model`."""
    ipc: str = "host"
    shm_size: str = ""
    memory: str = ""
    cpus: str = ""
    restart: str = "no"
    user: str = ""
    network: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    ulimits: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Further options of `docker run`, each in one word: `--device=/dev/dri`, `--cap-add=SYS_NICE`, `--init`."""
    note: str = ""
    in_image: bool = False
    """The model is a path inside the image: nothing is mounted for it."""
    builtin: bool = field(default=False, compare=False)
    """Shipped with llmtui; editing one saves a copy among the user's own."""

    def problems(self) -> tuple[Problem, ...]:
        """Give everything that is wrong with it, in the order of the form; empty when it can be launched."""
        from profiles.checks import problems

        return problems(self)

    def flag(self, name: str) -> str | None:
        """Give a flag's value; "" when it stands there without one, None when it does not stand there."""
        for key, value in self.flags:
            if key == name:
                return value if value is not None else ""
        return None

    def with_flag(self, name: str, value: str | None) -> Profile:
        """Give a copy with this flag set (None: the bare switch), in its old place or at the end."""
        if self.flag(name) is None:
            return replace(self, flags=(*self.flags, (name, value)))
        return replace(self, flags=tuple((key, value if key == name else old) for key, old in self.flags))

    def without_flag(self, name: str) -> Profile:
        """Give a copy without this flag."""
        return replace(self, flags=tuple((key, value) for key, value in self.flags if key != name))
