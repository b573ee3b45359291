"""Pasted launches, as people copy them out of documents, terminals and chats."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from profiles.paste import read, to_profile

IMAGE = "vllm/vllm-openai:latest"
TOKEN = "hf_" + "x" * 20


def said(text: str) -> dict[str, Any]:
    """Read a text as `llmtui import --json` gives it, without what is empty."""
    return {key: value for key, value in read(text).as_json().items() if value not in (None, [], {})}


def kinds(text: str) -> set[tuple[str | None, str]]:
    """Give the notes' flags and kinds."""
    return {(note.flag, str(note.kind)) for note in read(text).notes}


BASH = f"""
$ export HF_TOKEN={TOKEN}   # mine
$ MODEL=Qwen/Qwen3-8B
$ sudo docker -H tcp://1.2.3.4:2375 run -itd --name=q1 --gpus '"device=0,1"' \\
>   -p8000:8000 -e HF_TOKEN -e "A=b c" -v ~/m:/models:ro \\
    # a comment in between

    --ulimit memlock=-1 --shm-size=16g \\
    {IMAGE} "$MODEL" -tp 2 --port ${{PORT:-8000}}
"""
POWERSHELL = f"""PS D:\\work> $env:MODEL = "Qwen/Qwen3-8B"
PS D:\\work> docker run -d `
>>   --gpus '"device=0,1"' --name q1 `
>>   -p 8000:8000 -e HF_TOKEN -e 'A=b c' `
>>   -v D:\\m\\:/models:ro --ulimit memlock=-1 --shm-size 16g `
>>   {IMAGE} $env:MODEL --tensor_parallel_size=2 --port 8000 `
"""
CMD = f"""D:\\work>set "MODEL=Qwen/Qwen3-8B"
D:\\work>docker run -d ^
  --gpus "\\"device=0,1\\"" --name q1 ^
  -p 8000:8000 -e HF_TOKEN -e "A=b c" ^
  -v "D:\\m\\":/models:ro --ulimit memlock=-1 --shm-size 16g ^
  {IMAGE} %MODEL% --tensor-par 2 --port 8000
"""
COMPOSE = f"""x-common: &common
  ipc: private
services:
  db:
    image: postgres
  llm:
    <<: *common
    image: ${{VLLM_IMAGE:-{IMAGE}}}
    container_name: q1
    command: >
      Qwen/Qwen3-8B
      --tensor-parallel-size 2
      --port 8000
    ports: [{{target: 8000, published: 8000}}]
    environment: {{HF_TOKEN: , A: b c}}
    volumes: [{{type: bind, source: 'D:\\m', target: /models, read_only: true}}]
    ulimits: {{memlock: -1}}
    shm_size: 16g
    deploy: {{resources: {{reservations: {{devices: [{{driver: nvidia, device_ids: ['0', '1'], capabilities: [gpu]}}]}}}}}}
"""


@pytest.mark.parametrize("text", [BASH, POWERSHELL, CMD, COMPOSE], ids=["bash", "powershell", "cmd", "compose"])
def test_one_launch_in_four_forms_is_one_launch(text: str) -> None:
    found = said(text)
    assert found["run_as"] == "docker"
    assert (found["image"], found["name"], found["gpus"]) == (IMAGE, "q1", "device=0,1")
    assert found["model"] == "Qwen/Qwen3-8B"
    assert found["ports"] == [{"ip": "", "host": 8000, "container": 8000}]
    source = "~/m" if text is BASH else "/mnt/d/m"
    assert found["mounts"] == [{"source": source, "target": "/models", "read_only": True}]
    assert found["env"] == {"HF_TOKEN": None, "A": "b c"}
    assert found["args"] == {"tensor-parallel-size": "2", "port": "8000"}
    assert found["shm_size"] == "16g"
    assert any("memlock=-1" in option for option in found["extra"])
    profile, _notes = to_profile(read(text))
    assert (profile.name, profile.model, profile.gpus) == ("q1", "Qwen/Qwen3-8B", "device=0,1")
    assert (profile.bind, profile.port) == ("0.0.0.0", 8000)
    assert (profile.env, profile.env_names) == ((("A", "b c"),), ("HF_TOKEN",))
    assert profile.ulimits == ("memlock=-1",)
    assert profile.problems() == ()


NATIVE = "CUDA_VISIBLE_DEVICES=0 nohup vllm serve X/Y --served-model-name a b --port 9 > log 2>&1 &"


