"""Any container as a profile: the best view of what somebody started, without a single secret value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from profiles import options, paths
from profiles.flags import SECRET_FLAGS, is_secret
from profiles.profile import Mount, Profile
from profiles.serve_command import ServeCommand, behind_a_script, parse
from profiles.sizes import size_text

NOT_THE_USERS = ("com.docker.compose.", "desktop.docker.io/", "org.opencontainers.image.", "llmtui.")
"""Labels that tools put on a container."""
IMAGES_OWN = re.compile(
    r"(PATH|LANG|LC_ALL|HOME|TERM|LD_LIBRARY_PATH|LIBRARY_PATH|DEBIAN_FRONTEND|PYTHON_VERSION|VLLM_USAGE_SOURCE"
    r"|CUDA_VERSION|TORCH_CUDA_ARCH_LIST|NVARCH|(NVIDIA|NV|UV)_.*)"
)
"""Variables that images bring along; used where the image's own config is not at hand."""
DEFAULT_SHM = 64 << 20


def command_of(config: Mapping[str, Any]) -> ServeCommand | None:
    """Give the vLLM command in a Config (or create body), also behind an entry script."""
    argv = [*entrypoint_of(config), *(config.get("Cmd") or ())]
    return parse(argv, environment(config)) or behind_a_script(argv)


def entrypoint_of(config: Mapping[str, Any]) -> list[str]:
    """Give the entrypoint's words: a body that names none gets the image's, `[""]` takes the image's away."""
    if "Entrypoint" not in config:
        return ["vllm", "serve"]
    given = config["Entrypoint"] or ()
    words = given.split() if isinstance(given, str) else list(given)  # Podman says it in one text
    return [] if words == [""] else words


def environment(config: Mapping[str, Any]) -> dict[str, str]:
    """Give a Config's variables."""
    return dict(entry.split("=", 1) for entry in config.get("Env") or () if "=" in entry)


def profile_of(inspect: Mapping[str, Any], image_config: Mapping[str, Any] | None = None) -> Profile:
    """See a container as a profile; what a profile has no word for stays in the container's own record.

    `image_config` tells which variables and labels are the image's and not the user's. Values of secrets stay out: a
    variable becomes a name, `--api-key` becomes VLLM_API_KEY by name.
    """
    config, host = inspect["Config"], inspect["HostConfig"]
    command = command_of(config)
    mounts = mounts_of(host)
    flags, served, secrets = _flags(command)
    env, names = _env(config, host, image_config)
    model, in_image = _model(command, mounts)
    address, port = _published(inspect, command)
    return Profile(
        name=inspect["Name"].lstrip("/"),
        model=model,
        in_image=in_image,
        image=config.get("Image", ""),
        served_name=served,
        bind=address,
        port=port,
        gpus=gpus_of(config, host),
        flags=flags,
        env=env,
        env_names=tuple(dict.fromkeys((*names, *secrets))),
        mounts=mounts,
        labels=_labels(config, image_config),
        options=_options(inspect, image_config or {}),
        **_limits(config, host),
    )


def mounts_of(host: Mapping[str, Any]) -> tuple[Mount, ...]:
    """Give the folders and named volumes that somebody asked for, from Binds and Mounts."""
    bound = [bind(text) for text in host.get("Binds") or ()]
    mounted = [
        Mount(entry["Source"], entry["Target"], bool(entry.get("ReadOnly")))
        for entry in host.get("Mounts") or ()
        if entry.get("Type") in ("bind", "volume") and entry.get("Source")
    ]
    return (*(mount for mount in bound if mount is not None), *mounted)


def bind(text: str) -> Mount | None:
    """Read `source:target[:ro,z]`; None for an anonymous volume."""
    windows = text[1:2] == ":" and text[2:3] in ("\\", "/")
    start, rest = (text[:2], text[2:]) if windows else ("", text)
    source, _, rest = rest.partition(":")
    target, _, mode = rest.partition(":")
    return Mount(start + source, target, "ro" in mode.split(",")) if target else None


def gpus_of(config: Mapping[str, Any], host: Mapping[str, Any]) -> str:
    """Give `all`, `none`, `device=0,1` or a count, from device requests or the nvidia runtime's variable."""
    for request in host.get("DeviceRequests") or ():
        if request.get("DeviceIDs"):
            cards = [card.rpartition("=")[2] for card in request["DeviceIDs"]]  # CDI says nvidia.com/gpu=0
            return "all" if "all" in cards else "device=" + ",".join(cards)
        return "all" if request.get("Count") == -1 else str(request.get("Count") or "all")
    if host.get("Runtime") == "nvidia":
        visible = environment(config).get("NVIDIA_VISIBLE_DEVICES", "all")
        return visible if visible in ("all", "none") else "none" if visible in ("", "void") else f"device={visible}"
    return "none"


def _flags(command: ServeCommand | None) -> tuple[tuple[tuple[str, str | None], ...], str, tuple[str, ...]]:
    """Split a command's flags into those to show, the one served name, and variables for its secrets."""
    if command is None:
        return (), "", ()
    shown = [(name, value) for name, value in command.flags if name not in SECRET_FLAGS]
    secrets = tuple(SECRET_FLAGS[name] for name, _value in command.flags if name in SECRET_FLAGS)
    names = [a.values for a in command.arguments if a.name == "served-model-name"]
    if len(names) == 1 and len(names[0]) == 1:
        return tuple(pair for pair in shown if pair[0] != "served-model-name"), names[0][0], secrets
    return tuple(shown), "", secrets


