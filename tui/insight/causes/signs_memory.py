"""Signs of memory that does not suffice: the card's, the host's, shared and pinned memory.

Texts: vLLM 0.6 to 0.32 (worker, v1/worker, v1/core/kv_cache_utils, v1/executor), torch's allocators, NCCL, multiprocessing.
"""

# ruff: noqa: S108 - /dev/shm is what the logs speak of

from __future__ import annotations

from tui.insight.causes.signs import Row, fatal, row

OOM = "oom"
"""Out of memory on the card, at a point that the frames and the boot's progress tell."""

_OUT = (
    r"(?:Tried to allocate (?P<tried>[\d.]+ \w+))?(?:.*?GPU (?P<gpu>\d+) has a total capac\w+ of (?P<total>[\d.]+ \w+))?"
    r"(?: of which (?P<free>[\d.]+ \w+) is free)?"
)
_NEEDS = (
    r"max seq len \((?P<length>\d+)\), \(?(?P<needed>[\d.]+) GiB KV cache is needed, which is larger than the available "
    r"KV cache memory \((?P<available>-?[\d.]+) ?GiB\)\.?(?:[^\n]*?estimated maximum model length is (?P<fits>\d+))?"
)

# fmt: off
ROWS: tuple[Row, ...] = (
    row("gpu-memory-taken", "Free memory on device", r"Free memory on device (?P<device>\S+ )?\((?P<free>[\d.]+)/(?P<total>[\d.]+) ?GiB\) on startup is less than desired GPU memory utilization \((?P<utilization>[\d.]+), (?P<wanted>[\d.]+) ?GiB\)", 0),
    row("gpu-memory-taken", "Available memory on node", r"memory on (?P<device>node \S+) \((?P<free>[\d.]+)/(?P<total>[\d.]+) ?GiB\) on (?:startup|kv cache allocation) is less than (?:desired CPU memory utilization \((?P<utilization>[\d.]+), (?P<wanted>[\d.]+)|requested memory for kv \((?P<kv>[\d.]+))", 0),
    row("no-kv-memory", "No available memory for the cache blocks", "", 0),
    row("no-kv-memory", "not enough GPU memory available to serve even a single token", "", 0),
    row("kv-cache-too-small", "max seq len", _NEEDS, 0),
    row("kv-cache-too-small", "is larger than the maximum number of tokens that can be stored", r"max seq len \((?P<length>\d+)\) is larger than the maximum number of tokens that can be stored in KV cache \((?P<fits>\d+)\)", 0),
    row("memory-profiling-changed", "Error in memory profiling", r"Initial free memory:? (?P<before>[\d.]+)(?: GiB)?,? current free memory:? (?P<after>[\d.]+)", 0),
    row("memory-profiling-changed", "Error in memory profiling", "", 0),
    row("oom-sampler", "warming up sampler", r"warming up sampler with (?P<seqs>\d+) dummy requests", 0),
    row("oom-sampler", "warming up pooler", r"warming up pooler (?:\(task=(?P<task>\w+)\) )?with (?P<seqs>\d+) dummy requests", 0),
    row("oom-weights", "Failed to load model - not enough GPU memory", "", 1),
    row("oom-weights", "insufficient memory to allocate the weight", "", 2),
    row(OOM, "CUDA out of memory.", r"CUDA out of memory\. " + _OUT, 1),
    row(OOM, "HIP out of memory.", r"HIP out of memory\. " + _OUT, 1),
    row(OOM, "XPU out of memory.", r"XPU out of memory\. " + _OUT, 1),
    row(OOM, "CUDA error: out of memory", "", 1),
    row(OOM, "cudaErrorMemoryAllocation", "", 1),
    row(OOM, "CUBLAS_STATUS_ALLOC_FAILED", "", 1),
    row(OOM, "CUDA driver error: out of memory", "", 1),
    row(OOM, "CUDNN_STATUS_ALLOC_FAILED", "", 1),
    row("host-oom-killed", "': -9", r"Failed core proc\(s\): \{.*?'(?P<process>[\w.-]+)': -9\b", 3),
    row("host-oom-killed", "exit code: -9", r"(?P<process>[\w.-]+(?: pid \d+)?) died(?: unexpectedly)?[ ,(]+exit code: -9", 3),
    row("host-oom-killed", "exit code -9", r"Process (?P<process>\S+) \(PID: \d+\) died with exit code -9", 3),
    row("host-oom-killed", "(code=-9)", "", 3),
    row("host-oom-killed", "signal: killed", "", 3),
    row("host-oom-killed", "died due to signal 9", r"'(?P<process>\w+)' died due to signal 9", 0),
    fatal("host-oom-killed", "Killed", r"^(?:.*line \d+: +\d+ )?Killed\b", 3),
    row("host-oom-killed", "MemoryError", r"^MemoryError\b", 2),
    row("host-oom-killed", "running low on memory", r"node running low on memory", 2),
    row("host-oom-killed", "DefaultCPUAllocator", r"DefaultCPUAllocator: (?:can't allocate memory|not enough memory): you tried to allocate (?P<tried>\d+) bytes", 1),
    row("host-oom-killed", "Cannot allocate memory", r"(?:\[Errno 12\]|os error 12|mmap|fork|error:).*Cannot allocate memory|Cannot allocate memory.*(?:os error|Errno) ?12", 1),
    row("host-oom-killed", "Unable to allocate", r"Unable to allocate (?P<tried>[\d.]+ \w+) for an array", 1),
    row("shm-too-small", "Insufficient space in /dev/shm", r"(?P<needs>\d+ \w+) required, (?P<has>\d+ \w+) free", 0),
    row("shm-too-small", "/dev/shm", r"shared memory segment (?P<segment>/dev/shm/\S+)(?: \(size (?P<size>\d+)\))?", 0, True),
    row("shm-too-small", "/dev/shm", r"failed to extend (?P<segment>/dev/shm/\S+)(?: to (?P<size>\d+) bytes)?", 0, True),
    row("shm-too-small", "/dev/shm", r"/dev/shm.*[Nn]o space left|[Nn]o space left.*/dev/shm", 0, True),
    row("shm-too-small", "/dev/shm", r"/dev/shm.*(?:too small|not enough|insufficient|[Bb]us error)", 0),
    row("shm-too-small", "us error", r"\b[Bb]us error\b", 0, True),
    fatal("shm-too-small", "us error", r"^(?:Bus error|.*\d Bus error)\b", 0),
    row("shm-too-small", "out of shared memory", r"out of shared memory", 0),
    row("shm-too-small", "SIGBUS", "", 0, True),
    row("shm-too-small", "unable to allocate shared memory", r"shared memory(?:\(shm\))?(?: for file)?", 0),
    row("shm-too-small", "unable to write to file", r"unable to write to file </(?:torch|psm)_", 0),
    row("shm-too-small", "unable to resize file", r"unable to (?:resize|mmap).*(?:torch_|shm)", 1),
    row("shm-too-small", "': -7", r"Failed core proc\(s\): \{.*?: -7\b", 2),
    row("shm-too-small", "exit code: -7", "", 2),
    row("shm-too-small", "o space left on device", "", -1, False, ("shared_memory",)),
    row("pinned-memory", "uva (pin memory)", "", 0),
    row("pinned-memory", "UVA is not available", "", 0),
    row("pinned-memory", "UVA support", r"requires UVA support", 0),
    row("pinned-memory", "inned memory", r"(?:requires?|needs?) pinned memory|[Pp]inned memory is (?:required|not (?:supported|available))(?! on this platform; falling)", 1),
    row("pinned-memory", "in memory", r"requires? (?:UVA|uva|pin(?:ned)? memory)", 1),
    row("pinned-memory", "pin_memory", r"requires? .*pin_memory|pin_memory.*(?:not available|not supported)", 1),
)
# fmt: on
