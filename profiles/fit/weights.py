"""What the weights take on each GPU."""

from __future__ import annotations

from dataclasses import replace

from profiles.fit.headers import Files, Share
from profiles.fit.plan import Plan
from profiles.fit.quantized import quantization
from profiles.fit.records import GIB, Block, Model, Quantization, Settings

TRUSTED = 0.25
"""How far our count may be from a known total before only the total is used."""
TOWER, LARGEST_TOWER = 0.008, 1_000_000_000
"""A known total above our count by this share, and by no more than this many parameters, has a tower beside the language model
(SigLIP and Pixtral have 0.4, Qwen's 0.7 billion); what is above that is in the layers."""


def ranks(layers: int, pipeline: int) -> list[int]:
    """Give each pipeline rank's layers: what does not divide goes to the ranks before the last (vLLM's get_pp_indices)."""
    share, rest = divmod(layers, pipeline)
    counts = [share] * pipeline
    for index in range(2, rest + 2):
        counts[-index] += 1
    return counts


def stored(model: Model, settings: Settings) -> Quantization:
    """Give how the weights are stored: as the checkpoint says, else as `--quantization` asks."""
    return model.quantization if model.quantization.name else quantization({}, settings.quantization)


def unknown(model: Model, settings: Settings) -> bool:
    """Say whether the size of the weights cannot be told."""
    how = stored(model, settings)
    return (
        not model.measured_gib
        and model.files is None
        and (not model.blocks or (bool(how.name) and not how.bytes_per_weight))
    )


def weights(model: Model, settings: Settings, plan: Plan) -> list[float]:
    """Give GiB for each pipeline rank; the largest tensor-parallel rank of it."""
    if model.measured_gib:
        return [model.measured_gib[min(rank, len(model.measured_gib) - 1)] for rank in range(plan.pipeline)]
    how = stored(model, settings)
    if model.files is not None:
        return [max(0.0, size / GIB - settings.offload_gib) for size in _filed(model, model.files, settings, plan)]
    counts, start, found = ranks(len(model.blocks), plan.pipeline), 0, []
    for rank, count in enumerate(counts):
        mine = model.blocks[start : start + count]
        start += count
        size = sum(_block(one, plan, settings, how) for one in mine)
        if rank == 0:
            size += (model.embedding / plan.tensor + (0 if settings.language_only else model.aside)) * plan.element
        if rank == plan.pipeline - 1:
            size += _last(model, plan)
        share = len(mine) / max(1, len(model.blocks))
        size += (model.copied / plan.tensor * share + model.buffers) * plan.element
        found.append(max(0.0, size / GIB + _extras(model, settings, plan, mine) - settings.offload_gib))
    return found


def fitted(model: Model, how: Quantization) -> Model:
    """Let our count agree with a known total: what is over is a tower, what is under is spread over the layers."""
    counted = count(model)
    if model.total is None or model.files is not None or not counted or not model.blocks:
        return model
    over = model.total - counted
    if abs(over) > TRUSTED * counted and how.name:
        return model  # a packed checkpoint counts its words, not its weights
    if TOWER * counted < over < min(TRUSTED * counted, LARGEST_TOWER):
        return replace(model, aside=model.aside + over, multimodal=True)
    layers = sum(one.split + one.keys + one.kept + one.experts for one in model.blocks)
    if layers + over <= 0:
        return model
    scale = (layers + over) / layers if layers else 1.0
    return replace(model, blocks=tuple(_scaled(one, scale) for one in model.blocks))


def count(model: Model) -> int:
    """Count all parameters."""
    layers = sum(one.split + one.keys + one.kept + one.experts for one in model.blocks)
    return layers + model.embedding + model.head + model.aside


def _scaled(block: Block, scale: float) -> Block:
    return replace(
        block,
        split=int(block.split * scale),
        keys=int(block.keys * scale),
        kept=int(block.kept * scale),
        experts=int(block.experts * scale),
    )


