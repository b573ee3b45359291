"""What the estimate is made of: the model's facts, the settings, the card, and the answer. GiB are 2^30 bytes per GPU."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from profiles.fit.headers import Files

GIB = 1 << 30


class Kind(StrEnum):
    """How one layer remembers the tokens before: each kind takes its cache in another way."""

    FULL = "full"
    SLIDING = "sliding"
    """Only a window of tokens."""
    CHUNKED = "chunked"
    """Only the tokens of one chunk (Llama 4)."""
    MLA = "mla"
    """One latent vector a token, not divided among tensor-parallel ranks."""
    STATE = "state"
    """A state of fixed size a request: Mamba, gated delta net, short convolutions."""
    CROSS = "cross"
    """The encoder's output, once a request (Whisper)."""


@dataclass(frozen=True, slots=True)
class State:
    """The fixed state of a linear-attention layer, in elements over all ranks."""

    conv_width: int
    """Channels of the convolution, divided among the ranks."""
    conv_length: int
    """Steps it keeps; draft tokens add to it."""
    recurrent: int
    """Elements of the recurrent part, divided among the ranks."""
    recurrent_bytes: int = 0
    """Bytes of one element; 0 is the model's dtype."""


@dataclass(frozen=True, slots=True)
class Cache:
    """What one layer keeps a token (or a request)."""

    kind: Kind
    heads: int = 0
    """KV heads; for MLA the attention heads, which its cache does not depend on."""
    width: int = 0
    """Elements a head and token: K and V together; MLA: latent and rotary part."""
    window: int = 0
    """Tokens of the window or chunk, or of the encoder."""
    state: State | None = None
    extra_bytes: int = 0
    """Further bytes a token whatever the cache dtype: the sparse indexer's keys of DeepSeek V3.2."""


@dataclass(frozen=True, slots=True)
class Block:
    """One layer: its caches and its parameters, by how they are shared among the ranks."""

    caches: tuple[Cache, ...] = ()
    split: int = 0
    """Parameters divided by the tensor-parallel size."""
    keys: int = 0
    """Parameters of the K and V projections: divided by the KV heads at most, copied beyond."""
    kept: int = 0
    """Parameters that every rank holds: norms, routers, down-projections of MLA."""
    experts: int = 0
    """Parameters of the routed experts."""
    heads: int = 0
    """KV heads, for `keys`."""


@dataclass(frozen=True, slots=True)
class Quantization:
    """How the weights are stored."""

    name: str = ""
    """awq, gptq, fp8, mxfp4, …; "" for none."""
    bytes_per_weight: float = 0.0
    """Of a quantized matrix, scales and zero points included; 0 for none."""
    only_experts: bool = False
    """Attention and the rest stay in the model's dtype (mxfp4)."""


@dataclass(frozen=True, slots=True)
class Model:
    """What config.json (and the weight files' headers) say of a model."""

    blocks: tuple[Block, ...] = ()
    """The layers in order."""
    hidden: int = 0
    vocab: int = 0
    inner: int = 0
    """Width of the MLP; of one expert where all layers are experts."""
    heads: int = 0
    """Attention heads."""
    head_dim: int = 0
    experts: int = 0
    experts_per_token: int = 0
    expert_inner: int = 0
    embedding: int = 0
    """Parameters of the embedding, and again of the output head where it is not tied."""
    head: int = 0
    """Parameters of the output head; 0 where it is the embedding itself."""
    aside: int = 0
    """Parameters of towers and projectors beside the language model; every rank holds them."""
    copied: int = 0
    """Parameters that are kept a second time, unfolded for decoding (MLA), divided among the ranks."""
    buffers: int = 0
    """Elements of rotary tables, kept in the model's dtype beside the weights."""
    total: int | None = None
    """Parameters as counted by someone who looked; None where only config.json is known."""
    dtype: str = ""
    """bfloat16, float16, float32; "" where it is not said."""
    quantization: Quantization = Quantization()
    longest: int | None = None
    """Positions the model was made for."""
    multimodal: bool = False
    cache_fp8: bool = False
    """The checkpoint asks for an 8-bit KV cache."""
    generates: bool = True
    """False for embedding models: no sampler runs."""
    draft_layers: int = 0
    """Layers for multi-token prediction that come with the model."""
    guessed: tuple[str, ...] = ()
    """What config.json did not say and a usual value stands for."""
    measured_gib: tuple[float, ...] = ()
    """GiB of each rank as printed in a boot before; empty where they are counted."""
    files: Files | None = None
    """What the weight files' own headers say; None where they have not been read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """vLLM's settings that move memory; None is vLLM's own default."""

    version: str = ""
    """0.32.0, v0.11.2, nightly; "" is taken as the newest known."""
    engine: str = ""
    """V0 or V1; "" follows from the version."""
    dtype: str = "auto"
    kv_dtype: str = "auto"
    quantization: str = ""
    utilization: float | None = None
    length: int | None = None
    """--max-model-len; None is the model's own."""
    sequences: int | None = None
    """--max-num-seqs."""
    batched: int | None = None
    """--max-num-batched-tokens."""
    block: int | None = None
    tensor: int = 1
    pipeline: int = 1
    context: int = 1
    """Decode context parallel size."""
    expert_parallel: bool = False
    data: int = 1
    eager: bool = False
    graphs_in_budget: bool | None = None
    prefix_caching: bool | None = None
    hybrid_off: bool = False
    """--disable-hybrid-kv-cache-manager: windows take the place of full attention."""
    draft_tokens: int = 0
    draft_layers: int | None = None
    """Layers of the draft model; None takes the model's own, or one."""
    kv_bytes: int | None = None
    """--kv-cache-memory-bytes: the cache's size, whatever the budget."""
    blocks_override: int | None = None
    offload_gib: float = 0.0
    lora_count: int = 0
    lora_rank: int = 0
    state_dtype: str = "auto"
    """--mamba-ssm-cache-dtype."""
    language_only: bool = False
    """--language-model-only, or every --limit-mm-per-prompt is 0."""
    chunked: bool | None = None
    """--enable-chunked-prefill."""
    cpu: bool = False
    """The CPU back end: utilization is of the RAM."""
    consumed_gib: float | None = None
    """CPU: resident memory of the worker before the cache is made."""


