"""What is run inside an image (`python3 -c`) to learn what its vLLM accepts; knows nothing of us, needs Python 3.8.

Without arguments it prints the catalogue as JSON between MARKs. With `check WORD…` it has vLLM's own parser judge
`vllm serve WORD…` and prints `{"sentence": …}`, "" when the words are accepted.
"""

import dataclasses
import enum
import importlib
import inspect
import json
import re
import sys
from typing import Any

MARK = "=====llmtui-catalogue====="
WIDTH = 4000
"""Characters of one line: engines cut longer ones with a timestamp in between. No break is part of the JSON."""
CLI_ARGS = (
    "vllm.entrypoints.launchers.cli_args",
    "vllm.entrypoints.openai.cli_args",
)
"""Where `make_arg_parser` has lived: 0.32, and before."""
SERVE = ("vllm.entrypoints.cli.serve", "vllm.scripts")
CONFIGS = (
    "vllm.config",
    "vllm.engine.arg_utils",
    "vllm.entrypoints.launchers.cli_args",
    "vllm.entrypoints.openai.cli_args",
)
REGISTRIES = (
    ("quantization", "vllm.model_executor.layers.quantization", "QUANTIZATION_METHODS", ""),
    ("load_format", "vllm.model_executor.model_loader", "_LOAD_FORMAT_TO_MODEL_LOADER", ""),
    ("reasoning_parser", "vllm.reasoning", "ReasoningParserManager", "reasoning_parsers lazy_parsers"),
    ("tool_call_parser", "vllm.tool_parsers", "ToolParserManager", "tool_parsers lazy_parsers"),
    ("tool_call_parser", "vllm.entrypoints.openai.tool_parsers", "ToolParserManager", "tool_parsers lazy_parsers"),
)
"""Values that argparse does not know: the flag's destination, the module, the registry, the attributes that hold names."""
NAMES = (("attention_backend", "vllm.v1.attention.backends.registry", "AttentionBackendEnum"),)
"""Enumerations whose names may be given, beside others."""
DEPRECATED = re.compile(r"\W*(?:--[\w-]+ is )?deprecated", re.I)
LIMITS = ("gt", "ge", "lt", "le")


def found(module: str, name: str = "") -> Any:
    """Give a module or something in it; None where this vLLM has no such thing."""
    try:
        thing = importlib.import_module(module)
        return getattr(thing, name) if name else thing
    except Exception:
        return None


def serve_parser() -> Any:
    """Give the root parser (None where there is none) and the parser of `vllm serve`."""
    make = found("vllm.utils.argparse_utils", "FlexibleArgumentParser") or found("vllm.utils", "FlexibleArgumentParser")
    for module in SERVE:
        begin = found(module, "cmd_init")
        if begin is None or make is None:
            continue
        try:
            root = make(prog="vllm")
            return root, begin()[0].subparser_init(root.add_subparsers(dest="subparser"))
        except Exception:  # noqa: S112
            continue
    for module in CLI_ARGS:
        arguments = found(module, "make_arg_parser")
        if arguments is not None and make is not None:
            return None, arguments(make(prog="vllm serve"))
    raise SystemExit("no parser of vllm serve was found")


def kind(given: Any) -> str:
    """Name an argument's type, read out of the closures that hide it: `optional:int`, `json:CompilationConfig`."""
    name = getattr(given, "__name__", type(given).__name__)
    if given is None or name == "<lambda>":
        return "str"
    inner = inspect.getclosurevars(given).nonlocals.get("return_type") if inspect.isfunction(given) else None
    if inner is not None:
        return ("optional:" if "optional" in name else "") + kind(inner)
    held = dataclass_in(given)
    if held is not None:
        return "json:" + str(held.__name__)
    return "json" if given is json.loads else str(name)


def dataclass_in(given: Any) -> Any:
    """Give the configuration class that an argument's type reads JSON into; None for none."""
    while inspect.isfunction(given):
        values = (*(given.__defaults__ or ()), *inspect.getclosurevars(given).nonlocals.values())
        for value in values:
            if inspect.isclass(value) and dataclasses.is_dataclass(value):
                return value
        given = inspect.getclosurevars(given).nonlocals.get("return_type")
    return None


