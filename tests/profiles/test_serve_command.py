"""Commands read into flags, changed, and written back: what is not changed comes back word for word."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.arguments import flag_words
from profiles.flags import SEVERAL, canonical, is_flag, is_switch
from profiles.serve_command import ServeCommand, parse

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=10)
NAMES = st.sampled_from(
    ["max-model-len", "enforce-eager", "served-model-name", "api-key", "limit-mm-per-prompt", "port", "chat-template"]
)


@st.composite
def flags(draw: st.DrawFn) -> tuple[str, str | None]:
    """Give one flag with a value that its kind takes."""
    name = draw(NAMES)
    if is_switch(name):
        return name, None
    if name in SEVERAL:
        words = draw(st.lists(TEXT.filter(lambda word: not is_flag(word)), min_size=1, max_size=3))
        return name, shlex.join(words)
    return name, draw(TEXT)


MODELS = TEXT.filter(lambda word: not is_flag(word))


def read(*argv: str) -> ServeCommand:
    """Parse what must be a server."""
    found = parse(argv)
    assert found is not None
    return found


@given(MODELS, st.lists(flags(), max_size=5))
def test_what_is_written_is_read_again(model: str, wanted: list[tuple[str, str | None]]) -> None:
    argv = ["vllm", "serve", model, *(word for name, value in wanted for word in flag_words(name, value))]
    found = read(*argv)
    assert (found.model, list(found.flags)) == (model, wanted)
    assert list(found.argv()) == argv


@given(MODELS, st.lists(flags(), max_size=5))
def test_a_shell_line_gives_the_same_as_the_argv(model: str, wanted: list[tuple[str, str | None]]) -> None:
    argv = ["vllm", "serve", model, *(word for name, value in wanted for word in flag_words(name, value))]
    line = f"cd /x && exec {shlex.join(argv)} >log 2>&1; true"
    found = read("bash", "-lc", line)
    assert (found.model, list(found.flags)) == (model, wanted)
    assert found.argv() == ("bash", "-lc", line)


@given(MODELS, st.lists(flags(), max_size=4), flags())
def test_a_changed_flag_is_read_again_and_the_others_stay(
    model: str, wanted: list[tuple[str, str | None]], new: tuple[str, str | None]
) -> None:
    argv = ["vllm", "serve", model, *(word for name, value in wanted for word in flag_words(name, value))]
    for outer in (lambda words: words, lambda words: ["sh", "-c", f"cd /x; {shlex.join(words)} | tee log"]):
        changed = read(*outer(argv)).with_values(new[0], [new[1]])
        again = read(*changed.argv())
        assert [value for name, value in again.flags if name == new[0]][-1] == new[1]
        others = [pair for pair in wanted if pair[0] != new[0]]
        assert [pair for pair in again.flags if pair[0] != new[0]] == others
        assert again.model == model


@settings(max_examples=40, deadline=None)
@given(TEXT)
def test_a_real_shell_reads_any_value_as_we_wrote_it(value: str) -> None:
    line = 'vllm() { printf "%s|" "$@"; }; vllm serve M --chat-template old --port 9'
    changed = read("sh", "-c", line).with_flag("chat-template", value)
    shown = subprocess.run(changed.argv(), capture_output=True, text=True, check=True).stdout
    joined = f"--chat-template={value}" if is_flag(value) else f"--chat-template|{value}"
    assert shown == f"serve|M|{joined}|--port|9|"


def test_a_real_shell_reads_a_changed_line_as_meant() -> None:
    hostile = "a b'c\"d $HOME `id` \\ 模型"
    line = 'vllm() { printf "%s|" "$@"; }; x=1; vllm serve M \\\n  --chat-template old --port 9 2>/dev/null'
    changed = read("sh", "-c", line).with_flag("chat-template", hostile).with_flag("max-model-len", "32k")
    shown = subprocess.run(changed.argv(), capture_output=True, text=True, check=True).stdout
    assert shown == f"serve|M|--chat-template|{hostile}|--port|9|--max-model-len|32k|"


def test_a_changed_line_keeps_everything_around_the_change() -> None:
    line = "set -e; cd /x && exec vllm serve \"$M\"  --port 9 \\\n   --max_model_len=4096 'q' >log 2>&1 && echo done"
    changed = read("bash", "-lc", line).with_flag("max-model-len", "8192")
    assert changed.argv()[2] == line.replace("--max_model_len=4096", "--max_model_len=8192")
    assert changed.without_flag("port").argv()[2] == changed.argv()[2].replace("  --port 9", "")
    longer = read("bash", "-c", "vllm serve M > log &").with_flag("enforce-eager", None)
    assert longer.argv()[2] == "vllm serve M --enforce-eager > log &"


def test_a_line_within_a_line_is_changed_where_it_stands() -> None:
    found = read("bash", "-lc", "cd /x; sh -c 'exec vllm serve M --port 9'; true")
    changed = found.with_flag("port", "10").with_model("a b")
    assert changed.argv()[2] == "cd /x; sh -c 'exec vllm serve '\"'\"'a b'\"'\"' --port 10'; true"
    again = read(*changed.argv())
    assert (again.model, again.port) == ("a b", 10)


def test_the_spelling_somebody_chose_is_kept() -> None:
    found = read("vllm", "serve", "M", "-tp", "2", "--max_model_len", "1", "--port=9")
    changed = found.with_flag("tensor-parallel-size", "4").with_flag("max-model-len", "2").with_flag("port", "8")
    assert changed.argv() == ("vllm", "serve", "M", "-tp", "4", "--max_model_len", "2", "--port=8")


def test_the_model_is_replaced_where_it_was_given() -> None:
    module = read("python3", "-m", "vllm.entrypoints.openai.api_server", "--port", "9", "--model", "M")
    assert module.with_model("N").argv()[3:] == ("--port", "9", "--model", "N")
    bare = read("python3", "-m", "vllm.entrypoints.openai.api_server")
    assert bare.with_model("N").argv()[3:] == ("--model", "N")
    assert read("vllm", "serve", "--port", "9", "M").with_model("N").argv() == ("vllm", "serve", "--port", "9", "N")
    assert read("vllm", "serve", "--port", "9").with_model("N").argv() == ("vllm", "serve", "N", "--port", "9")
    assert read("vllm", "serve", "--model", "M").with_model("N").argv() == ("vllm", "serve", "--model", "N")


def test_a_switch_takes_no_value_and_so_leaves_the_model_alone() -> None:
    assert read("vllm", "serve", "--enforce-eager", "M").model == "M"
    assert read("vllm", "serve", "--no-enable-prefix-caching", "M").model == "M"
    assert read("vllm", "serve", "--enable-chunked-prefill", "false", "M").flags == (
        ("enable-chunked-prefill", "false"),
    )


def test_names_given_together_are_one_flag_with_several_values() -> None:
    found = read("vllm", "serve", "M", "--served-model-name", "a", "b c", "--lora-modules", "x=/y", "z=/w")
    assert found.flags == (("served-model-name", "a 'b c'"), ("lora-modules", "x=/y z=/w"))
    assert found.served_names == ("a", "b c")


def test_json_and_negative_numbers_are_values() -> None:
    found = read("vllm", "serve", "M", "--hf-overrides", '{"a": -1}', "--max-model-len", "-1", "--seed=-5")
    assert found.flags == (("hf-overrides", '{"a": -1}'), ("max-model-len", "-1"), ("seed", "-5"))


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("--max_model_len", "max-model-len"),
        ("-tp", "tensor-parallel-size"),
        ("-q", "quantization"),
        ("--device-memory-utilization", "gpu-memory-utilization"),
        ("--compilation-config.pass_config.x", "compilation-config.pass_config.x"),
        ("-cc.mode", "compilation-config.mode"),
    ],
)
def test_every_spelling_of_a_flag_has_one_name(spelling: str, name: str) -> None:
    assert canonical(spelling) == name


def test_arguments_handed_to_the_script_are_seen_through() -> None:
    found = read("bash", "-c", 'exec vllm serve "$@" --port 9', "--", "M", "--max-model-len", "4096")
    assert (found.model, found.max_model_len, found.port) == ("M", "4096", 9)
    again = read(*found.with_flag("port", "10").argv())
    assert (again.model, again.max_model_len, again.port) == ("M", "4096", 10)
    over = read(*found.with_flag("max-model-len", "8192").argv())
    assert over.max_model_len == "8192"
    gone = read(*found.without_flag("max-model-len").argv())
    assert (gone.max_model_len, gone.model, gone.port) == (None, "M", 9)


def test_variables_of_the_container_and_of_the_line_are_filled_in() -> None:
    found = parse(["sh", "-c", 'P=9; vllm serve "$MODEL" --port ${P} --seed ${S:-5} --host $NOWHERE'], {"MODEL": "/m"})
    assert found is not None
    assert (found.model, found.port, found.flag("seed"), found.host) == ("/m", 9, "5", "$NOWHERE")


def test_options_in_an_unquoted_variable_are_words_of_their_own() -> None:
    environ = {"OPTIONS": "--port 9 --seed 1", "COMMAND": "vllm serve M --port 9", "NOTHING": ""}
    found = parse(["sh", "-c", "exec vllm serve M $OPTIONS $NOTHING"], environ)
    assert found is not None and (found.port, found.flag("seed"), found.model) == (9, "1", "M")
    changed = read(*found.with_flag("port", "10").argv())
    assert (changed.port, changed.flag("seed"), changed.model) == (10, "1", "M")
    whole = parse(["sh", "-c", "cd /x; $COMMAND --seed 1 >log"], environ)
    assert whole is not None and (whole.model, whole.port, whole.flag("seed")) == ("M", 9, "1")
    assert whole.argv() == ("sh", "-c", "cd /x; $COMMAND --seed 1 >log")
    assert whole.with_flag("port", "10").argv()[2] == "cd /x; vllm serve M --port 10 --seed 1 >log"


def test_eval_is_looked_into_and_a_here_document_is_not() -> None:
    assert parse(["bash", "-c", 'eval "$C"'], {"C": "vllm serve M"}) is not None
    assert parse(["bash", "-c", "cat <<EOF >x\nvllm serve M\nEOF\nsleep 9"]) is None
    assert parse(["bash", "-c", "cat <<'EOF' >x\nfoo\nEOF\nvllm serve M"]) is not None
