"""The words of Docker's and the host's causes: a title, then sentences; one whose names are not known is left out."""

from __future__ import annotations

from gettext import gettext as _


def docker_words() -> dict[str, tuple[str, ...]]:
    """Say each cause in the user's language."""
    return {
        "no-gpu-runtime": (
            _("Docker cannot hand GPUs to containers"),
            _("--gpus was asked for, but the NVIDIA container toolkit is missing on the Docker host, or not set up."),
        ),
        "unknown-runtime": (
            _("Docker does not know this runtime"),
            _(
                "--runtime {runtime} names a runtime that the daemon does not have; the NVIDIA container toolkit registers nvidia."
            ),
        ),
        "wsl-no-adapter": (
            _("WSL sees no GPU"),
            _(
                "The Windows driver or the WSL kernel is the trouble, not the NVIDIA toolkit: no GPU adapters were found in WSL."
            ),
        ),
        "driver-mismatch": (
            _("The NVIDIA driver was updated without a restart"),
            _("NVML: the loaded driver and its library have different versions (driver/library version mismatch)."),
        ),
        "port-in-use": (
            _("Port {port} is already in use"),
            _("Another container or program holds port {port}."),
            _("Windows has reserved port {reserved}, or another program holds it."),
        ),
        "name-conflict": (
            _("A container named {name} already exists"),
            _("Docker keeps the old container {name} until it is removed."),
        ),
        "image-not-found": (
            _("There is no such image, or no access to it"),
            _("The registry does not give out {image}: check the image's name and tag, or log in."),
            _("The tag {tag} is not there."),
        ),
        "image-wrong-arch": (
            _("The image is for another kind of CPU"),
            _("It has no build for {platform}."),
            _(
                "This machine cannot run the image's programs (exec format error): it was built for another architecture, amd64 or arm64."
            ),
        ),
        "registry-rate-limit": (
            _("The registry refuses: too many pulls"),
            _("Pulls without a login are limited (rate limit, toomanyrequests); log in, wait, or use a mirror."),
        ),
        "registry-unreachable": (
            _("The image registry cannot be reached"),
            _("{host} does not answer: check network, DNS and proxy, or pull from a mirror."),
        ),
        "mount-invalid": (
            _("Docker cannot read the mount"),
            _(
                "-v takes {mode} for the mount's mode: a Windows path with its drive letter does not work on a Linux daemon; write /mnt/<drive>/…"
            ),
            _("-v {spec} is no mount."),
            _("The mount {path} is not valid: a host folder needs an absolute path."),
        ),
        "mount-missing": (
            _("The folder to mount is not there"),
            _("The host folder {path} does not exist on the Docker host."),
        ),
        "mount-denied": (
            _("Docker Desktop does not share this folder"),
            _("{path} is not shared with Docker Desktop (Settings, Resources, File sharing)."),
        ),
        "docker-unreachable": (
            _("Docker does not answer"),
            _("No Docker daemon answers at {address}."),
            _("The SSH host {host} cannot be reached."),
            _("The Docker context {context} leads nowhere."),
        ),
        "docker-permission": (
            _("You may not use Docker"),
            _("The user has no permission for Docker's socket {socket}; join the docker group."),
        ),
        "docker-too-old": (
            _("Docker is too old for this image"),
            _("The client speaks API {client}, the daemon {server}."),
            _(
                "Threads cannot start in the container (Operation not permitted): Docker's or libseccomp's profile does not know the calls that this image makes."
            ),
        ),
        "bad-docker-command": (
            _("Docker cannot read the command"),
            _("docker run has no option {flag}."),
            _("“{value}” is not accepted for {flag}."),
            _("“{name}” is no name of an image (invalid reference format)."),
            _(
                "The name of the image cannot be read (invalid reference format): a wrong quote, an empty variable, or a space."
            ),
            _("docker cannot read “{value}”."),
        ),
        "bad-entrypoint": (
            _("The container's command cannot be run"),
            _("“{program}” is no program in this image: the arguments went to an image without vLLM's entrypoint."),
        ),
        "disk-full": (
            _("The disk is full"),
            _("There is no space left on the device."),
        ),
    }


