"""The words of Docker's and the host's causes: a title, then sentences; one whose names are not known is left out."""

from __future__ import annotations

from tui.insight.causes.mark import N_

DOCKER_WORDS: dict[str, tuple[str, ...]] = {
    "no-gpu-runtime": (
        N_("Docker cannot hand GPUs to containers"),
        N_("--gpus was asked for, but the NVIDIA container toolkit is missing on the Docker host, or not set up."),
    ),
    "unknown-runtime": (
        N_("Docker does not know this runtime"),
        N_(
            "--runtime {runtime} names a runtime that the daemon does not have; the NVIDIA container toolkit registers nvidia."
        ),
    ),
    "wsl-no-adapter": (
        N_("WSL sees no GPU"),
        N_(
            "The Windows driver or the WSL kernel is the trouble, not the NVIDIA toolkit: no GPU adapters were found in WSL."
        ),
    ),
    "driver-mismatch": (
        N_("The NVIDIA driver was updated without a restart"),
        N_("NVML: the loaded driver and its library have different versions (driver/library version mismatch)."),
    ),
    "port-in-use": (
        N_("Port {port} is already in use"),
        N_("Another container or program holds port {port}."),
        N_("Windows has reserved port {reserved}, or another program holds it."),
    ),
    "name-conflict": (
        N_("A container named {name} already exists"),
        N_("Docker keeps the old container {name} until it is removed."),
    ),
    "image-not-found": (
        N_("There is no such image, or no access to it"),
        N_("The registry does not give out {image}: check the image's name and tag, or log in."),
        N_("The tag {tag} is not there."),
    ),
    "image-wrong-arch": (
        N_("The image is for another kind of CPU"),
        N_("It has no build for {platform}."),
        N_(
            "This machine cannot run the image's programs (exec format error): it was built for another architecture, amd64 or arm64."
        ),
    ),
    "registry-rate-limit": (
        N_("The registry refuses: too many pulls"),
        N_("Pulls without a login are limited (rate limit, toomanyrequests); log in, wait, or use a mirror."),
    ),
    "registry-unreachable": (
        N_("The image registry cannot be reached"),
        N_("{host} does not answer: check network, DNS and proxy, or pull from a mirror."),
    ),
    "mount-invalid": (
        N_("Docker cannot read the mount"),
        N_(
            "-v takes {mode} for the mount's mode: a Windows path with its drive letter does not work on a Linux daemon; write /mnt/<drive>/…"
        ),
        N_("-v {spec} is no mount."),
        N_("The mount {path} is not valid: a host folder needs an absolute path."),
    ),
    "mount-missing": (
        N_("The folder to mount is not there"),
        N_("The host folder {path} does not exist on the Docker host."),
    ),
    "mount-denied": (
        N_("Docker Desktop does not share this folder"),
        N_("{path} is not shared with Docker Desktop (Settings, Resources, File sharing)."),
    ),
    "docker-unreachable": (
        N_("Docker does not answer"),
        N_("No Docker daemon answers at {address}."),
        N_("The SSH host {host} cannot be reached."),
        N_("The Docker context {context} leads nowhere."),
    ),
    "docker-permission": (
        N_("You may not use Docker"),
        N_("The user has no permission for Docker's socket {socket}; join the docker group."),
    ),
    "docker-too-old": (
        N_("Docker is too old for this image"),
        N_("The client speaks API {client}, the daemon {server}."),
        N_(
            "Threads cannot start in the container (Operation not permitted): Docker's or libseccomp's profile does not know the calls that this image makes."
        ),
    ),
    "bad-docker-command": (
        N_("Docker cannot read the command"),
        N_("docker run has no option {flag}."),
        N_("“{value}” is not accepted for {flag}."),
        N_("“{name}” is no name of an image (invalid reference format)."),
        N_(
            "The name of the image cannot be read (invalid reference format): a wrong quote, an empty variable, or a space."
        ),
        N_("docker cannot read “{value}”."),
    ),
    "bad-entrypoint": (
        N_("The container's command cannot be run"),
        N_("“{program}” is no program in this image: the arguments went to an image without vLLM's entrypoint."),
    ),
    "disk-full": (
        N_("The disk is full"),
        N_("There is no space left on the device."),
    ),
}
"""Say each cause in the user's language."""


