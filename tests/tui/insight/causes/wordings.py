"""A wording or more of every cause, as each tool prints it; names and numbers are made up."""

from __future__ import annotations

from typing import NamedTuple

from tests.tui.insight.causes.logs import LOAD_FRAMES

PROFILE = ("vllm/v1/worker/gpu_worker.py determine_available_memory", "vllm/v1/worker/gpu_model_runner.py profile_run")
OLD_PROFILE = ("vllm/worker/worker.py determine_num_available_blocks", "vllm/worker/model_runner.py profile_run")
SAMPLER = (
    "vllm/v1/worker/gpu_worker.py compile_or_warm_up_model",
    "vllm/v1/worker/gpu_model_runner.py _dummy_sampler_run",
)
GRAPHS = ("vllm/v1/worker/gpu_worker.py compile_or_warm_up_model", "vllm/v1/worker/gpu_model_runner.py capture_model")
INIT = ("vllm/v1/worker/gpu_worker.py init_device",)
KV = ("vllm/v1/core/kv_cache_utils.py check_enough_kv_cache_memory",)
HUB = ("transformers/utils/hub.py cached_files", "huggingface_hub/file_download.py hf_hub_download")
TOKENIZER = (
    "vllm/transformers_utils/tokenizer.py get_tokenizer",
    "transformers/tokenization_utils_base.py from_pretrained",
)
ROPE = ("vllm/model_executor/layers/rotary_embedding/__init__.py get_rope",)
LORA = ("vllm/lora/worker_manager.py _load_adapter",)
OOM = (
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB. GPU 0 has a total capacity of 15.57 GiB of which "
    "82.81 MiB is free. Including non-PyTorch memory, this process has 15.48 GiB memory in use."
)
OLD_OOM = OOM.replace("torch.OutOf", "torch.cuda.OutOf")


class Wording(NamedTuple):
    """How a failure is told, and what has to come out of it."""

    cause: str
    where: str
    """docker, bare, config, engine or runtime: which kind of log holds it."""
    said: str
    mention: tuple[str, ...] = ()
    fix: dict[str, object] | None = None
    """A part of the first fix, where the number matters."""
    frames: tuple[str, ...] = LOAD_FRAMES
    upto: str = "load"
    args: str = "'model': 'acme/Brisk-7B'"


def daemon(cause: str, said: str, *mention: str, fix: dict[str, object] | None = None) -> Wording:
    """The client repeats what the daemon says."""
    return Wording(cause, "docker", f"docker: Error response from daemon: {said}", mention, fix)


_RUNC = "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
_HOOK = (
    _RUNC
    + "error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: "
)

