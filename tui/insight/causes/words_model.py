"""The words of the hub's, the model's and the flags' causes: a title, then sentences; see words_docker."""

from __future__ import annotations

from tui.insight.causes.mark import N_

HUB_WORDS: dict[str, tuple[str, ...]] = {
    "hub-gated": (
        N_("The repository is gated"),
        N_("{repo} is only given to who has asked on its page and shows a token (HF_TOKEN)."),
    ),
    "hub-not-found": (
        N_("The hub has no such repository"),
        N_("{repo} is not there, or private: check the name."),
        N_("The revision {revision} is not there."),
    ),
    "hub-offline": (
        N_("The model is not here and the hub cannot be reached"),
        N_("{host} was not reached and {model} is not in the cache."),
        N_("HF_HUB_OFFLINE is set and forbids looking it up: {flag}."),
    ),
    "hub-ssl": (
        N_("The hub's certificate cannot be verified"),
        N_("TLS to {host} fails, often because of a proxy with its own certificate: {error}"),
        N_(
            "The TLS certificate cannot be verified (CERTIFICATE_VERIFY_FAILED), often because of a proxy with its own CA."
        ),
    ),
    "hub-rate-limit": (
        N_("The hub refuses: too many requests (429)"),
        N_("A token raises the limit of {repo}'s downloads; or wait and try again."),
        N_("A token (HF_TOKEN) raises the limit; or wait and try again."),
    ),
    "hub-interrupted": (
        N_("The download broke off"),
        N_("Starting again goes on where it broke off."),
        N_("{file}: {got} of {expected} bytes came."),
        N_("{got} bytes came, {missing} more were expected."),
    ),
    "model-path-missing": (
        N_("The model's path is not in the container"),
        N_(
            "{path} is not there, so vLLM takes it for a name on the hub: mount the folder, and write the path as it is in the container."
        ),
    ),
    "model-no-config": (
        N_("There is no config.json that vLLM can read"),
        N_("{path} holds no model: point to the folder with config.json."),
        N_(
            "{cache} is a folder of the hub's cache: the model lies in snapshots/<hash>, or give the repository's name."
        ),
    ),
    "weights-missing": (
        N_("The model has no weights"),
        N_("{path} has a config, but no weight files."),
        N_("Files of the index are missing: {file}"),
    ),
    "weights-corrupt": (
        N_("A file of weights is broken"),
        N_(
            "It cannot be read: {error}. A download cut short, or a Git LFS pointer in place of the file (git lfs pull)."
        ),
        N_("It cannot be read: a download cut short, or a Git LFS pointer in place of the file (git lfs pull)."),
    ),
    "weights-mismatch": (
        N_("The weights do not fit the model"),
        N_("The checkpoint's {tensor} has no place in vLLM's model class."),
        N_("Shapes differ: {has} against {wants}."),
    ),
    "tokenizer-missing": (
        N_("The tokenizer's files are missing"),
        N_("{path} has no {file}."),
        N_("There is no tokenizer in {path}."),
        N_("The folder {model} has no tokenizer.json, tokenizer.model or vocabulary."),
    ),
    "tokenizer-broken": (
        N_("This image cannot read the tokenizer"),
        N_("The tokenizer's file is there and cannot be read: {error}"),
        N_("The tokenizer class {class} is not known to this image's transformers."),
    ),
    "chat-template-missing": (
        N_("The chat template is not there"),
        N_("chat-template {path} is not a file in the container."),
    ),
    "lora-missing": (
        N_("The LoRA adapter is not there"),
        N_("No adapter was found in {path}."),
        N_("The adapter is called {name}."),
    ),
    "lora-rank-too-high": (
        N_("The LoRA adapter's rank is too high"),
        N_("Its rank is {rank} and max-lora-rank is {max}."),
    ),
    "arch-unsupported": (
        N_("This vLLM does not know the model's architecture"),
        N_("{arch} is not supported in this version."),
        N_("It was supported until {until}."),
    ),
    "transformers-too-old": (
        N_("The image's transformers is too old for this model"),
        N_("It does not know {type}."),
    ),
    "needs-trust-remote-code": (
        N_("The repository brings its own code"),
        N_("{repo} has code that has to be run: read it, then allow it with --trust-remote-code."),
        N_("It runs only with --trust-remote-code."),
    ),
    "missing-dependency": (
        N_("A Python package is missing in the image"),
        N_("This model or option needs {package}."),
    ),
    "quant-mismatch": (
        N_("The quantization flag contradicts the model"),
        N_(
            "The model's config says {config}, --quantization says {given}; without the flag vLLM takes what the model says."
        ),
        N_("--quantization {given} was asked for and the model is not quantized that way."),
        N_("--quantization does not suit this model."),
    ),
    "quant-unknown": (
        N_("vLLM knows no quantization of this name"),
        N_("--quantization {given} does not exist."),
    ),
    "quant-needs-plugin": (
        N_("This quantization needs a plugin"),
        N_("{given} has left vLLM itself: an image with {package} is needed."),
    ),
    "rope-scaling-invalid": (
        N_("The rope scaling cannot be read"),
        N_("rope_scaling: {error}"),
        N_("rope_scaling: the key {key} is missing."),
        N_("rope_scaling: the type {type} is not known."),
        N_("rope_scaling (rope_parameters) needs rope_type and factor."),
    ),
}
"""Say each cause in the user's language."""