def _model(command: ServeCommand | None, mounts: tuple[Mount, ...]) -> tuple[str, bool]:
    """Give the model as the host knows it, and whether it is inside the image."""
    given = (command.model if command else None) or ""
    if not given.startswith("/"):
        return given, False
    source = paths.on_host(given, mounts)
    if source is None:
        return given, True
    return (source, False) if paths.is_folder(source) else (given, True)


def _published(inspect: Mapping[str, Any], command: ServeCommand | None) -> tuple[str, int]:
    inner = command.port if command else 8000
    mode = inspect["HostConfig"].get("NetworkMode", "")
    if mode == "host":
        return (command.host if command else None) or "0.0.0.0", inner  # noqa: S104
    key = f"{inner}/tcp"
    asked = (inspect["HostConfig"].get("PortBindings") or {}).get(key) or ()
    real = ((inspect.get("NetworkSettings") or {}).get("Ports") or {}).get(key) or ()
    for entry in asked:
        port = entry.get("HostPort") or (real[0].get("HostPort") if real else "")
        return entry.get("HostIp") or "0.0.0.0", int(port) if str(port).isdigit() else 0  # noqa: S104
    return "127.0.0.1", 0


def _env(
    config: Mapping[str, Any], host: Mapping[str, Any], image: Mapping[str, Any] | None
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    own = environment(image) if image is not None else {}
    found: list[tuple[str, str]] = []
    names: list[str] = []
    for name, value in environment(config).items():
        if own.get(name) == value or (image is None and IMAGES_OWN.fullmatch(name)):
            continue
        if name == "NVIDIA_VISIBLE_DEVICES" and host.get("Runtime") == "nvidia":
            continue
        if is_secret(name):
            names.append(name)
        else:
            found.append((name, value))
    return tuple(found), tuple(names)


def _labels(config: Mapping[str, Any], image: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    own = (image or {}).get("Labels") or {}
    labels = config.get("Labels") or {}
    return tuple((k, v) for k, v in labels.items() if own.get(k) != v and not k.startswith(NOT_THE_USERS))


def _limits(config: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, Any]:
    policy = host.get("RestartPolicy") or {}
    retries = policy.get("MaximumRetryCount") or 0
    shm = host.get("ShmSize") or 0
    mode = host.get("NetworkMode", "")
    return {
        "ipc": "" if host.get("IpcMode") in ("private", None) else host["IpcMode"],
        "shm_size": "" if shm == DEFAULT_SHM else size_text(shm),
        "memory": size_text(host.get("Memory") or 0),
        "cpus": cpus_text(host.get("NanoCpus") or 0),
        "restart": (policy.get("Name") or "no") + (f":{retries}" if retries else ""),
        "user": config.get("User") or "",
        "network": "" if mode in ("default", "bridge") else mode,
        "ulimits": tuple(limit_text(limit) for limit in host.get("Ulimits") or ()),
    }


def _options(inspect: Mapping[str, Any], image: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what somebody asked for and the profile's other fields do not hold; without what image and engine fill in."""
    config, host = dict(inspect["Config"]), dict(inspect["HostConfig"])
    for name in ("WorkingDir", "StopSignal"):
        if config.get(name) == image.get(name):
            config.pop(name, None)
    if hostname_is_the_engines(inspect):
        config.pop("Hostname", None)
    host["PortBindings"] = _further_ports(inspect)
    if host.get("Runtime") == "nvidia" and not host.get("DeviceRequests"):
        host.pop("Runtime")  # the cards it gave are asked for by `gpus`
    if host.get("MemorySwap") == 2 * (host.get("Memory") or 0):
        host.pop("MemorySwap", None)
    if options.labels_are_off(host):
        host["SecurityOpt"] = [one for one in host.get("SecurityOpt") or () if one != options.LABELS_OFF]
    return options.read(config, host)


def _further_ports(inspect: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is published beside the server's own port."""
    given = dict(inspect["HostConfig"].get("PortBindings") or {})
    command = command_of(inspect["Config"])
    own = f"{command.port if command else 8000}/tcp"
    given[own] = list(given.get(own) or ())[1:]
    return given


def hostname_is_the_engines(inspect: Mapping[str, Any]) -> bool:
    """Say whether nobody chose the host name: it is the short id, or shared with the host or another container."""
    host = inspect["HostConfig"]
    shared = str(host.get("NetworkMode", "")).startswith("container:") or host.get("UTSMode") == "host"
    return shared or inspect["Config"].get("Hostname") == str(inspect.get("Id") or "")[:12]


def cpus_text(nano: int) -> str:
    """Write billionths of a CPU as a number of CPUs."""
    return f"{nano / 1e9:.9f}".rstrip("0").rstrip(".") if nano else ""


def limit_text(limit: Mapping[str, Any]) -> str:
    """Write a ulimit as `name=soft:hard`, or `name=both`."""
    soft, hard = limit.get("Soft"), limit.get("Hard")
    return f"{limit.get('Name')}={soft}" if soft == hard else f"{limit.get('Name')}={soft}:{hard}"