# fmt: off
DOCKER: tuple[Wording, ...] = (
    daemon("no-gpu-runtime", 'could not select device driver "" with capabilities: [[gpu]].', "nvidia"),
    daemon("no-gpu-runtime", 'could not select device driver "nvidia" with capabilities: [[gpu compute utility]]', "nvidia"),
    daemon("no-gpu-runtime", "failed to create task for container: could not inject CDI devices: unresolvable CDI devices nvidia.com/gpu=all: unknown"),
    daemon("no-gpu-runtime", "failed to discover GPU vendor from CDI: no known GPU vendor found"),
    daemon("no-gpu-runtime", _RUNC + 'exec: "nvidia-container-runtime-hook": executable file not found in $PATH: unknown'),
    daemon("no-gpu-runtime", "failed to create task for container: failed to start shim: fork/exec /usr/bin/nvidia-container-runtime: no such file or directory: unknown"),
    daemon("no-gpu-runtime", _HOOK + "initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown"),
    Wording("no-gpu-runtime", "docker", "Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all"),
    daemon("unknown-runtime", "unknown or invalid runtime name: nvidia", "nvidia"),
    daemon("unknown-runtime", "Unknown runtime specified nvidia.", "nvidia"),
    Wording("unknown-runtime", "docker", 'Error: default OCI runtime "nvidia" not found: invalid argument', ("nvidia",)),
    daemon("wsl-no-adapter", _HOOK + "initialization error: WSL environment detected but no adapters were found: unknown.", "WSL"),
    daemon("driver-mismatch", _HOOK + "initialization error: nvml error: driver/library version mismatch: unknown", "driver"),
    Wording("driver-mismatch", "config", "pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch."),
    daemon("driver-too-old", _HOOK + "requirement error: unsatisfied condition: cuda>=12.9, please update your driver to a newer version, or use an earlier cuda container: unknown", "12.9"),
    daemon("gpu-not-visible", _HOOK + "device error: 3: unknown device: unknown", "3"),
    daemon("port-in-use", "driver failed programming external connectivity on endpoint brisk (0a1b): Bind for 0.0.0.0:8001 failed: port is already allocated.", "8001"),
    daemon("port-in-use", "driver failed programming external connectivity on endpoint brisk (0a1b): failed to bind host port for 0.0.0.0:8002:172.17.0.2:8000/tcp: address already in use", "8002"),
    daemon("port-in-use", "failed to set up container networking: driver failed programming external connectivity on endpoint brisk (0a1b): failed to bind host port 0.0.0.0:8003/tcp: address already in use", "8003"),
    daemon("port-in-use", "driver failed programming external connectivity on endpoint brisk (0a1b): Error starting userland proxy: listen tcp4 0.0.0.0:8004: bind: address already in use", "8004"),
    daemon("port-in-use", "Ports are not available: exposing port TCP 0.0.0.0:8005 -> 0.0.0.0:0: listen tcp 0.0.0.0:8005: bind: An attempt was made to access a socket in a way forbidden by its access permissions.", "8005", fix={"advice": ["windows-port-reserved", "stop-other-container"]}),
    daemon("port-in-use", "Ports are not available: exposing port TCP 127.0.0.1:8006 -> 127.0.0.1:0: listen tcp 127.0.0.1:8006: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.", "8006"),
    daemon("port-in-use", "Ports are not available: listen tcp 0.0.0.0:8007: bind: address already in use", "8007"),
    Wording("port-in-use", "docker", 'Error: rootlessport listen tcp 0.0.0.0:8008: bind: address already in use', ("8008",)),
    Wording("port-in-use", "config", "OSError: [Errno 98] Address already in use", ("8010",), {"set": {"port": 8011}}, args="'model': 'acme/Brisk-7B', 'port': 8010"),
    Wording("port-in-use", "engine", "torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use", ("29500",)),
    daemon("name-conflict", 'Conflict. The container name "/brisk" is already in use by container "0a1b2c". You have to remove (or rename) that container to be able to reuse that name.', "brisk"),
    Wording("name-conflict", "docker", 'Error: creating container storage: the container name "brisk" is already in use by 0a1b2c. You have to remove that container to be able to reuse that name: that name is already in use', ("brisk",)),
    daemon("image-not-found", "pull access denied for acme/vllm, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "acme/vllm"),
    daemon("image-not-found", "manifest for vllm/vllm-openai:v9.9.9 not found: manifest unknown: manifest unknown", "v9.9.9"),
    daemon("image-not-found", 'failed to resolve reference "docker.io/vllm/vllm-openai:v9.9": docker.io/vllm/vllm-openai:v9.9: not found', "v9.9"),
    daemon("image-not-found", "No such image: acme/offline:1", "acme/offline:1"),
    daemon("image-not-found", 'Head "https://ghcr.io/v2/acme/vllm/manifests/latest": denied', "acme/vllm"),
    daemon("image-not-found", 'Get "https://registry.acme.io/v2/team/vllm/manifests/1.0": unauthorized: authentication required', "team/vllm"),
    Wording("image-not-found", "docker", 'Error: short-name "acme-vllm" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"', ("acme-vllm",)),
    daemon("image-wrong-arch", "no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in manifest: not found", "arm64"),
    Wording("image-wrong-arch", "docker", "exec /usr/bin/python3: exec format error"),
    Wording("image-wrong-arch", "docker", 'Error: choosing an image from manifest list docker://vllm/vllm-openai:latest: no image found in image index for architecture "arm64", variant "v8", OS "linux"', ("arm64",)),
    daemon("registry-rate-limit", "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit", "limit"),
    daemon("registry-rate-limit", "error from registry: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading", "limit"),
    daemon("registry-unreachable", 'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)', "registry-1.docker.io"),
    daemon("registry-unreachable", 'Get "https://registry-1.docker.io/v2/": dial tcp 203.0.113.9:443: i/o timeout', "registry-1.docker.io"),
    daemon("registry-unreachable", 'Head "https://registry-1.docker.io/v2/vllm/vllm-openai/manifests/latest": Get "https://auth.docker.io/token?scope=x": dial tcp: lookup auth.docker.io: Temporary failure in name resolution', "docker.io"),
    daemon("registry-unreachable", 'failed to resolve reference "docker.io/vllm/vllm-openai:latest": failed to do request: Head "https://registry-1.docker.io/v2/vllm/vllm-openai/manifests/latest": context deadline exceeded', "registry-1.docker.io"),
    daemon("registry-unreachable", 'Get "https://quay.acme.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority', "quay.acme.io"),
    daemon("registry-unreachable", 'Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 127.0.0.1:7890: connect: connection refused', "registry-1.docker.io"),
    daemon("registry-unreachable", 'Get "https://registry-1.docker.io/v2/": EOF', "registry-1.docker.io"),
    daemon("registry-unreachable", "net/http: TLS handshake timeout"),
    daemon("mount-invalid", "invalid mode: /models", "/models"),
    daemon("mount-invalid", "invalid volume specification: 'D:\\models:\\data'", "D:\\models"),
    daemon("mount-invalid", 'create my models: "my models" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path', "my models"),
    daemon("mount-invalid", "invalid mount config for type \"volume\": invalid mount path: 'models' mount path must be absolute", "models"),
    Wording("mount-invalid", "docker", "docker: invalid spec: :/models: empty section between colons", (":/models",)),
    daemon("mount-invalid", "Duplicate mount point: /models", "/models"),
    daemon("mount-missing", 'invalid mount config for type "bind": bind source path does not exist: /srv/models', "/srv/models"),
    daemon("mount-missing", "error while creating mount source path '/run/desktop/mnt/host/e/models': mkdir /run/desktop/mnt/host/e: file exists", "/run/desktop/mnt/host/e/models"),
    daemon("mount-missing", "error while creating mount source path '/data/models': mkdir /data: read-only file system", "/data/models"),
    Wording("mount-missing", "docker", "Error: statfs /srv/models: no such file or directory", ("/srv/models",)),
    daemon("mount-denied", "Mounts denied: \nThe path /srv/models is not shared from the host and is not known to Docker.\nYou can configure shared paths from Docker -> Preferences... -> Resources -> File Sharing.", "/srv/models"),
    daemon("mount-denied", "error while creating mount source path '/host_mnt/srv/models': mkdir /host_mnt/srv: permission denied", "/host_mnt/srv/models"),
    daemon("mount-denied", "user declined directory sharing C:\\models", "C:\\models"),
    Wording("docker-unreachable", "docker", "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", ("docker",), {"advice": "start-docker"}),
    Wording("docker-unreachable", "docker", "failed to connect to the docker API at npipe:////./pipe/dockerDesktopLinuxEngine; check if the path is correct and if the daemon is running: open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.", ("docker",), {"advice": "start-docker"}),
    Wording("docker-unreachable", "docker", 'docker: error during connect: Head "http://docker.example.com/_ping": command [ssh -o ConnectTimeout=30 -T -l ann -- gpubox docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: connect to host gpubox port 22: Connection timed out', ("gpubox",), {"advice": ["check-ssh", "start-docker"]}),
    Wording("docker-unreachable", "docker", "Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, or try `podman machine init` and `podman machine start` to manage a new Linux VM"),
    Wording("docker-permission", "docker", 'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock', ("docker.sock",)),
    Wording("docker-permission", "docker", 'docker: Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/create": dial unix /var/run/docker.sock: connect: permission denied.', ("docker.sock",)),
    Wording("docker-too-old", "bare", "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 32: Operation not permitted\nOpenBLAS blas_thread_init: RLIMIT_NPROC -1 current, -1 max\nTraceback (most recent call last):\n  File \"<frozen runpy>\", line 198, in _run_module_as_main\nRuntimeError: can't start new thread"),
    Wording("docker-too-old", "config", "RuntimeError: can't start new thread"),
    daemon("docker-too-old", "client version 1.52 is too new. Maximum supported API version is 1.41", "1.41"),
    Wording("bad-docker-command", "docker", "unknown flag: --gpu\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]", ("--gpu",), {"docker": "--gpus all"}),
    Wording("bad-docker-command", "docker", "unknown flag: --max-model-len\nSee 'docker run --help'.", ("--max-model-len",), {"advice": "fix-quoting"}),
    Wording("bad-docker-command", "docker", "unknown shorthand flag: 'g' in -gpus\nSee 'docker run --help'.", ("-gpus",)),
    Wording("bad-docker-command", "docker", "docker: invalid reference format: repository name (vllm/vllm-OpenAI) must be lowercase.\nSee 'docker run --help'.", ("vllm-OpenAI",)),
    Wording("bad-docker-command", "docker", "docker: invalid reference format.", ("reference",)),
    Wording("bad-docker-command", "docker", "docker: 'docker run' requires at least 1 argument\n\nUsage:  docker run [OPTIONS] IMAGE"),
    Wording("bad-docker-command", "docker", 'invalid argument "all,capabilities=utility" for "--gpus" flag: unexpected value "capabilities"', ("--gpus",)),
    Wording("bad-docker-command", "docker", "docker: invalid containerPort: 80OO.\nSee 'docker run --help'.", ("80OO",)),
    daemon("bad-entrypoint", _RUNC + 'error during container init: exec: "--model": executable file not found in $PATH: unknown', "--model"),
    daemon("bad-entrypoint", _RUNC + 'exec: "serve": executable file not found in $PATH: unknown.', "serve"),
    daemon("bad-entrypoint", _RUNC + 'exec: "/entry.sh": stat /entry.sh: no such file or directory: unknown', "/entry.sh"),
    Wording("bad-entrypoint", "docker", "Error: crun: executable file `--model` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found", ("--model",)),
    daemon("disk-full", "failed to register layer: write /usr/lib/libcudnn.so.9: no space left on device", "space"),
    daemon("disk-full", "mkdir /var/lib/docker/overlay2/0a1b-init: no space left on device", "space"),
    Wording("disk-full", "engine", "OSError: [Errno 28] No space left on device", ("space",), None, HUB),
    Wording("disk-full", "engine", "RuntimeError: Data processing error: I/O error: No space left on device (os error 28)", ("space",), None, HUB),
)
GPU: tuple[Wording, ...] = (
    Wording("driver-too-old", "engine", "RuntimeError: The NVIDIA driver on your system is too old (found version 12020). Please update your GPU driver by downloading and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx", ("12.2",), None, INIT, "engine"),
    Wording("driver-too-old", "config", "RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already set an error? Error 803: system has unsupported display driver / cuda driver combination", ("803",)),
    Wording("driver-too-old", "engine", "torch.AcceleratorError: CUDA error: the provided PTX was compiled with an unsupported toolchain.", (), None, INIT, "engine"),
    Wording("gpu-not-visible", "config", "RuntimeError: Failed to infer device type", ("--gpus",), {"docker": "--gpus all"}),
    Wording("gpu-not-visible", "config", "RuntimeError: Device string must not be empty", ("--gpus",)),
    Wording("gpu-not-visible", "engine", "RuntimeError: No CUDA GPUs are available", ("CUDA_VISIBLE_DEVICES",), None, INIT, "engine"),
    Wording("gpu-not-visible", "engine", "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from http://www.nvidia.com/Download/index.aspx", (), None, INIT, "engine"),
    Wording("gpu-lost", "config", "pynvml.NVMLError_Unknown: Unknown Error", ("NVML",)),
    Wording("gpu-lost", "bare", "Failed to initialize NVML: Unknown Error\nTraceback (most recent call last):\n  File \"x\", line 1, in <module>\nRuntimeError: Failed to infer device type", ("NVML",)),
    Wording("gpu-too-new", "engine", "RuntimeError: CUDA error: no kernel image is available for execution on the device", (), {"advice": "newer-image"}, PROFILE),
    Wording("gpu-too-new", "engine", "triton.runtime.errors.PTXASError: PTXAS error: Internal Triton PTX codegen error\n`ptxas` stderr:\nptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'", ("sm_121a",), None, PROFILE),
    Wording("gpu-too-new", "engine", "RuntimeError: Ninja build failed. Ninja output:\nnvcc fatal   : Unsupported gpu architecture 'compute_120'", ("compute_120",), None, PROFILE),
    Wording("gpu-busy", "engine", "torch.AcceleratorError: CUDA error: CUDA-capable device(s) is/are busy or unavailable", ("busy",), None, INIT, "engine"),
    Wording("gpu-busy", "engine", "RuntimeError: CUDA error: all CUDA-capable devices are busy or unavailable", ("busy",), None, INIT, "engine"),
    Wording("gpu-hardware", "runtime", "RuntimeError: CUDA error: uncorrectable ECC error encountered", ("ECC",)),
    Wording("bf16-unsupported", "engine", "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Quadro RTX 8000 GPU has compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for example: --dtype=half.", ("Quadro RTX 8000", "7.5"), {"set": {"dtype": "half"}}, INIT, "engine"),
    Wording("quant-unsupported-gpu", "config", "ValueError: The quantization method gptq_marlin is not supported for the current GPU. Minimum capability: 80. Current capability: 75.", ("gptq_marlin", "80", "75")),
    Wording("quant-unsupported-gpu", "engine", "RuntimeError: ('Quantization scheme is not supported for ', 'the current GPU. Min capability: 80. ', 'Current capability: 70.')"),
    Wording("quant-unsupported-gpu", "engine", "RuntimeError: Quantization scheme is not supported for the current GPU. Min capability: 89. Current capability: 86.", ("89", "86")),
    Wording("quant-unsupported-gpu", "engine", "ValueError: type fp8e4nv not supported in this architecture. The supported fp8 dtypes are ('fp8e4b15', 'fp8e5')", ("fp8e4nv",), None, PROFILE),
    Wording("attention-backend-unsupported", "engine", "ValueError: No valid attention backend found for cuda with AttentionSelectorConfig(head_size=576, dtype=torch.bfloat16). Reasons: {FLASH_ATTN_MLA: [compute capability not supported]}.", ()),
    Wording("attention-backend-unsupported", "engine", "ValueError: Selected backend AttentionBackendEnum.FLASHMLA is not valid for this configuration. Reason: ['compute capability not supported']", ("FLASHMLA",)),
    Wording("attention-backend-unsupported", "engine", "RuntimeError: FlashAttention only supports Ampere GPUs or newer.", ("FlashAttention",), None, PROFILE),
    Wording("attention-backend-unsupported", "engine", "AssertionError: Sinks are only supported in FlashAttention 3", ("FlashAttention 3",)),
    Wording("compile-failed", "engine", "RuntimeError: Failed to find C compiler. Please specify via CC environment variable.", ("C compiler",), {"set": {"enforce-eager": True}}, PROFILE),
    Wording("compile-failed", "engine", "torch._inductor.exc.InductorError: InvalidCxxCompiler: No working C++ compiler found in torch._inductor.config.cpp.cxx: (None, 'g++')", (), None, PROFILE),
    Wording("compile-failed", "engine", "RuntimeError: Could not find nvcc and default cuda_home='/usr/local/cuda' doesn't exist", ("nvcc",), None, PROFILE),
    Wording("compile-failed", "engine", "FileNotFoundError: [Errno 2] No such file or directory: 'ninja'", ("ninja",), None, PROFILE),
    Wording("nccl-error", "engine", "RuntimeError: NCCL error: unhandled cuda error (run with NCCL_DEBUG=INFO for details)", ("NCCL",), {"env": {"NCCL_P2P_DISABLE": "1"}}, ("vllm/distributed/device_communicators/pynccl.py __init__",), "engine"),
    Wording("nccl-error", "engine", "torch.distributed.DistBackendError: NCCL error in: /pytorch/torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:3384, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.27.3\nncclSystemError: System call (e.g. socket, malloc) or external library call failed or device error.", ("NCCL",), None, INIT, "engine"),
    Wording("nccl-timeout", "runtime", "[rank1]:[E302 10:11:12.1 ProcessGroupNCCL.cpp:685] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=4711, OpType=ALLREDUCE, NumelIn=8192, NumelOut=8192, Timeout(ms)=600000) ran for 600012 milliseconds before timing out.", ("timeout",)),
    Wording("cuda-illegal-access", "runtime", "torch.AcceleratorError: CUDA error: an illegal memory access was encountered", ("illegal memory access",)),
    Wording("cuda-illegal-access", "engine", "RuntimeError: CUDA error: an illegal memory access was encountered", (), None, GRAPHS),
    Wording("cuda-launch-failure", "runtime", "RuntimeError: CUDA error: unspecified launch failure", ("launch failure",)),
    Wording("engine-stalled", "runtime", "TimeoutError: RPC call to sample_tokens timed out.", ("sample_tokens",)),
    Wording("engine-stalled", "runtime", "TimeoutError: RPC call to execute_model timed out.", ("execute_model",)),
)
MEMORY: tuple[Wording, ...] = (
    Wording("gpu-memory-taken", "engine", "ValueError: Free memory on device cuda:0 (16.9/79.18 GiB) on startup is less than desired GPU memory utilization (0.92, 72.85 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.", ("16.9", "79.18"), {"set": {"gpu-memory-utilization": 0.2}}, INIT, "engine"),
    Wording("gpu-memory-taken", "engine", "ValueError: Free memory on device (21.4/23.68 GiB) on startup is less than desired GPU memory utilization (0.95, 22.5 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.", ("21.4",), {"set": {"gpu-memory-utilization": 0.89}}, INIT, "engine"),
    Wording("gpu-memory-taken", "engine", "ValueError: Available memory on node 0 (16.94/21.09 GiB) on startup is less than desired CPU memory utilization (0.999, 21.07 GiB).", ("16.94",), {"set": {"gpu-memory-utilization": 0.78}}, INIT, "engine"),
    Wording("oom-weights", "engine", OOM, ("15.57",), {"advice": ["quantized-model", "smaller-model"]}),
    Wording("oom-weights", "engine", OLD_OOM, ("15.57",)),
    Wording("oom-profile", "engine", OOM, ("15.57",), None, PROFILE, "loaded"),
    Wording("oom-profile", "engine", OLD_OOM, ("15.57",), None, OLD_PROFILE, "loaded"),
    Wording("oom-sampler", "engine", "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try lowering `max_num_seqs` or `gpu_memory_utilization` when initializing the engine.", ("1024",), {"set": {"max-num-seqs": 256}}, SAMPLER, "cache"),
    Wording("oom-sampler", "engine", OOM, (), None, SAMPLER, "cache"),
    Wording("oom-cudagraph", "engine", OOM, ("15.57",), {"set": {"gpu-memory-utilization": 0.9}}, GRAPHS, "cache", "'model': 'acme/Brisk-7B', 'gpu_memory_utilization': 0.95"),
    Wording("oom-runtime", "runtime", OOM, ("15.57",)),
    Wording("no-kv-memory", "engine", "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.", ("gpu-memory-utilization",), {"set": {"gpu-memory-utilization": 0.95}}, KV, "loaded"),
    Wording("kv-cache-too-small", "engine", "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens that can be stored in KV cache (7350). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.", ("7350",), {"set": {"max-model-len": 7344}}, KV, "loaded"),
    Wording("kv-cache-too-small", "engine", "ValueError: To serve at least one request with the models's max seq len (32768), (4.00 GiB KV cache is needed, which is larger than the available KV cache memory (1.50 GiB). Based on the available memory, Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.", ("32768", "1.50"), {"set": {"max-model-len": 12288}}, KV, "loaded"),
    Wording("kv-cache-too-small", "engine", "ValueError: To serve at least one request with the models's max seq len (40960), (5.62 GiB KV cache is needed, which is larger than the available KV cache memory (3.21 GiB). Based on the available memory, the estimated maximum model length is 23360. Try increasing", ("23360",), {"set": {"max-model-len": 23360}}, KV, "loaded"),
    Wording("memory-profiling-changed", "engine", "AssertionError: Error in memory profiling. Initial free memory 13.3 GiB, current free memory 15.1 GiB. This happens when other processes sharing the same container release GPU memory while vLLM is profiling during initialization.", ("13.3", "15.1"), None, PROFILE, "loaded"),
    Wording("host-oom-killed", "bare", "INFO 03-02 10:11:12 [api_server.py:1] vLLM API server version 0.27.0\n(EngineCore pid=9) INFO 03-02 10:11:12 [m.py:1] Starting to load model acme/Brisk-7B...\nERROR 03-02 10:11:12 [multiproc_executor.py:2] Worker proc VllmWorker-1 died unexpectedly (exit code: -9), shutting down executor.", ("memory",)),
    Wording("host-oom-killed", "bare", "Traceback (most recent call last):\nRuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_DP0': -9}", ("memory",)),
    Wording("host-oom-killed", "bare", "ERROR 03-02 10:11:12 multiproc_worker_utils.py:120] Worker VllmWorkerProcess pid 277 died, exit code: -9", ("memory",)),
    Wording("shm-too-small", "engine", "RuntimeError: Insufficient space in /dev/shm for shared-memory allocation: 160 MiB required, 64 MiB free. Increase /dev/shm (e.g. --shm-size or --ipc=host).", ("/dev/shm",), {"docker": "--ipc=host"}, INIT, "engine"),
    Wording("shm-too-small", "engine", "OSError: [Errno 28] No space left on device", ("/dev/shm",), {"docker": "--ipc=host"}, ("vllm/distributed/device_communicators/shm_broadcast.py __init__",), "engine"),
    Wording("shm-too-small", "bare", "INFO 03-02 10:11:12 [api_server.py:1] vLLM API server version 0.11.0\n(Worker_TP0 pid=3) ERROR 03-02 10:11:12 [w.py:1] RuntimeError: DataLoader worker (pid 1) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.\nRuntimeError: Engine core initialization failed. See root cause above.", ("/dev/shm",)),
    Wording("pinned-memory", "engine", "AssertionError: V1 CPU offloading requires uva (pin memory) support", ("cpu-offload-gb",), {"unset": ["cpu-offload-gb"]}),
    Wording("pinned-memory", "engine", "RuntimeError: UVA is not available", ("cpu-offload-gb",)),
)
MODEL: tuple[Wording, ...] = (
    Wording("hub-gated", "config", "OSError: You are trying to access a gated repo.\nMake sure to have access to it at https://huggingface.co/acme/Brisk-7B.\n401 Client Error. (Request ID: Root=1)\n\nCannot access gated repo for url https://huggingface.co/acme/Brisk-7B/resolve/main/config.json.", ("acme/Brisk-7B",), {"env": {"HF_TOKEN": "<token>"}}, HUB),
    Wording("hub-gated", "config", "huggingface_hub.errors.GatedRepoError: 403 Client Error. (Request ID: Root=1)\n\nCannot access gated repo for url https://huggingface.co/acme/Brisk-7B/resolve/main/config.json.\nAccess to model acme/Brisk-7B is restricted and you are not in the authorized list. Visit https://huggingface.co/acme/Brisk-7B to ask for access.", ("acme/Brisk-7B",), {"advice": ["request-access", "hub-login"]}, HUB),
    Wording("hub-not-found", "config", "OSError: acme/Brisk-8B is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'\nIf this is a private repository, make sure to pass a token", ("acme/Brisk-8B",), None, HUB),
    Wording("hub-not-found", "config", "huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1)\n\nRepository Not Found for url: https://huggingface.co/api/models/acme/Brisk-8B/tree/main?recursive=true.\nPlease make sure you specified the correct `repo_id` and `repo_type`.", ("acme/Brisk-8B",), None, HUB),
    Wording("hub-offline", "config", "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.", ("huggingface.co",), None, HUB),
    Wording("hub-offline", "config", "huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach https://huggingface.co/api/models/acme/Brisk-7B: offline mode is enabled. To disable it, please unset the `HF_HUB_OFFLINE` environment variable.", ("HF_HUB_OFFLINE",), {"unset": ["HF_HUB_OFFLINE"]}, HUB),
    Wording("hub-offline", "config", "huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub and we cannot find the requested files in the local cache. Please check your connection and try again or make sure your Internet connection is on.", (), None, HUB),
    Wording("hub-ssl", "config", "requests.exceptions.SSLError: (MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /api/models/acme/Brisk-7B (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)')))\"), '(Request ID: 1)')", ("certificate",), None, HUB),
    Wording("hub-ssl", "config", "httpx.ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1000)", ("certificate",), None, HUB),
    Wording("hub-rate-limit", "config", "huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/acme/Brisk-7B/resolve/main/config.json", ("429", "acme/Brisk-7B"), None, HUB),
    Wording("hub-interrupted", "engine", "OSError: Consistency check failed: file should be of size 4967215360 but has size 1073741824 (model-00001-of-00002.safetensors).", ("4967215360", "model-00001-of-00002.safetensors"), None, HUB),
    Wording("hub-interrupted", "engine", "urllib3.exceptions.ProtocolError: ('Connection broken: IncompleteRead(1073741824 bytes read, 3893473536 more expected)', IncompleteRead(1073741824 bytes read, 3893473536 more expected))", ("1073741824",), None, HUB),
    Wording("hub-interrupted", "engine", "httpx.RemoteProtocolError: peer closed connection without sending complete message body (received 1000 bytes, expected 2000)", (), None, HUB),
    Wording("model-path-missing", "config", "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/models/Brisk-7B'. Use `repo_type` argument if needed.", ("/models/Brisk-7B",), None, HUB),
    Wording("model-path-missing", "config", "huggingface_hub.errors.HFValidationError: Repo id must use alphanumeric chars, '-', '_' or '.'. The name cannot start or end with '-' or '.' and the maximum length is 96: 'D:\\models\\Brisk-7B'.", ("D:\\models\\Brisk-7B",), None, HUB),
    Wording("model-no-config", "config", "ValueError: Invalid repository ID or local directory specified: '/models/hub/models--acme--Brisk-7B'.\nPlease verify the following requirements:", ("snapshots",), {"advice": ["use-snapshot-path", "fix-model-path"]}),
    Wording("model-no-config", "config", "OSError: acme/Brisk-7B-GGUF does not appear to have a file named config.json. Checkout 'https://huggingface.co/acme/Brisk-7B-GGUF/tree/main' for available files.", ("acme/Brisk-7B-GGUF",)),
    Wording("model-no-config", "config", "ValueError: Unrecognized model in /models/Brisk-7B. Should have a `model_type` key in its config.json, or contain one of the following strings in its name: albert", ("/models/Brisk-7B",)),
    Wording("weights-missing", "engine", "RuntimeError: Cannot find any model weights with `/models/Brisk-7B`", ("/models/Brisk-7B",)),
    Wording("weights-corrupt", "engine", "safetensors_rust.SafetensorError: Error while deserializing header: MetadataIncompleteBuffer", ("MetadataIncompleteBuffer",), {"advice": ["redownload-weights", "git-lfs-pull"]}),
    Wording("weights-corrupt", "engine", "safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge", ("git",), {"advice": ["git-lfs-pull", "redownload-weights"]}),
    Wording("weights-corrupt", "engine", "_pickle.UnpicklingError: invalid load key, 'v'.", ("git",), {"advice": ["git-lfs-pull", "redownload-weights"]}),
    Wording("weights-corrupt", "engine", "RuntimeError: PytorchStreamReader failed reading zip archive: failed finding central directory"),
    Wording("weights-mismatch", "engine", "KeyError: 'layers.0.mlp.experts.w2_weight_scale'", ("layers.0.mlp.experts.w2_weight_scale",)),
    Wording("weights-mismatch", "engine", "ValueError: There is no module or parameter named 'model.layers.0.mlp.down_proj.weight.absmax' in LlamaForCausalLM", ("absmax",)),
    Wording("weights-mismatch", "engine", "AssertionError: Attempted to load weight (torch.Size([4096, 2048])) into parameter (torch.Size([4096, 4096]))", ("2048",)),
    Wording("weights-mismatch", "engine", "ValueError: Following weights were not initialized from checkpoint: {'lm_head.weight'}", ("lm_head.weight",)),
    Wording("tokenizer-missing", "config", "OSError: Can't load tokenizer for '/models/Brisk-7B'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name.", ("/models/Brisk-7B",), None, TOKENIZER),
    Wording("tokenizer-missing", "config", "ValueError: Couldn't instantiate the backend tokenizer from one of: \n(1) a `tokenizers` library serialization file, ", ("acme/Brisk-7B",), None, TOKENIZER),
    Wording("tokenizer-missing", "config", "TypeError: not a string", (), None, TOKENIZER),
    Wording("tokenizer-broken", "config", "Exception: data did not match any variant of untagged enum ModelWrapper at line 757443 column 3", ("ModelWrapper",), None, TOKENIZER),
    Wording("tokenizer-broken", "config", "ValueError: Tokenizer class BriskTokenizer does not exist or is not currently imported.", ("BriskTokenizer",), None, TOKENIZER),
    Wording("chat-template-missing", "config", "ValueError: The supplied chat template (/t/brisk.jinja) looks like a file path, but it failed to be opened. Reason: [Errno 2] No such file or directory: '/t/brisk.jinja'", ("/t/brisk.jinja",)),
    Wording("chat-template-missing", "config", "ValueError: The supplied chat template string (/t/brisk.jinja) appears path-like, but doesn't exist!", ("/t/brisk.jinja",)),
    Wording("lora-missing", "config", "ValueError: Loading lora mine failed: No adapter found for /loras/mine", ("/loras/mine",), None, LORA),
    Wording("lora-missing", "engine", "FileNotFoundError: [Errno 2] No such file or directory: '/loras/mine/adapter_config.json'", ("/loras/mine",), None, LORA),
    Wording("lora-rank-too-high", "engine", "ValueError: LoRA rank 96 is greater than max_lora_rank 16.", ("96",), {"set": {"max-lora-rank": 128}}, LORA),
    Wording("arch-unsupported", "config", "ValueError: Model architectures ['BriskForCausalLM'] are not supported for now. Supported architectures: dict_keys(['AquilaModel'])", ("BriskForCausalLM",), {"advice": "newer-image"}),
    Wording("arch-unsupported", "config", "ValueError: Model architecture BriskForCausalLM was supported in vLLM until v0.10.2, and is not supported anymore. Please use an older version of vLLM if you want to use this model architecture.", ("BriskForCausalLM",), {"advice": "older-image"}),
    Wording("transformers-too-old", "config", "ValueError: The checkpoint you are trying to load has model type `brisk4` but Transformers does not recognize this architecture. This could be because of an issue with the checkpoint", ("brisk4",)),
    Wording("transformers-too-old", "config", "ImportError: cannot import name 'BriskConfig' from 'transformers' (/usr/lib/transformers/__init__.py)", ("BriskConfig",)),
    Wording("needs-trust-remote-code", "config", "ValueError: The repository for acme/Brisk-7B contains custom code which must be executed to correctly load the model. You can inspect the repository content at https://hf.co/acme/Brisk-7B.\nPlease pass the argument `trust_remote_code=True` to allow custom code to be run.", ("acme/Brisk-7B",), {"set": {"trust-remote-code": True}}),
    Wording("needs-trust-remote-code", "config", "RuntimeError: Failed to load the tokenizer. If the tokenizer is a custom tokenizer not yet available in the HuggingFace transformers library, consider setting `trust_remote_code=True` in LLM or using the `--trust-remote-code` flag in the CLI.", ("trust-remote-code",)),
    Wording("missing-dependency", "engine", "ModuleNotFoundError: No module named 'librosa'", ("librosa",)),
    Wording("missing-dependency", "engine", "ImportError: Please install bitsandbytes>=0.46.1 via `pip install bitsandbytes>=0.46.1` to use bitsandbytes quantizer.", ("bitsandbytes",)),
    Wording("missing-dependency", "config", "ImportError: This modeling file requires the following packages that were not found in your environment: einops, triton_x. Run `pip install einops triton_x`", ("einops",)),
    Wording("missing-dependency", "engine", "ImportError: Please install timm", ("timm",)),
    Wording("quant-mismatch", "config", "ValueError: Quantization method specified in the model config (gptq) does not match the quantization method specified in the `quantization` argument (awq).", ("gptq", "awq"), {"unset": ["quantization"]}),
    Wording("quant-mismatch", "engine", "ValueError: Cannot find the config file for awq", ("awq",), {"unset": ["quantization"]}),
    Wording("quant-unknown", "config", "ValueError: Unknown quantization method: nf4. Must be one of ['aqlm', 'awq'].", ("nf4",), {"unset": ["quantization"]}),
    Wording("quant-needs-plugin", "config", "ValueError: Unknown quantization method: bitsandbytes. Must be one of ['awq'].", ("bitsandbytes", "plugin"), {"advice": ["install-package", "other-quantization"]}),
    Wording("rope-scaling-invalid", "config", "ValueError: rope_scaling should have a 'rope_type' key", ("rope",)),
    Wording("rope-scaling-invalid", "engine", "ValueError: Unknown RoPE scaling type brisk", ("brisk",), None, ROPE),
    Wording("rope-scaling-invalid", "config", "ValueError: `rope_scaling` must be a dictionary with two fields, `type` and `factor`, got {'rope_type': 'llama3'}", ("rope_scaling",)),
    Wording("rope-scaling-invalid", "engine", "KeyError: 'factor'", ("factor",), None, ROPE),
    Wording("rope-scaling-invalid", "config", "KeyError: \"Missing required keys in `rope_scaling` for 'rope_type'='yarn': {'factor'}\"", ("factor",)),
)
FLAGS: tuple[Wording, ...] = (
    Wording("max-len-too-long", "config", "ValueError: User-specified max_model_len (65536) is greater than the derived max_model_len (max_position_embeddings=32768 or model_max_length=None in model's config.json). This may lead to incorrect model outputs or CUDA errors.", ("65536", "32768"), {"set": {"max-model-len": 32768}}),
    Wording("max-len-too-long", "config", "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n  Value error, User-specified max_model_len (999999) is greater than the derived max_model_len (max_position_embeddings=131072.0 or model_max_length=None in model's config.json). To allow overriding", ("131072",), {"set": {"max-model-len": 131072}}),
    Wording("batched-tokens-too-small", "config", "ValueError: max_num_batched_tokens (2048) is smaller than max_model_len (8192). This effectively limits the maximum sequence length", ("2048", "8192"), {"set": {"max-num-batched-tokens": 8192}}),
    Wording("batched-tokens-too-small", "engine", "ValueError: Chunked MM input disabled but max_tokens_per_mm_item (16384) is larger than max_num_batched_tokens (2048). Please increase max_num_batched_tokens.", ("16384", "2048"), {"set": {"max-num-batched-tokens": 16384}}),
    Wording("tp-not-divisible", "config", "ValueError: Total number of attention heads (28) must be divisible by tensor parallel size (8).", ("28", "8"), {"set": {"tensor-parallel-size": 4}}),
    Wording("tp-not-divisible", "engine", "AssertionError: 14 is not divisible by 4", ("14", "4"), {"set": {"tensor-parallel-size": 2}}),
    Wording("tp-exceeds-gpus", "config", "ValueError: World size (4) is larger than the number of available GPUs (2) in this node. If this is intentional and you are using:\n- ray, set '--distributed-executor-backend ray'.", ("4", "2"), {"set": {"tensor-parallel-size": 2}}),
    Wording("tp-exceeds-gpus", "engine", "AssertionError: please ensure that world_size (2) is less than than max local gpu count (1)", ("2", "1"), {"set": {"tensor-parallel-size": 1}}),
    Wording("tp-exceeds-gpus", "engine", "ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group. Required number of devices: 4. Total number of devices: 1.", ("4",), {"set": {"tensor-parallel-size": 1}}),
    Wording("tp-exceeds-gpus", "engine", "AssertionError: DP adjusted local rank 1 is out of bounds for 1 devices.", (), {"set": {"tensor-parallel-size": 1}}, INIT, "engine"),
    Wording("tp-exceeds-gpus", "engine", "RuntimeError: CUDA error: invalid device ordinal", (), None, INIT, "engine"),
    Wording("tool-parser-unknown", "config", "KeyError: 'invalid tool call parser: llama3 (chose from { hermes,llama3_json,mistral })'", ("llama3_json",), {"set": {"tool-call-parser": "llama3_json"}}),
    Wording("tool-parser-missing", "config", "TypeError: Error: --enable-auto-tool-choice requires --tool-call-parser", ("tool-call-parser",), {"set": {"tool-call-parser": "hermes"}}, args="'model': 'Qwen/Qwen3-8B'"),
    Wording("reasoning-parser-unknown", "config", "KeyError: 'invalid reasoning parser: deepseek (chose from { deepseek_r1,qwen3 })'", ("deepseek_r1",), {"set": {"reasoning-parser": "deepseek_r1"}}),
    Wording("reasoning-parser-unknown", "config", "KeyError: \"Reasoning parser 'qwen9' not found. Available parsers: deepseek_r1, qwen3\"", ("qwen3",), {"set": {"reasoning-parser": "qwen3"}}),
    Wording("unknown-flag", "bare", "usage: vllm serve [model_tag] [options]\nvllm: error: unrecognized arguments: --swap-space 8", ("--swap-space",), {"unset": ["swap-space"]}),
    Wording("unknown-flag", "bare", "usage: api_server.py [-h]\napi_server.py: error: unrecognized arguments: --max-model-length 4096", ("--max-model-length",), {"set": {"max-model-len": "4096"}}),
    Wording("ambiguous-flag", "bare", "usage: vllm serve [model_tag] [options]\nvllm serve: error: ambiguous option: --max-num could match --max-num-seqs, --max-num-batched-tokens", ("--max-num",), {"unset": ["max-num"]}),
    Wording("bad-flag-value", "bare", "usage: vllm serve [model_tag] [options]\nvllm serve: error: argument --max-num-seqs: invalid int value: 'many'", ("many", "--max-num-seqs"), {"unset": ["max-num-seqs"]}),
    Wording("bad-flag-value", "bare", "api_server.py: error: argument --dtype: invalid choice: 'fp16' (choose from 'auto', 'half', 'float16', 'bfloat16', 'float', 'float32')", ("fp16",), {"set": {"dtype": "half"}}),
    Wording("bad-flag-value", "bare", "vllm serve: error: argument --max-model-len: invalid human_readable_int value: '32 k'", ("32 k",), {"set": {"max-model-len": "32k"}}),
    Wording("bad-flag-value", "config", "pydantic_core._pydantic_core.ValidationError: 1 validation error for CacheConfig\ngpu_memory_utilization\n  Input should be less than or equal to 1 [type=less_than_equal, input_value=90.0, input_type=float]\n    For further information visit https://errors.pydantic.dev/2.11/v/less_than_equal", ("gpu-memory-utilization", "90.0")),
    Wording("bad-flag-value", "config", "ValueError: GPU memory utilization must be less than 1.0. Got 1.5.", ("1.5", "gpu-memory-utilization"), {"set": {"gpu-memory-utilization": 0.9}}, args="'model': 'acme/Brisk-7B', 'gpu_memory_utilization': 1.5"),
)
# fmt: on
ALL = (*DOCKER, *GPU, *MEMORY, *MODEL, *FLAGS)
