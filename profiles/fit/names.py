"""How the families of models name the same things in config.json (as vLLM's model classes read them)."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES: dict[str, tuple[str, ...]] = {
    "layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "decoder_layers", "num_decoder_layers"),
    "hidden": ("hidden_size", "n_embd", "d_model", "dim", "n_embed"),
    "heads": ("num_attention_heads", "n_head", "n_heads", "decoder_attention_heads", "num_heads", "num_query_heads"),
    "kv_heads": (
        "num_key_value_heads",
        "num_kv_heads",
        "multi_query_group_num",
        "n_head_kv",
        "kv_n_heads",
        "n_kv_heads",
        "num_attention_groups",
    ),
    "head_dim": ("head_dim", "attention_head_dim", "kv_channels", "head_size"),
    "inner": ("intermediate_size", "n_inner", "ffn_hidden_size", "ffn_dim", "decoder_ffn_dim", "hidden_dim"),
    "vocab": ("vocab_size", "padded_vocab_size", "n_vocab"),
    "longest": (
        "max_position_embeddings",
        "n_positions",
        "max_seq_len",
        "seq_length",
        "model_max_length",
        "max_sequence_length",
        "max_target_positions",
        "n_ctx",
    ),
    "experts": ("num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts", "num_moe_experts"),
    "experts_per_token": (
        "num_experts_per_tok",
        "num_experts_per_token",
        "top_k_experts",
        "moe_topk",
        "moe_k",
        "moe_top_k",
        "experts_per_token",
    ),
    "expert_inner": (
        "moe_intermediate_size",
        "expert_ffn_hidden_size",
        "moe_ffn_hidden_size",
        "expert_intermediate_size",
    ),
    "shared_inner": (
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "shared_intermediate_size",
    ),
    "shared_count": ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert"),
    "dense_first": ("first_k_dense_replace", "num_dense_layers", "moe_layer_start_index"),
    "draft_layers": ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules"),
}

UNSAID: dict[str, dict[str, float]] = {
    "llama": {
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "vocab_size": 32000,
        "max_position_embeddings": 2048,
    },
    "mistral": {
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "vocab_size": 32000,
        "max_position_embeddings": 131072,
    },
    "qwen2": {
        "hidden_size": 4096,
        "intermediate_size": 22016,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "vocab_size": 151936,
        "max_position_embeddings": 32768,
    },
    "gemma2": {
        "hidden_size": 2304,
        "intermediate_size": 9216,
        "num_hidden_layers": 26,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "vocab_size": 256000,
        "sliding_window": 4096,
        "max_position_embeddings": 8192,
    },
    "gemma3_text": {
        "hidden_size": 2304,
        "intermediate_size": 9216,
        "num_hidden_layers": 26,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "vocab_size": 262208,
        "sliding_window": 4096,
        "sliding_window_pattern": 6,
        "rope_local_base_freq": 10000,
        "max_position_embeddings": 131072,
    },
}
"""What transformers' own classes take for what a record of this model type leaves out; towers' language models often do."""

INNER = ("text_config", "llm_config", "language_config", "language_model_config", "text_model_config", "thinker_config")
"""Where models of pictures and sound keep the language model's own record."""

TOWERS = (
    "vision_config",
    "audio_config",
    "vit_config",
    "vision_tower_config",
    "visual",
    "audio_encoder",
    "vision_encoder",
)

PLAIN_MLP = _names(
    """
    gpt2 gpt_bigcode gpt_neox gpt_neo gptj opt bloom falcon phi mpt starcoder2 nemotron nemotron_h
    whisper bert roberta xlm-roberta distilbert camembert mpnet arcee codegen persimmon
    """
)
"""Model types whose MLP has two matrices; the others have a third, for the gate."""

TIED = _names(
    """
    lfm2 lfm2_moe gemma gemma2 gemma3 gemma3_text gemma3n gemma3n_text gemma4 gemma4_text gpt2 gpt_bigcode opt bloom
    falcon cohere cohere2 whisper starcoder2 mpt bert roberta xlm-roberta distilbert mpnet granite
    granitemoe granitemoehybrid
    """
)
"""Model types whose head is the embedding unless config.json says otherwise."""

ENCODERS = _names(
    """
    bert roberta xlm-roberta distilbert camembert mpnet nomic_bert modernbert gte new electra albert
    """
)
"""Model types that attend both ways: vLLM keeps no KV cache for them."""