GPU_WORDS: dict[str, tuple[str, ...]] = {
    "driver-too-old": (
        N_("The NVIDIA driver is too old for this image"),
        N_("The image wants {wants}; the driver on the host does not support that CUDA."),
        N_("The driver supports CUDA {found_cuda} (version {found})."),
        N_("{error}: the driver does not support the image's CUDA."),
    ),
    "gpu-not-visible": (
        N_("The container sees no GPU"),
        N_("It was started without --gpus all, or CUDA_VISIBLE_DEVICES hides the GPU (CUDA device) from it."),
        N_("The device asked for with --gpus does not exist: {device}"),
    ),
    "gpu-lost": (
        N_("The container has lost its GPU"),
        N_(
            "NVML answers “Unknown Error”: the GPU was there and is gone from the container, as after systemctl daemon-reload or a driver reset; restart the container."
        ),
    ),
    "gpu-too-new": (
        N_("This image has no code for this GPU"),
        N_("The image's torch or triton was not built for {arch}."),
        N_("The card is {device}."),
        N_("There is no kernel image for this GPU in it."),
    ),
    "gpu-busy": (
        N_("The GPU refuses: it is busy"),
        N_("The GPU is in exclusive mode or held by another process (busy or unavailable)."),
    ),
    "gpu-hardware": (
        N_("The GPU has a hardware fault"),
        N_(
            "An uncorrectable ECC error, or a fault of its bus, was reported: reset the GPU, and have it checked if it comes again."
        ),
    ),
    "bf16-unsupported": (
        N_("This GPU has no bfloat16"),
        N_("bfloat16 needs compute capability {needs}; {device} has {has}. Use --dtype half (float16)."),
        N_("{device} (compute capability {has}) cannot compute in bfloat16. Use --dtype half (float16)."),
    ),
    "quant-unsupported-gpu": (
        N_("This GPU cannot run this quantization"),
        N_("{method} needs compute capability {needs}; this GPU has {has}."),
        N_("The quantization {method} does not run here; the GPU has compute capability {has}."),
        N_("It needs capability {needs}; this GPU has {has}."),
        N_("The quantization {method} does not run on this GPU."),
    ),
    "attention-backend-unsupported": (
        N_("The attention backend does not run on this GPU"),
        N_("{backend} does not run here."),
        N_("Reason: {reason}"),
        N_("No attention backend suits {device} with this model's settings."),
    ),
    "compile-failed": (
        N_("Compiling kernels failed"),
        N_("{program} failed or is missing: the image lacks a compiler for what is compiled at the start."),
        N_(
            "A C compiler (gcc) or nvcc is missing in the image, or torch.compile failed; --enforce-eager goes without compiling."
        ),
    ),
    "nccl-error": (
        N_("NCCL: the GPUs cannot talk to each other"),
        N_("NCCL says: {error}"),
    ),
    "nccl-timeout": (
        N_("NCCL: a collective hung and was ended by the watchdog"),
        N_("{op} did not come back in {ms} ms: a timeout between the GPUs."),
    ),
    "cuda-illegal-access": (
        N_("CUDA: an illegal memory access was encountered"),
        N_(
            "A kernel read or wrote where it must not: mostly a bug of vLLM or of a kernel; the server has to start again."
        ),
    ),
    "cuda-launch-failure": (
        N_("CUDA: unspecified launch failure"),
        N_(
            "A kernel broke off on the GPU; the server has to start again. If it comes often: driver, power, or the card itself."
        ),
    ),
    "engine-stalled": (
        N_("A worker stopped answering the engine"),
        N_("The call {call} timed out (RPC timeout)."),
        N_("No answer came within {ms} ms (timeout)."),
    ),
}
"""Say the GPU's causes."""


_CARD = N_("The card has {total}, free were {free}, {tried} more were wanted.")
MEMORY_WORDS: dict[str, tuple[str, ...]] = {
    "gpu-memory-taken": (
        N_("Others use the GPU's memory"),
        N_("vLLM wants {wanted} GiB (gpu-memory-utilization {utilization}) and only {free} of {total} GiB are free."),
        N_("The memory of the GPU is taken by others already at the start."),
    ),
    "oom-weights": (N_("The model does not fit: CUDA out of memory while the weights load"), _CARD),
    "oom-profile": (
        N_("CUDA out of memory in the profiling run"),
        N_("A full batch of max-num-batched-tokens does not fit beside the weights; smaller batches need less."),
        _CARD,
    ),
    "oom-sampler": (
        N_("CUDA out of memory while the sampler warms up"),
        N_("The warm-up with {seqs} requests (max-num-seqs) does not fit."),
        _CARD,
    ),
    "oom-cudagraph": (
        N_("CUDA out of memory while CUDA graphs are captured"),
        N_("A lower gpu-memory-utilization leaves more room for the graphs."),
        _CARD,
    ),
    "oom-runtime": (
        N_("CUDA out of memory on a request"),
        N_(
            "The server was up and ran out of GPU memory; a lower gpu-memory-utilization or fewer requests at once leave more room."
        ),
        _CARD,
    ),
    "no-kv-memory": (
        N_("Nothing is left for the KV cache"),
        N_("After the weights no memory is left for cache blocks within gpu-memory-utilization {utilization}."),
        N_(
            "The model's weights and the profiling run use up gpu-memory-utilization; nothing is left for cache blocks."
        ),
    ),
    "kv-cache-too-small": (
        N_("The KV cache is smaller than one request"),
        N_("One request of max-model-len {length} needs {needed} GiB of KV cache and {available} GiB are there."),
        N_("{fits} tokens fit."),
        N_("max-model-len {length} is more than the cache holds."),
    ),
    "memory-profiling-changed": (
        N_("GPU memory changed while vLLM measured it"),
        N_(
            "Another process freed GPU memory meanwhile: {before} GiB were free at first, {after} GiB then. Start again when nothing else starts or ends on the GPU."
        ),
    ),
    "host-oom-killed": (
        N_("The host ran out of memory and killed the server"),
        N_(
            "Memory (RAM) of the host, of WSL or of the container's limit did not suffice: a process was killed (signal 9, exit code 137)."
        ),
    ),
    "shm-too-small": (
        N_("Shared memory (/dev/shm) is too small"),
        N_(
            "Docker gives a container 64 MiB of /dev/shm; the workers and NCCL need more: use --ipc=host or --shm-size."
        ),
        N_("{needs} are needed in /dev/shm, {has} are free."),
    ),
    "pinned-memory": (
        N_("This needs pinned memory, which WSL does not offer"),
        N_("cpu-offload-gb needs pinned memory (UVA)."),
    ),
}
"""Say memory's causes."""