def plain(value: Any) -> Any:
    """Give a value as JSON can hold it; a whole configuration is None, since it is no default to be typed."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return None if value == "==SUPPRESS==" or value in (float("inf"), float("-inf")) else value
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()} or None
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(one) for one in value)
    return None


def limits() -> Any:
    """Give the ranges of the fields of every configuration class: (class, field) -> {gt, ge, lt, le}."""
    ranges = {}
    for module in CONFIGS:
        for name, cls in list(vars(found(module) or object).items()):
            if not (inspect.isclass(cls) and dataclasses.is_dataclass(cls)):
                continue
            for field in dataclasses.fields(cls):
                held = [*getattr(field.default, "metadata", ()), *getattr(field.type, "__metadata__", ())]
                held += [one for meta in held for one in getattr(meta, "metadata", ())]
                bounds = {key: plain(getattr(one, key)) for one in held for key in LIMITS if hasattr(one, key)}
                bounds = {key: value for key, value in bounds.items() if value is not None}
                if bounds:
                    ranges[name, field.name] = bounds
    return ranges


def registries() -> Any:
    """Give the values that registries add, by the flag's destination."""
    values: Any = {}
    for dest, module, name, attributes in REGISTRIES:
        registry = found(module, name)
        if registry is not None and dest not in values:
            names = [one for key in attributes.split() for one in getattr(registry, key, ())] or (
                list(registry) if not attributes else []
            )
            values[dest] = sorted({str(one) for one in names})
    return values


def names() -> Any:
    """Give what may be given beside other values, by the flag's destination."""
    found_names = {dest: getattr(found(module, name), "__members__", ()) for dest, module, name in NAMES}
    return {dest: sorted(members) for dest, members in found_names.items()}


def record(action: Any, group: str, deprecated: Any, ranges: Any, values: Any) -> Any:
    """Describe one argument."""
    text = (action.help or "").replace("%%", "%") if action.help != "==SUPPRESS==" else ""
    choices = [plain(one) for one in action.choices] if action.choices is not None else []
    metavar = action.metavar if isinstance(action.metavar, (list, tuple)) else names().get(action.dest, ())
    held = dataclass_in(action.type)
    bounds = ranges.get((group, action.dest)) or {}
    if not bounds:
        bounds = next((value for (_cls, field), value in ranges.items() if field == action.dest), {})
    return {
        "names": list(action.option_strings) or [action.dest],
        "dest": action.dest,
        "type": kind(action.type),
        "action": type(action).__name__.strip("_"),
        "nargs": action.nargs,
        "const": plain(action.const),
        "choices": [one for one in choices if one is not None] or values.get(action.dest, []),
        "strict": bool(choices) or action.dest in values,
        "suggested": [str(one) for one in metavar if one is not None],
        "default": plain(action.default),
        "help": text.strip(),
        "group": group,
        "deprecated": bool(getattr(action, "deprecated", False) or action in deprecated or DEPRECATED.match(text)),
        "keys": sorted(field.name for field in dataclasses.fields(held)) if held is not None else [],
        "range": bounds,
    }


def flags(parser: Any) -> Any:
    """Describe every argument of the parser, group by group."""
    ranges, values = limits(), registries()
    deprecated = getattr(parser, "_deprecated", ())
    described, seen = [], set()
    for group in parser._action_groups:
        for action in group._group_actions:
            if id(action) not in seen:
                seen.add(id(action))
                described.append(record(action, group.title or "", deprecated, ranges, values))
    return described


def environment() -> Any:
    """Give every variable that vLLM reads, with the words written above it in its source."""
    envs = found("vllm.envs")
    names = [str(name) for name in getattr(envs, "environment_variables", {})]
    try:
        source = inspect.getsource(envs)
    except Exception:
        source = ""
    said = {}
    for match in re.finditer(r"((?:^    #[^\n]*\n)+)    \"(\w+)\":", source, re.M):
        lines = (line.strip().lstrip("#").strip() for line in match.group(1).splitlines())
        said[match.group(2)] = " ".join(line for line in lines if line)
    return {name: said.get(name, "") for name in sorted(names)}


def judged(words: Any) -> str:
    """Give what vLLM's own parser says against `vllm serve WORDS`; "" when it accepts them."""
    import contextlib
    import io

    root, parser = serve_parser()
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            if root is None:
                parser.parse_args(list(words))
            else:
                root.parse_args(["serve", *words])
    except SystemExit:
        return said.getvalue().strip().rsplit("error: ", 1)[-1] or "refused"
    except Exception as error:
        return str(error)
    return ""


def main() -> None:
    """Print the answer between two marks: vLLM prints lines of its own beside it."""
    words = sys.argv[1:]
    sys.argv = ["vllm", "serve", "--help=all"]  # vLLM reads it at import: without it every help text is empty
    if words[:1] == ["check"]:
        answer: Any = {"sentence": judged(words[1:])}
    else:
        _root, parser = serve_parser()
        version = found("vllm", "__version__") or found("vllm.version", "__version__") or ""
        answer = {"vllm": str(version), "flags": flags(parser), "env": environment()}
    text = json.dumps(answer)
    lines = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    sys.stdout.write("\n".join(["", MARK, *lines, MARK, ""]))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
