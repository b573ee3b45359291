"""The ways out of Docker's and the host's causes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from tui.insight.causes.facts import Facts
from tui.insight.causes.records import Fix

Values = Mapping[str, str]
Fixes = tuple[Fix, ...]

_OPTIONS = [
    "--gpus",
    "--publish",
    "--volume",
    "--name",
    "--env",
    "--env-file",
    "--ipc",
    "--shm-size",
    "--runtime",
    "--detach",
    "--interactive",
    "--tty",
    "--rm",
    "--restart",
    "--network",
    "--entrypoint",
    "--mount",
    "--memory",
    "--cpus",
    "--platform",
    "--pull",
    "--user",
    "--workdir",
    "--ulimit",
    "--label",
    "--device",
    "--privileged",
    "--hostname",
    "--log-opt",
    "--security-opt",
    "--cap-add",
    "--add-host",
]
_VLLM = re.compile(
    r"--(?:max-|tensor-|model|gpu-mem|dtype|quant|served|trust|enable-|tool-|reasoning|kv-|api-key|host|port)"
)


def advise(*ids: str) -> Fixes:
    """Make a single fix out of advices."""
    return (Fix(advice=ids),)


def next_port(port: str) -> int:
    """Give the port after one, for what is likely free."""
    number = int(port) if port.isdecimal() else 8000
    return number + 1 if number < 65535 else 8000


def port(values: Values, facts: Facts) -> Fixes:
    """The next port, on the host or for vLLM itself, or stop who holds it."""
    taken = values.get("port", "8000")
    free = next_port(taken)
    published = Fix(docker=(f"-p {free}:{facts.given('port') or 8000}",), advice=("stop-other-container",))
    if "reserved" in values:
        return (Fix(docker=published.docker, advice=("windows-port-reserved", "stop-other-container")),)
    own = Fix(set={"port": free}, advice=("stop-other-container",))
    return (own, published) if values.get("inside") else (published, own)


def mount(values: Values, _facts: Facts) -> Fixes:
    """The mount written so that a Linux daemon reads it."""
    inside = values.get("mode") or "/models"
    source = values.get("path") or values.get("spec", "")
    drive = re.match(r"([A-Za-z]):[\\/]?([^:]*)", source)
    host = f"/mnt/{drive[1].lower()}/{drive[2].replace(chr(92), '/')}" if drive else "/mnt/<drive>/<folder>"
    return (Fix(docker=(f"-v {host}:{inside}",), advice=("fix-mount",)),)


def mount_missing(values: Values, _facts: Facts) -> Fixes:
    """A folder that is there."""
    return (Fix(docker=("-v <folder>:/models",), advice=("fix-mount",)),)


def unreachable(values: Values, _facts: Facts) -> Fixes:
    """Start Docker, or reach its host."""
    if "host" in values or "ssh" in values.get("address", ""):
        return advise("check-ssh", "start-docker")
    return advise("start-docker")


def command(values: Values, _facts: Facts) -> Fixes:
    """The option that was meant, or the quotes."""
    flag = values.get("flag", "").split(",")[0]
    if _VLLM.match(flag):
        return advise("fix-quoting")
    option = _option(flag, values)
    if not option:
        return advise("fix-quoting", "check-image-name")
    return (Fix(docker=(option,), advice=("fix-quoting",)),)


def _option(flag: str, values: Values) -> str:
    known = difflib.get_close_matches(flag, _OPTIONS, 1, 0.6)
    if flag.startswith("-gpu") or "--gpus" in (flag, *known) or flag in ("--gpu-all", "--gpus-all"):
        device = re.search(r"\d[\d,]*", values.get("value", ""))
        return f"--gpus '\"device={device[0]}\"'" if device else "--gpus all"
    if flag in ("-p", "--publish") or re.search(r"nvalid (?:container|host)Port|publish opts", values.get("said", "")):
        return "-p 8000:8000"
    if flag.startswith("-v") or flag == "--volume":
        return "-v <folder>:/models"
    return known[0] if known and "value" not in values else ""


def driver(_values: Values, facts: Facts) -> Fixes:
    """A newer driver, or an image for the one that is there."""
    return advise("update-windows-driver" if facts.wsl else "update-driver", "older-image")


def hidden(values: Values, facts: Facts) -> Fixes:
    """Give the container its GPUs."""
    given = Fix(docker=("--gpus all",), advice=("install-nvidia-toolkit", "cpu-image"))
    if facts.cuda_seen:
        return (Fix(unset=("CUDA_VISIBLE_DEVICES",), docker=("--gpus all",), advice=("install-nvidia-toolkit",)), given)
    return (given,)


def too_new(values: Values, _facts: Facts) -> Fixes:
    """An image that was built for this card."""
    number = re.search(r"(\d{2,3})", values.get("arch", ""))
    if number and int(number[1]) < 75:
        return advise("older-image", "newer-image")
    return advise("newer-image")


def backend(values: Values, facts: Facts) -> Fixes:
    """Another attention backend, in the spelling of the version."""
    if facts.given("attention_backend"):
        return (Fix(unset=("attention-backend",)), Fix(set={"attention-backend": "TRITON_ATTN"}))
    if "Selected" in values.get("said", "") and facts.version < (0, 14):
        return (Fix(unset=("VLLM_ATTENTION_BACKEND",)), Fix(env={"VLLM_ATTENTION_BACKEND": "TRITON_ATTN"}))
    other = "TRITON_ATTN" if facts.version >= (0, 11) else "XFORMERS"
    if facts.version >= (0, 14):
        return (Fix(set={"attention-backend": "TRITON_ATTN"}, advice=("newer-image",)),)
    name = other if facts.version >= (0, 11) or facts.version < (0, 9) else "TRITON_ATTN_VLLM_V1"
    return (Fix(env={"VLLM_ATTENTION_BACKEND": name}, advice=("newer-image",)),)


def nccl(values: Values, _facts: Facts) -> Fixes:
    """Without direct links, or over the right network card."""
    if "socket interface" in values.get("error", "") or "connectFullMesh" in values.get("error", ""):
        return (Fix(env={"NCCL_SOCKET_IFNAME": "eth0"}, advice=("check-network", "check-gpu-links")),)
    return (
        Fix(env={"NCCL_P2P_DISABLE": "1"}, advice=("check-gpu-links",)),
        Fix(docker=("--ipc=host",)),
    )


def too_old(values: Values, _facts: Facts) -> Fixes:
    """A newer Docker; until then without its seccomp profile."""
    if "client" in values:
        return advise("update-docker")
    return (Fix(advice=("update-docker",)), Fix(docker=("--security-opt seccomp=unconfined",)))