FLAG_WORDS: dict[str, tuple[str, ...]] = {
    "max-len-too-long": (
        N_("max-model-len is longer than the model allows"),
        N_("{length} was asked for and the model's config allows {allowed} ({key})."),
    ),
    "batched-tokens-too-small": (
        N_("max-num-batched-tokens is too small"),
        N_("It is {batched} and has to be at least {length}."),
    ),
    "tp-not-divisible": (
        N_("The model cannot be divided among so many GPUs"),
        N_("{heads} attention heads cannot be divided by tensor-parallel-size {size}."),
        N_("{what} {heads} cannot be divided by {size}."),
    ),
    "tp-exceeds-gpus": (
        N_("More GPUs are asked for than there are"),
        N_("World size {size} needs as many GPUs and the container sees {gpus}."),
        N_("There is no GPU of this number: tensor-parallel-size is above the number of GPUs."),
    ),
    "tool-parser-unknown": (
        N_("There is no tool-call parser “{given}”"),
        N_("tool-call-parser {given} is not known to this image; {near} is."),
    ),
    "tool-parser-missing": (
        N_("Auto tool choice needs a tool-call parser"),
        N_("--enable-auto-tool-choice works only together with --tool-call-parser; {near} suits this model."),
        N_("--enable-auto-tool-choice works only together with --tool-call-parser."),
    ),
    "reasoning-parser-unknown": (
        N_("There is no reasoning parser “{given}”"),
        N_("reasoning-parser {given} is not known to this image; {near} is."),
    ),
    "unknown-flag": (
        N_("This vLLM has no flag {flag}"),
        N_("It was removed, or is misspelt: {words}"),
        N_("Perhaps --{near} was meant."),
    ),
    "ambiguous-flag": (
        N_("The flag {flag} could mean several"),
        N_("It could be {choices}."),
        N_("{gone} is gone: the image decides between GPU and CPU."),
    ),
    "bad-flag-value": (
        N_("A flag's value is not accepted"),
        N_("{flag}: {error}"),
        N_("{field}: “{value}” is not accepted. {error}"),
        N_("{env}: “{value}” is not accepted."),
        N_("“{value}” is not accepted."),
        N_("It must be one of {choices}."),
        N_("The limit is {limit}."),
    ),
    "unknown": (
        N_("It failed, and the reason is not recognised"),
        N_("This line says most."),
    ),
}
"""Say the flags' causes."""