def _block(block: Block, plan: Plan, settings: Settings, how: Quantization) -> float:
    """Give a layer's bytes on one rank: K and V cannot be divided further than their heads."""
    packed = how.bytes_per_weight or plan.element
    plain = plan.element if how.only_experts else packed
    spread = min(plan.tensor, block.heads) if block.heads else plan.tensor
    experts = plan.tensor * (max(1, settings.data) if settings.expert_parallel else 1)
    matrices = block.split / plan.tensor + block.keys / spread
    return matrices * plain + block.kept * plan.element + block.experts / experts * packed


def _filed(model: Model, files: Files, settings: Settings, plan: Plan) -> list[float]:
    """Give each pipeline rank's bytes by the files' own headers."""
    how = stored(model, settings)
    packing = how.bytes_per_weight / plan.element if how.name and not files.packed and how.bytes_per_weight else 1.0
    scale = plan.element / 2
    counts, start, found = ranks(len(model.blocks), plan.pipeline), 0, []
    for rank, number in enumerate(counts):
        mine = range(start, start + number)
        start += number
        size = sum(_shared(files.layers[one], plan, settings, model, packing) for one in mine if one in files.layers)
        size += (model.copied / plan.tensor * number / max(1, len(model.blocks)) + model.buffers) * plan.element
        if rank == 0:
            size += (files.embedding / plan.tensor + (0 if settings.language_only else files.tower)) * scale
        if rank == len(counts) - 1:
            head = files.head if model.head else files.embedding if plan.pipeline > 1 else 0.0
            size += head / plan.tensor * scale + _rest(model, files, settings, plan)
        found.append(size + _adapters(model, settings, plan, number))
    return found


def _rest(model: Model, files: Files, settings: Settings, plan: Plan) -> float:
    """Give the bytes of what is in no layer, and of the draft layers where they are used."""
    outside = files.layers.get(-1)
    size = _shared(outside, plan, settings, model, 1.0) if outside else 0.0
    if settings.draft_tokens:
        beyond = [row for layer, row in files.layers.items() if layer >= len(model.blocks)]
        size += files.draft / plan.tensor * plan.element / 2
        size += sum(_shared(row, plan, settings, model, 1.0) for row in beyond)
    return size


def _shared(row: tuple[Share, Share], plan: Plan, settings: Settings, model: Model, packing: float) -> float:
    """Give one layer's bytes on one rank: plain types scale with the dtype and with packing at load, the rest stays."""
    heads = max((block.heads for block in model.blocks), default=0)
    spread = min(plan.tensor, heads) if heads else plan.tensor
    experts = plan.tensor * (max(1, settings.data) if settings.expert_parallel else 1)
    size = 0.0
    for share, scale, matrix in ((row[0], plan.element / 2, packing), (row[1], 1.0, 1.0)):
        matrices = share.split / plan.tensor + share.keys / spread + share.experts / experts
        size += (matrices * matrix + share.kept) * scale
    return size


def _last(model: Model, plan: Plan) -> float:
    """Give the bytes of the output head on the last rank, which holds the embedding once more where it is the head."""
    head = model.head or (model.embedding if plan.pipeline > 1 else 0)
    return head / plan.tensor * plan.element


def _extras(model: Model, settings: Settings, plan: Plan, mine: tuple[Block, ...]) -> float:
    """Give GiB for the draft layers that come with the model and for the room of LoRA adapters."""
    extra = _adapters(model, settings, plan, len(mine)) / GIB
    if settings.draft_tokens and model.draft_layers and model.blocks:
        last = model.blocks[-1]
        size = last.split + last.keys + last.kept + last.experts + 2 * model.hidden * model.hidden
        extra += model.draft_layers * size / plan.tensor * plan.element / GIB / plan.pipeline
    return extra


def _adapters(model: Model, settings: Settings, plan: Plan, layers: int) -> float:
    """Give the bytes that LoRA keeps free: two thin matrices of the largest rank for every projection and adapter."""
    widths = 8 * model.hidden + 2 * model.heads * model.head_dim + 3 * model.inner
    return float(settings.lora_count * settings.lora_rank * widths * layers * plan.element)