@dataclass(frozen=True, slots=True)
class Card:
    """One GPU (the smallest of those used), or the machine's RAM for the CPU back end."""

    total_gib: float | None = None
    """As the driver reports it."""
    free_gib: float | None = None
    """NOW, before the server is started."""
    name: str = ""
    capability: float | None = None
    """Compute capability, 9.0; None is looked up by the name."""


class Why(StrEnum):
    """Why it does not start, or cannot be known; `Fit.numbers` holds the figures of its sentence."""

    NOTHING = ""
    NO_LAYERS = "no layers"
    """config.json says too little of the layers."""
    NO_TOTAL = "no total"
    """The card's memory is not known."""
    NO_WEIGHTS = "no weights"
    """How large the quantized weights are is not known."""
    NOT_FREE = "not free"
    """Others hold so much that vLLM refuses at once."""
    WEIGHTS = "weights"
    """The weights alone exceed the card."""
    NO_ROOM = "no room"
    """Nothing is left for the KV cache."""
    TOO_LONG = "too long"
    """One request of max_model_len needs more than is left."""
    INDIVISIBLE = "indivisible"
    """The attention heads cannot be divided by the tensor-parallel size."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar."""

    name: str
    """others, weights, non_torch, activation, graphs, kv, rest."""
    gib: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer. Every figure is per GPU, of the rank with the least room; None is unknown."""

    starts: bool | None = None
    why: Why = Why.NOTHING
    numbers: dict[str, float] = field(default_factory=dict)
    """The figures of the reason: free_gib, wanted_gib, needed_gib, kv_gib, length, longest, heads, tensor."""
    total_gib: float | None = None
    budget_gib: float | None = None
    """utilization x total."""
    others_gib: float | None = None
    """What others hold now."""
    weights_gib: float | None = None
    non_torch_gib: float | None = None
    activation_gib: float | None = None
    graphs_gib: float | None = None
    """CUDA graphs, inside the budget or beside it."""
    graphs_in_budget: bool = False
    kv_gib: float | None = None
    kv_needed_gib: float | None = None
    """One request of `length` tokens."""
    kv_bytes_per_token: float | None = None
    """None for hybrids, where it is not one number."""
    kv_tokens: int | None = None
    """As vLLM prints it for this version."""
    concurrency: float | None = None
    """Requests of `length` tokens at once."""
    length: int | None = None
    longest: int | None = None
    """The longest context that one request can have."""
    lowest_utilization: float | None = None
    uncertainty_gib: float | None = None
    hybrid: bool = False
    guessed: tuple[str, ...] = ()
    """What was not known and stands in with a usual value."""

    @property
    def tight(self) -> bool:
        """Whether it starts, by less than the uncertainty."""
        if not self.starts or self.kv_gib is None or self.uncertainty_gib is None:
            return False
        return self.kv_gib - (self.kv_needed_gib or 0.0) < self.uncertainty_gib

    def parts(self) -> tuple[Part, ...]:
        """Give the bar from left to right; together they are the card's memory where that is known."""
        graphs = self.graphs_gib
        named = [
            ("others", self.others_gib),
            ("weights", self.weights_gib),
            ("non_torch", self.non_torch_gib),
            ("activation", self.activation_gib),
            ("graphs", graphs),
            ("kv", self.kv_gib),
        ]
        parts = [Part(name, gib) for name, gib in named if gib]
        if self.total_gib is not None:
            parts.append(Part("rest", max(0.0, self.total_gib - sum(part.gib for part in parts))))
        return tuple(parts)
