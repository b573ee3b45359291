"""The words of the hub's, the model's and the flags' causes: a title, then sentences; see words_docker."""

from __future__ import annotations

from gettext import gettext as _


def hub_words() -> dict[str, tuple[str, ...]]:
    """Say each cause in the user's language."""
    return {
        "hub-gated": (
            _("The repository is gated"),
            _("{repo} is only given to who has asked on its page and shows a token (HF_TOKEN)."),
        ),
        "hub-not-found": (
            _("The hub has no such repository"),
            _("{repo} is not there, or private: check the name."),
            _("The revision {revision} is not there."),
        ),
        "hub-offline": (
            _("The model is not here and the hub cannot be reached"),
            _("{host} was not reached and {model} is not in the cache."),
            _("HF_HUB_OFFLINE is set and forbids looking it up: {flag}."),
        ),
        "hub-ssl": (
            _("The hub's certificate cannot be verified"),
            _("TLS to {host} fails, often because of a proxy with its own certificate: {error}"),
            _(
                "The TLS certificate cannot be verified (CERTIFICATE_VERIFY_FAILED), often because of a proxy with its own CA."
            ),
        ),
        "hub-rate-limit": (
            _("The hub refuses: too many requests (429)"),
            _("A token raises the limit of {repo}'s downloads; or wait and try again."),
            _("A token (HF_TOKEN) raises the limit; or wait and try again."),
        ),
        "hub-interrupted": (
            _("The download broke off"),
            _("Starting again goes on where it broke off."),
            _("{file}: {got} of {expected} bytes came."),
            _("{got} bytes came, {missing} more were expected."),
        ),
        "model-path-missing": (
            _("The model's path is not in the container"),
            _(
                "{path} is not there, so vLLM takes it for a name on the hub: mount the folder, and write the path as it is in the container."
            ),
        ),
        "model-no-config": (
            _("There is no config.json that vLLM can read"),
            _("{path} holds no model: point to the folder with config.json."),
            _(
                "{cache} is a folder of the hub's cache: the model lies in snapshots/<hash>, or give the repository's name."
            ),
        ),
        "weights-missing": (
            _("The model has no weights"),
            _("{path} has a config, but no weight files."),
            _("Files of the index are missing: {file}"),
        ),
        "weights-corrupt": (
            _("A file of weights is broken"),
            _(
                "It cannot be read: {error}. A download cut short, or a Git LFS pointer in place of the file (git lfs pull)."
            ),
            _("It cannot be read: a download cut short, or a Git LFS pointer in place of the file (git lfs pull)."),
        ),
        "weights-mismatch": (
            _("The weights do not fit the model"),
            _("The checkpoint's {tensor} has no place in vLLM's model class."),
            _("Shapes differ: {has} against {wants}."),
        ),
        "tokenizer-missing": (
            _("The tokenizer's files are missing"),
            _("{path} has no {file}."),
            _("There is no tokenizer in {path}."),
            _("The folder {model} has no tokenizer.json, tokenizer.model or vocabulary."),
        ),
        "tokenizer-broken": (
            _("This image cannot read the tokenizer"),
            _("The tokenizer's file is there and cannot be read: {error}"),
            _("The tokenizer class {class} is not known to this image's transformers."),
        ),
        "chat-template-missing": (
            _("The chat template is not there"),
            _("chat-template {path} is not a file in the container."),
        ),
        "lora-missing": (
            _("The LoRA adapter is not there"),
            _("No adapter was found in {path}."),
            _("The adapter is called {name}."),
        ),
        "lora-rank-too-high": (
            _("The LoRA adapter's rank is too high"),
            _("Its rank is {rank} and max-lora-rank is {max}."),
        ),
        "arch-unsupported": (
            _("This vLLM does not know the model's architecture"),
            _("{arch} is not supported in this version."),
            _("It was supported until {until}."),
        ),
        "transformers-too-old": (
            _("The image's transformers is too old for this model"),
            _("It does not know {type}."),
        ),
        "needs-trust-remote-code": (
            _("The repository brings its own code"),
            _("{repo} has code that has to be run: read it, then allow it with --trust-remote-code."),
            _("It runs only with --trust-remote-code."),
        ),
        "missing-dependency": (
            _("A Python package is missing in the image"),
            _("This model or option needs {package}."),
        ),
        "quant-mismatch": (
            _("The quantization flag contradicts the model"),
            _(
                "The model's config says {config}, --quantization says {given}; without the flag vLLM takes what the model says."
            ),
            _("--quantization {given} was asked for and the model is not quantized that way."),
            _("--quantization does not suit this model."),
        ),
        "quant-unknown": (
            _("vLLM knows no quantization of this name"),
            _("--quantization {given} does not exist."),
        ),
        "quant-needs-plugin": (
            _("This quantization needs a plugin"),
            _("{given} has left vLLM itself: an image with {package} is needed."),
        ),
        "rope-scaling-invalid": (
            _("The rope scaling cannot be read"),
            _("rope_scaling: {error}"),
            _("rope_scaling: the key {key} is missing."),
            _("rope_scaling: the type {type} is not known."),
            _("rope_scaling (rope_parameters) needs rope_type and factor."),
        ),
    }


def flag_words() -> dict[str, tuple[str, ...]]:
    """Say the flags' causes."""
    return {
        "max-len-too-long": (
            _("max-model-len is longer than the model allows"),
            _("{length} was asked for and the model's config allows {allowed} ({key})."),
        ),
        "batched-tokens-too-small": (
            _("max-num-batched-tokens is too small"),
            _("It is {batched} and has to be at least {length}."),
        ),
        "tp-not-divisible": (
            _("The model cannot be divided among so many GPUs"),
            _("{heads} attention heads cannot be divided by tensor-parallel-size {size}."),
            _("{what} {heads} cannot be divided by {size}."),
        ),
        "tp-exceeds-gpus": (
            _("More GPUs are asked for than there are"),
            _("World size {size} needs as many GPUs and the container sees {gpus}."),
            _("There is no GPU of this number: tensor-parallel-size is above the number of GPUs."),
        ),
        "tool-parser-unknown": (
            _("There is no tool-call parser “{given}”"),
            _("tool-call-parser {given} is not known to this image; {near} is."),
        ),
        "tool-parser-missing": (
            _("Auto tool choice needs a tool-call parser"),
            _("--enable-auto-tool-choice works only together with --tool-call-parser; {near} suits this model."),
            _("--enable-auto-tool-choice works only together with --tool-call-parser."),
        ),
        "reasoning-parser-unknown": (
            _("There is no reasoning parser “{given}”"),
            _("reasoning-parser {given} is not known to this image; {near} is."),
        ),
        "unknown-flag": (
            _("This vLLM has no flag {flag}"),
            _("It was removed, or is misspelt: {words}"),
            _("Perhaps --{near} was meant."),
        ),
        "ambiguous-flag": (
            _("The flag {flag} could mean several"),
            _("It could be {choices}."),
            _("{gone} is gone: the image decides between GPU and CPU."),
        ),
        "bad-flag-value": (
            _("A flag's value is not accepted"),
            _("{flag}: {error}"),
            _("{field}: “{value}” is not accepted. {error}"),
            _("{env}: “{value}” is not accepted."),
            _("“{value}” is not accepted."),
            _("It must be one of {choices}."),
            _("The limit is {limit}."),
        ),
        "unknown": (
            _("It failed, and the reason is not recognised"),
            _("This line says most."),
        ),
    }