def gpu_words() -> dict[str, tuple[str, ...]]:
    """Say the GPU's causes."""
    return {
        "driver-too-old": (
            _("The NVIDIA driver is too old for this image"),
            _("The image wants {wants}; the driver on the host does not support that CUDA."),
            _("The driver supports CUDA {found_cuda} (version {found})."),
            _("{error}: the driver does not support the image's CUDA."),
        ),
        "gpu-not-visible": (
            _("The container sees no GPU"),
            _("It was started without --gpus all, or CUDA_VISIBLE_DEVICES hides the GPU (CUDA device) from it."),
            _("The device asked for with --gpus does not exist: {device}"),
        ),
        "gpu-lost": (
            _("The container has lost its GPU"),
            _(
                "NVML answers “Unknown Error”: the GPU was there and is gone from the container, as after systemctl daemon-reload or a driver reset; restart the container."
            ),
        ),
        "gpu-too-new": (
            _("This image has no code for this GPU"),
            _("The image's torch or triton was not built for {arch}."),
            _("The card is {device}."),
            _("There is no kernel image for this GPU in it."),
        ),
        "gpu-busy": (
            _("The GPU refuses: it is busy"),
            _("The GPU is in exclusive mode or held by another process (busy or unavailable)."),
        ),
        "gpu-hardware": (
            _("The GPU has a hardware fault"),
            _(
                "An uncorrectable ECC error, or a fault of its bus, was reported: reset the GPU, and have it checked if it comes again."
            ),
        ),
        "bf16-unsupported": (
            _("This GPU has no bfloat16"),
            _("bfloat16 needs compute capability {needs}; {device} has {has}. Use --dtype half (float16)."),
            _("{device} (compute capability {has}) cannot compute in bfloat16. Use --dtype half (float16)."),
        ),
        "quant-unsupported-gpu": (
            _("This GPU cannot run this quantization"),
            _("{method} needs compute capability {needs}; this GPU has {has}."),
            _("The quantization {method} does not run here; the GPU has compute capability {has}."),
            _("It needs capability {needs}; this GPU has {has}."),
            _("The quantization {method} does not run on this GPU."),
        ),
        "attention-backend-unsupported": (
            _("The attention backend does not run on this GPU"),
            _("{backend} does not run here."),
            _("Reason: {reason}"),
            _("No attention backend suits {device} with this model's settings."),
        ),
        "compile-failed": (
            _("Compiling kernels failed"),
            _("{program} failed or is missing: the image lacks a compiler for what is compiled at the start."),
            _(
                "A C compiler (gcc) or nvcc is missing in the image, or torch.compile failed; --enforce-eager goes without compiling."
            ),
        ),
        "nccl-error": (
            _("NCCL: the GPUs cannot talk to each other"),
            _("NCCL says: {error}"),
        ),
        "nccl-timeout": (
            _("NCCL: a collective hung and was ended by the watchdog"),
            _("{op} did not come back in {ms} ms: a timeout between the GPUs."),
        ),
        "cuda-illegal-access": (
            _("CUDA: an illegal memory access was encountered"),
            _(
                "A kernel read or wrote where it must not: mostly a bug of vLLM or of a kernel; the server has to start again."
            ),
        ),
        "cuda-launch-failure": (
            _("CUDA: unspecified launch failure"),
            _(
                "A kernel broke off on the GPU; the server has to start again. If it comes often: driver, power, or the card itself."
            ),
        ),
        "engine-stalled": (
            _("A worker stopped answering the engine"),
            _("The call {call} timed out (RPC timeout)."),
            _("No answer came within {ms} ms (timeout)."),
        ),
    }


def memory_words() -> dict[str, tuple[str, ...]]:
    """Say memory's causes."""
    card = _("The card has {total}, free were {free}, {tried} more were wanted.")
    return {
        "gpu-memory-taken": (
            _("Others use the GPU's memory"),
            _(
                "vLLM wants {wanted} GiB (gpu-memory-utilization {utilization}) and only {free} of {total} GiB are free."
            ),
            _("The memory of the GPU is taken by others already at the start."),
        ),
        "oom-weights": (_("The model does not fit: CUDA out of memory while the weights load"), card),
        "oom-profile": (
            _("CUDA out of memory in the profiling run"),
            _("A full batch of max-num-batched-tokens does not fit beside the weights; smaller batches need less."),
            card,
        ),
        "oom-sampler": (
            _("CUDA out of memory while the sampler warms up"),
            _("The warm-up with {seqs} requests (max-num-seqs) does not fit."),
            card,
        ),
        "oom-cudagraph": (
            _("CUDA out of memory while CUDA graphs are captured"),
            _("A lower gpu-memory-utilization leaves more room for the graphs."),
            card,
        ),
        "oom-runtime": (
            _("CUDA out of memory on a request"),
            _(
                "The server was up and ran out of GPU memory; a lower gpu-memory-utilization or fewer requests at once leave more room."
            ),
            card,
        ),
        "no-kv-memory": (
            _("Nothing is left for the KV cache"),
            _("After the weights no memory is left for cache blocks within gpu-memory-utilization {utilization}."),
            _(
                "The model's weights and the profiling run use up gpu-memory-utilization; nothing is left for cache blocks."
            ),
        ),
        "kv-cache-too-small": (
            _("The KV cache is smaller than one request"),
            _("One request of max-model-len {length} needs {needed} GiB of KV cache and {available} GiB are there."),
            _("{fits} tokens fit."),
            _("max-model-len {length} is more than the cache holds."),
        ),
        "memory-profiling-changed": (
            _("GPU memory changed while vLLM measured it"),
            _(
                "Another process freed GPU memory meanwhile: {before} GiB were free at first, {after} GiB then. Start again when nothing else starts or ends on the GPU."
            ),
        ),
        "host-oom-killed": (
            _("The host ran out of memory and killed the server"),
            _(
                "Memory (RAM) of the host, of WSL or of the container's limit did not suffice: a process was killed (signal 9, exit code 137)."
            ),
        ),
        "shm-too-small": (
            _("Shared memory (/dev/shm) is too small"),
            _(
                "Docker gives a container 64 MiB of /dev/shm; the workers and NCCL need more: use --ipc=host or --shm-size."
            ),
            _("{needs} are needed in /dev/shm, {has} are free."),
        ),
        "pinned-memory": (
            _("This needs pinned memory, which WSL does not offer"),
            _("cpu-offload-gb needs pinned memory (UVA)."),
        ),
    }