@pytest.mark.parametrize(
    "text",
    [
        NATIVE,
        "export CUDA_VISIBLE_DEVICES=0\nuv run python -m vllm.entrypoints.openai.api_server --model X/Y"
        " --served-model-name a b --port=9",
        "(venv) user@host:~$ CUDA_VISIBLE_DEVICES=0 bash -c 'exec vllm serve X/Y --served-model-name a b --port 9'",
        "[Service]\nEnvironment=CUDA_VISIBLE_DEVICES=0\nExecStart=/usr/bin/vllm serve X/Y \\\n --served-model-name a b --port 9",
    ],
)
def test_a_native_server_is_found_behind_what_stands_in_front(text: str) -> None:
    found = said(text)
    assert (found["run_as"], found["model"]) == ("native", "X/Y")
    assert found["args"] == {"served-model-name": ["a", "b"], "port": "9"}
    assert found["env"] == {"CUDA_VISIBLE_DEVICES": "0"}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", (None, "empty")),
        (" \ufeff\n", (None, "empty")),
        ("nvidia-smi", (None, "not-vllm")),
        ("docker run -p 80:80 nginx", ("image", "not-vllm")),
        ("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: vllm/vllm-openai\n", (None, "not-vllm")),
        ("docker run —gpus all vllm/vllm-openai —model “X/Y”", (None, "typographic")),
        ('docker run --gpus all vllm/vllm-openai --model "X/Y', (None, "unclosed-quote")),
        ("docker pull vllm/vllm-openai && docker run vllm/vllm-openai X/Y", (None, "more-than-one-command")),
        ("docker run -p 8000:8000 vllm/vllm-openai X/Y", ("publish", "open-to-lan")),
        (f"docker run -e HF_TOKEN={TOKEN} vllm/vllm-openai X/Y", ("HF_TOKEN", "secret-on-command-line")),
        ("docker run vllm/vllm-openai X/Y --trust-remote-code", ("trust-remote-code", "risky")),
        ("docker run --privileged vllm/vllm-openai X/Y", ("privileged", "risky")),
        ("docker run --entrypoint sh vllm/vllm-openai -c 'vllm serve X/Y'", ("entrypoint", "shell")),
        ("docker run -e VLLM_USE_V1=1 vllm/vllm-openai X/Y", ("VLLM_USE_V1", "never-read")),
        ("vllm serve X/Y --max-num 3", ("max-num", "ambiguous")),
        ("vllm serve X/Y --no-such-flag z", ("no-such-flag", "unknown")),
        ("vllm serve X/Y --dtype", ("dtype", "invalid-value")),
        ("vllm serve D:\\models\\x", ("model", "windows-path")),
        ("docker run -v $HOME/m:/m vllm/vllm-openai X/Y", ("HOME", "variable")),
        ("docker run --model X/Y vllm/vllm-openai", ("model", "misplaced")),
    ],
)
def test_what_deserves_a_word_is_noted(text: str, note: tuple[str | None, str]) -> None:
    assert note in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y",
        "```sh\ndocker run --gpus all \\\n  -p 80:8000 vllm/vllm-openai X/Y\n```\nand that's it",
        "I'm running:\n\n    docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y\n\nIt doesn't work.",
        "1  docker run --gpus all \\\n2    -p 80:8000 \\\n3    vllm/vllm-openai X/Y",
        "docker run --gpus all\n  -p 80:8000\n  vllm/vllm-openai\n  X/Y",
        "> docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y",
        "# docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y",
        "ssh gpu 'docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y'",
        "wsl -d Ubuntu docker run --gpus all -p 80:8000 vllm/vllm-openai X/Y",
        "docker run\u00a0--gpus all -p\u200b 80:8000 vllm/vllm-openai X/Y\r\n",
        "docker run –gpus all –p 80:8000 vllm/vllm-openai X/Y",
        "docker run --gpus all -p 80:8000 vllm/vllm-openai vllm serve X/Y",
        "cat > run.sh <<'EOF'\ndocker run --gpus all -p 80:8000 vllm/vllm-openai X/Y\nEOF\nbash run.sh",
        "docker run -p 80:8000 --gpus all vllm/vllm-openai \\\n  X/Y \\\n",
    ],
)
def test_what_stands_around_a_command_is_taken_away(text: str) -> None:
    found = said(text)
    assert (found["image"], found["gpus"], found["model"]) == ("vllm/vllm-openai", "all", "X/Y")
    assert found["ports"] == [{"ip": "", "host": 80, "container": 8000}]
    assert "args" not in found


def test_no_secret_reaches_a_note_or_the_profile() -> None:
    pasted = read(f"docker run -e HF_TOKEN={TOKEN} -e X={TOKEN} vllm/vllm-openai X/Y --api-key sk-12345678901234")
    profile, notes = to_profile(pasted)
    assert TOKEN not in repr(profile) and "sk-1" not in repr(profile)
    assert not any(TOKEN in note.text or "sk-1" in note.text for note in notes)
    assert profile.env_names == ("HF_TOKEN", "X", "VLLM_API_KEY")


def test_a_command_in_a_text_stays_a_text(tmp_path: Any) -> None:
    made = tmp_path / "made"
    found = said(f'docker run -v "$(touch {made}; pwd)":/m vllm/vllm-openai "`touch {made}`"')
    assert not made.exists()
    assert found["model"] == f"`touch {made}`"


PIECES = ["docker run ", "vllm serve ", "services:\n", " image: vllm\n", "--model", "-v", "-p", "--gpus ", "'", '"', "\\", "\n",
          "`", "^", "$", "${", "$(", "%", "<<EOF\n", "{", "}", "[", "&a ", "*a", ":", "=", "export A=", "set A=", "$env:A=", "@'",
          "—", "“", "C:\\", "\0", "sh -c ", "ExecStart=", "#", ";", "&&", "-tp", "X/Y ", "大"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join))
@example("<en\"v services:.-Se-env -Sunts'udonv |")
def test_no_text_whatever_raises(text: str) -> None:
    pasted = read(text)
    assert json.loads(json.dumps(pasted.as_json())) == pasted.as_json()
    to_profile(pasted)[0].problems()
    assert pasted.run_as is not None or pasted.notes


@pytest.mark.parametrize(
    "text",
    ["\n" * 10**6, "docker run '\n" * 80_000, "export A=$A$A\n" * 70_000, "docker run -p " + "a." * 500_000,
     "vllm serve --" + "a." * 500_000, "services:\n" + "  <<: *a\n" * 100_000, "vllm serve " + "--abc x " * 120_000],
    ids=["lines", "quotes", "growth", "port", "dots", "merge", "flags"],
)  # fmt: skip
def test_a_megabyte_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("number", ["¹", "1" * 5000, "٣"])
def test_strange_numbers_raise_nothing(number: str) -> None:
    pasted = read(
        f"docker run -p {number}:{number} vllm/vllm-openai X/Y --port {number} --max-num-seqs {number} ${number}"
    )
    to_profile(pasted)[0].problems()
