"""Recognition of vLLM servers: by what they run, never by what they are called."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.insight.recognise import recognised, split

VLLM_IMAGE = {"Entrypoint": ["vllm", "serve"], "Env": ["PATH=/bin", "VLLM_USAGE_SOURCE=production-docker-image"]}
SCRIPT_IMAGE = {"Entrypoint": ["/entrypoint.sh"], "Env": ["VLLM_USAGE_SOURCE=production-docker-image"], "Labels": None}
LABELLED = {
    "Entrypoint": ["/start.sh"],
    "Labels": {"org.opencontainers.image.source": "https://github.com/vllm-project/vllm"},
}

SERVERS = {
    "vllm serve /models/SmolLM2 --served-model-name SmolLM2": "/models/SmolLM2",
    "/usr/local/bin/vllm serve Qwen/Qwen3-0.6B": "Qwen/Qwen3-0.6B",
    "vllm serve --port 9 --enforce-eager Qwen/Qwen3-0.6B": "Qwen/Qwen3-0.6B",
    "vllm serve": None,
    "vllm serve --config /etc/vllm.yaml": None,
    "python3 -m vllm.entrypoints.openai.api_server --model M": "M",
    "python3 -u -X utf8 -m vllm.entrypoints.openai.api_server --model=M": "M",
    "/opt/venv/bin/python3.12 -m vllm.entrypoints.api_server --model M": "M",
    "python3 -m vllm.entrypoints.cli.main serve M": "M",
    "python /app/vllm/entrypoints/openai/api_server.py --model M": "M",
    "/usr/bin/python3 /usr/local/bin/vllm serve M": "M",
    "bash -c 'exec vllm serve M --port 9'": "M",
    "/bin/bash -lc 'source /venv/bin/activate; cd /x && exec vllm serve 'a b' --port 9 > log 2>&1'": "a b",
    "sh -lc 'export M=/q; cd x && exec vllm serve \"$M\" --port 9'": "/q",
    "sh -c 'vllm serve \"$@\"' -- M --port 9": "M",
    "sh -euxc 'pip install x && vllm serve M'": "M",
    "bash -o pipefail -c 'vllm serve M | tee log'": "M",
    "bash -lc 'sh -c \"vllm serve M --a b\"; true'": "M",
    "bash -c 'ray start --head && vllm serve M -tp 2'": "M",
    "bash -c 'while true; do vllm serve M; done'": "M",
    "bash -c 'if [ -f x ]; then vllm serve M; fi'": "M",
    "bash -c '(vllm serve M &) ; wait'": "M",
    "tini -- vllm serve M": "M",
    "/usr/bin/tini -g -s -- /usr/bin/dumb-init -- vllm serve M": "M",
    "/sbin/docker-init -- vllm serve M": "M",
    "env -u X HF_HOME=/x CUDA_VISIBLE_DEVICES=0 vllm serve M": "M",
    "nohup vllm serve M": "M",
    "uv run --with vllm==0.11 vllm serve M": "M",
    "uvx --from vllm vllm serve M": "M",
    "numactl -N 0 -m 0 vllm serve M": "M",
    "numactl --cpunodebind=0 --membind=0 python3 -m vllm.entrypoints.openai.api_server --model M": "M",
    "sudo -u vllm /usr/bin/vllm serve M": "M",
    "timeout -k 5 3600 nice -n 5 stdbuf -oL vllm serve M": "M",
    "taskset -c 0-3 vllm serve M": "M",
    "conda run -n vllm --no-capture-output vllm serve M": "M",
    "ray job submit --address http://h:8265 -- vllm serve M": "M",
    "nsys profile -o x --trace cuda vllm serve M": "M",
    "/opt/nvidia/nvidia_entrypoint.sh vllm serve M": "M",
    "/bin/sh /docker-entrypoint.sh vllm serve M": "M",
    "vllm serve M --served-model-name vllm": "M",
    "env -S 'vllm serve M --port 9'": "M",
    "env -i A=b --split-string 'C=d vllm serve M'": "M",
    "nsys profile --force-overwrite true -o x vllm serve M": "M",
    "timeout --foreground 5 vllm serve M": "M",
    "bash -c 'if false; then nginx; else vllm serve M; fi'": "M",
    "bash -c 'if false; then nginx; elif true; then vllm serve M; fi'": "M",
    "bash -c 'if false; then if true; then x; fi; fi; vllm serve M'": "M",
}
OTHERS = (
    "",
    "nginx -g 'daemon off;'",
    "nginx -c /etc/vllm-proxy.conf",
    "/docker-entrypoint.sh nginx -g 'daemon off;'",
    "gunicorn my_vllm_ui.app:app --bind 0.0.0.0:8000",
    "vllm bench serve --model M",
    "vllm chat",
    "vllm complete --url x",
    "vllm --version",
    "vllm",
    "vllm serve --help",
    "vllm serve --help=all",
    "vllm run-batch -i x -o y --model M",
    "python3 -m vllm.entrypoints.openai.run_batch --model M",
    "python3 -m vllm.entrypoints.openai.api_server --help",
    "python3 -c 'import vllm; print(vllm.__version__)'",
    "python3 serve.py vllm serve",
    "sleep infinity",
    "bash",
    "/bin/bash",
    "bash -c 'echo vllm serve M'",
    "bash -c 'sleep infinity # vllm serve M'",
    "sh -c 'cat vllm serve'",
    "echo vllm serve M",
    "tail -f /var/log/vllm",
    "/usr/local/bin/vllm-proxy serve M",
    "ollama serve",
    "lmdeploy serve api_server M",
    "sglang serve M",
    "ray start --head --block",
    "uv run sync vllm",
    "tini -- sleep infinity",
    "VLLM::EngineCore",
    "timeout 5 nginx vllm serve x",
    "tini -- nginx -g vllm serve",
    "nice -5 nginx vllm serve x",
    "/docker-entrypoint.sh nginx vllm serve x",
    "bash -c 'if false; then vllm serve m; fi; nginx'",
    "bash -c 'if false; then if true; then vllm serve m; fi; fi; nginx'",
    "bash -c 'if x; then y; elif false; then vllm serve m; fi; nginx'",
    "bash -c 'while false; do vllm serve m; done'",
    "env -S 'nginx vllm serve'",
)


@pytest.mark.parametrize("command", SERVERS)
def test_a_server_is_found_behind_whatever_starts_it(command: str) -> None:
    found = recognised(command)
    assert found is not None
    assert found.model == SERVERS[command]
    assert found.argv() == found.original == split(command)


@pytest.mark.parametrize("command", OTHERS)
@pytest.mark.parametrize(
    "config", [None, VLLM_IMAGE, SCRIPT_IMAGE], ids=["unknown image", "vllm image", "script image"]
)
def test_what_serves_no_model_is_no_server_even_in_a_vllm_image(command: str, config: dict[str, object] | None) -> None:
    assert recognised(command, config) is None


@pytest.mark.parametrize("command", [c for c in SERVERS if "'" not in c and '"' not in c])
def test_an_argv_says_the_same_as_the_line_of_the_list(command: str) -> None:
    found = recognised(command.split(" "))
    assert found is not None and found.model == SERVERS[command]


@pytest.mark.parametrize("config", [SCRIPT_IMAGE, LABELLED])
def test_an_entry_script_is_a_server_when_its_image_says_vllm(config: dict[str, object]) -> None:
    assert recognised("/entrypoint.sh --model Qwen/Qwen3-8B --port 9") is None
    found = recognised("/entrypoint.sh --model Qwen/Qwen3-8B --port 9", config)
    assert found is not None and (found.model, found.port) == ("Qwen/Qwen3-8B", 9)
    assert recognised("/start.sh Qwen/Qwen3-8B", config) is not None
    assert recognised("/start.sh serve Qwen/Qwen3-8B", config) is not None
    assert recognised("tini -- /start.sh --tensor-parallel-size 2", config) is not None


@pytest.mark.parametrize(
    "command", ["/entrypoint.sh", "/entrypoint.sh bash", "/entrypoint.sh sleep infinity", "/entrypoint.sh /bin/bash"]
)
def test_an_entry_script_that_is_given_something_else_is_no_server(command: str) -> None:
    assert recognised(command, SCRIPT_IMAGE) is None


def test_everything_a_row_shows_is_read_from_the_command() -> None:
    line = "vllm serve /m --served-model-name a b --port 9 --host 0.0.0.0 --api-key k1 k2 --runner pooling "
    found = recognised(line + "--max_model_len=32k -tp 2 --limit-mm-per-prompt '{\"image\": 4}'")
    assert found is not None
    assert (found.model, found.served_names, found.port, found.host) == ("/m", ("a", "b"), 9, "0.0.0.0")
    assert (found.api_key, found.task, found.max_model_len) == ("k1", "embed", "32k")
    assert ("tensor-parallel-size", "2") in found.flags
    assert found.flag("limit-mm-per-prompt") == '{"image": 4}'


def test_a_worker_of_a_bigger_server_is_told_apart() -> None:
    found = recognised("vllm serve M --headless --data-parallel-size 4")
    assert found is not None and found.headless


def test_old_task_names_and_new_runners_both_say_embedding() -> None:
    for words in ("--task embed", "--task score", "--runner pooling", "--runner=pooling", "--convert embed"):
        found = recognised(f"vllm serve M {words}")
        assert found is not None and found.task == "embed"
    plain = recognised("vllm serve M --runner generate")
    assert plain is not None and plain.task == "generate"


def as_docker_lists(argv: list[str]) -> str:
    """Write an argv as the engine's list does."""
    return " ".join([argv[0], *(f"'{word}'" if " " in word else word for word in argv[1:])])


WORDS = st.text(st.characters(blacklist_characters="'", blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(WORDS, max_size=6))
def test_a_line_of_the_list_is_cut_into_the_words_it_was_made_of(words: list[str]) -> None:
    argv = ["vllm", *words]
    assert split(as_docker_lists(argv)) == tuple(argv)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12), max_size=5))
def test_a_shell_line_with_quotes_of_its_own_is_understood(words: list[str]) -> None:
    script = "cd /x && exec vllm serve M --port 9 --served-model-name " + shlex.join(["m", *words])
    found = recognised(as_docker_lists(["bash", "-c", script]))
    assert found is not None and (found.model, found.port) == ("M", 9)


@given(st.text(max_size=60))
def test_no_command_whatsoever_breaks_recognition(command: str) -> None:
    for words in (command, ["bash", "-c", command], ["bash", "-c", f"vllm serve {command}"]):
        found = recognised(words, VLLM_IMAGE)
        # What is recognised stands word for word as it was given: a recreate starts from it.
        assert found is None or found.original == (split(words) if isinstance(words, str) else tuple(words))
