"""Signs of flags, their values, and what they ask of the model and of this host.

Texts: argparse, pydantic, vLLM 0.6 to 0.32 (config, engine/arg_utils, entrypoints, executor), uvicorn, asyncio.
"""

from __future__ import annotations

from tui.insight.causes.signs import Row, fatal, row

_ARGPARSE = r"error: argument (?P<flag>-[^\s:]+): "

# fmt: off
ROWS: tuple[Row, ...] = (
    row("port-in-use", "[Errno 98]", r"\[Errno 98\] error while attempting to bind on address \('?(?P<address>[^',]*)'?, (?P<port>\d+)", 0),
    row("port-in-use", "[Errno 98]", r"\[Errno 98\] [Aa]ddress already in use", 1),
    row("port-in-use", "EADDRINUSE", r"(?:port: (?P<port>\d+).*)?EADDRINUSE", 1),
    row("port-in-use", "ddress already in use (addr=", r"addr='\w+://[^:]+:(?P<port>\d+)'", 1),
    row("max-len-too-long", "is greater than the derived", r"User-specified max_model_len \((?P<length>\d+)\) is greater than the derived max_model_len \((?P<key>\w+)=(?P<allowed>[\d.]+)(?: or model_max_length=(?P<tokenizer>\w+))?", 0),
    row("batched-tokens-too-small", "is smaller than max_model_len", r"max_num_batched_tokens \((?P<batched>\d+)\) is smaller than max_model_len \((?P<length>\d+)\)", 0),
    row("batched-tokens-too-small", "max_tokens_per_mm_item", r"max_tokens_per_mm_item \((?P<length>\d+)\) is larger than max_num_batched_tokens \((?P<batched>\d+)\)", 0),
    row("batched-tokens-too-small", "must be greater than or equal to max_num_seqs", r"max_num_batched_tokens \((?P<batched>\d+)\) must be greater than or equal to max_num_seqs \((?P<length>\d+)\)", 0),
    row("batched-tokens-too-small", "max_num_batched_tokens", r"max_num_batched_tokens[^\n]*?\(?(?P<batched>\d+)\)? (?:is|must be)[^\n]*?(?:less|smaller|large enough|at least)[^\n]*?(?P<length>\d+)", 1),
    row("tp-not-divisible", "must be divisible by tensor parallel size", r"otal number of attention heads \((?P<heads>\d+)\) must be divisible by tensor parallel size \((?P<size>\d+)\)", 0),
    row("tp-not-divisible", "must be divisible by tensor parallel size", r"(?P<what>\w+) must be divisible by tensor parallel size\.(?: Got \S+?=(?P<heads>\d+) and \w+=(?P<size>\d+))?", 1),
    row("tp-not-divisible", "must be divisible by tensor-parallel world size", r"(?P<what>\w+) \((?P<heads>\d+)\) must be divisible by tensor-parallel world size \((?P<size>\d+)\)", 0),
    row("tp-not-divisible", "is not divisible by", r"^AssertionError: (?P<heads>\d+) is not divisible by (?P<size>\d+)", 1),
    row("tp-not-divisible", "is not divisible by", r"(?P<what>[\w' ]+?) = (?P<heads>\d+) is not divisible by (?P<rule>[\w ]+) = (?P<size>\d+)", 1),
    row("tp-not-divisible", "is not divisible by", r"(?P<what>\w+)=(?P<heads>\d+) is not divisible by (?P<rule>group_size)=(?P<size>\d+)", 0),
    row("tp-not-divisible", "is not aligned with the quantized weight", r"(?P<rule>\w+ size is not aligned) with the quantized weight", 0),
    row("tp-not-divisible", "to be divisible by group_size", r"\((?P<heads>\d+)\) to be divisible by group_size \((?P<size>\d+)\)", 1),
    row("tp-exceeds-gpus", "is larger than the number of available GPUs", r"World size \((?P<size>\d+)\) is larger than the number of available GPUs \((?P<gpus>\d+)\)", 0),
    row("tp-exceeds-gpus", "max local gpu count", r"\((?P<size>\d+)\) (?:is|to) (?:be )?less than (?:than )?max local gpu count \((?P<gpus>\d+)\)", 0),
    row("tp-exceeds-gpus", "exceeds the total number of available", r"exceeds the total number of available \w+ in the (?:placement group|cluster)\.(?: Required number of devices: (?P<size>\d+)\. Total number of devices: (?P<gpus>\d+))?", 0),
    row("tp-exceeds-gpus", "cannot be larger than the number of available GPUs", r"parallel size \((?P<size>\d+)\) cannot be larger than the number of available GPUs \((?P<gpus>\d+)\)", 0),
    row("tp-exceeds-gpus", "annot provide a placement group", r"placement group (?:requiring (?P<size>\d+) GPUs|of)", 1),
    row("tp-exceeds-gpus", "is out of bounds for", r"local[_ ]rank (?P<rank>\d+) is out of bounds for (?:(?P<gpus>\d+) devices)?", 0),
    row("tp-exceeds-gpus", "is out of bounds", r"local[_ ]rank (?P<rank>\d+) is out of bounds", 1),
    row("tp-exceeds-gpus", "invalid device ordinal", "", 1),
    row("tp-exceeds-gpus", "must be less than the number of visible", r"(?P<gpus>\d+)", 2),
    fatal("tool-parser-unknown", "nvalid tool call parser", r"nvalid tool call parser: (?P<given>.+?) \(chose from \{ ?(?P<choices>[^}]*)\}", 0),
    row("tool-parser-unknown", "ool parser '", r"ool parser '(?P<given>[^']+)' not found", 1),
    row("tool-parser-unknown", "which has not been registered", r"tool_parser:'(?P<given>[^']+)' which has not been registered", 1),
    fatal("tool-parser-unknown", "argument --tool-call-parser", r"argument --tool-call-parser: invalid choice: '(?P<given>[^']*)' \(choose from (?P<choices>[^)]*)\)", 0),
    row("tool-parser-missing", "auto-tool-choice requires --tool-call-parser", "", 0),
    fatal("reasoning-parser-unknown", "nvalid reasoning parser", r"nvalid reasoning parser: (?P<given>.+?) \(chose from \{ ?(?P<choices>[^}]*)\}", 0),
    row("reasoning-parser-unknown", "easoning parser '", r"easoning parser '(?P<given>[^']+)' not found\.(?: Available parsers: (?P<choices>[^\"\n]*))?", 0),
    row("reasoning-parser-unknown", "has not been registered", r"reasoning_parser(?:_name)?='?(?P<given>[\w-]+)'? has not been registered", 0),
    fatal("reasoning-parser-unknown", "argument --reasoning-parser", r"argument --reasoning-parser: invalid choice: '(?P<given>[^']*)' \(choose from (?P<choices>[^)]*)\)", 0),
    fatal("quant-unknown", "argument --quantization", r"argument --quantization(?:/-q)?: invalid choice: '(?P<given>[^']*)' \(choose from (?P<choices>[^)]*)\)", 0),
    fatal("unknown-flag", "unrecognized arguments:", r"error: unrecognized arguments: (?P<words>[^\n]*)", 0),
    fatal("ambiguous-flag", "ambiguous option:", r"error: ambiguous option: (?P<flag>-[^\s=]+)\S* could match (?P<choices>[^\n]*)", 0),
    fatal("bad-flag-value", "error: argument", _ARGPARSE + r"(?P<error>(?:invalid|expected|[Ee]xpected|not allowed|[^\n]*'(?P<value>[^']*)'?)[^\n]*)", 1),
    fatal("bad-flag-value", "error: argument", _ARGPARSE + r"(?P<error>[^\n]*)", 1),
    fatal("bad-flag-value", "arguments are required", r"error: the following arguments are required: (?P<flag>[^\n]*)", 1),
    row("bad-flag-value", "Input should be", r"(?P<error>Input should be [^\n]*?) \[type=\w+, input_value=(?P<value>.*?), input_type", 1),
    row("bad-flag-value", "Unexpected keyword argument", r"Unexpected keyword argument \[type=\w+, input_value=(?P<value>.*?), input_type", 1),
    row("bad-flag-value", "GPU memory utilization must be less than", r"must be less than (?P<limit>[\d.]+)\. Got (?P<value>-?[\d.]+)", 0),
    row("bad-flag-value", "max_lora_rank (", r"max_lora_rank \((?P<value>\d+)\) must be one of (?P<choices>[\(\[][^\)\]]*)", 0),
    row("bad-flag-value", "Too large swap space", r"swap space\. (?P<value>[\d.]+) GiB out of the (?P<limit>[\d.]+) GiB", 0),
    row("bad-flag-value", "is not supported for quantization method", r"torch\.(?P<value>\w+) is not supported for quantization method (?P<method>\S+?)\. Supported dtypes: (?P<choices>\[[^\]]*\])", 0),
    row("bad-flag-value", "nknown attention backend", r"nknown attention backend: '(?P<value>[^']*)'\. Valid options are: (?P<choices>[^\n]*)", 0),
    row("bad-flag-value", "nvalid attention backend", r"nvalid attention backend: '?(?P<value>[\w.-]+)'?", 0),
    row("bad-flag-value", "nvalid value '", r"nvalid value '(?P<value>[^']*)' for (?P<env>VLLM_\w+)\. Valid options: (?P<choices>\[[^\]]*\])", 0),
    row("bad-flag-value", "invalid literal for int() with base 10", r"base 10: '(?P<value>[^']*)'", 1, frames=("envs",)),
    row("bad-flag-value", "nvalid value for", r"nvalid value for (?P<flag>--[\w-]+)", 2),
    row("bad-flag-value", "Load format `", r"Load format `(?P<value>(?!bitsandbytes`|gguf`)[^`]*)` is (?P<error>not supported)", 1),
    row("bad-flag-value", "nknown dtype", r"nknown dtype: (?P<value>\w+)", 1),
    row("bad-flag-value", "evenly divide the total", r"(?P<flag>--nnodes) (?P<value>\d+)` must evenly divide the total world size \((?P<limit>\d+)\)", 1),
)
# fmt: on
