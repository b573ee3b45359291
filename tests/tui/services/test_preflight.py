"""Looking before a launch: every sentence, against a fake engine, real sockets and real files."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from profiles.paths import Kind, Place
from profiles.profile import Mount, Profile
from tests.fakes import FakeEngine
from tui.services import preflight as preflight_module
from tui.services.engine import Container, EngineInfo, ImageInfo, Port
from tui.services.host import Host
from tui.services.native_proc import Proc
from tui.services.preflight import Check, preflight
from tui.services.preflight_model import check_drive, check_model
from tui.services.preflight_place import place_of
from tui.services.preflight_ports import holder, next_free

HERE = Place(Kind.LINUX)
PROFILE = Profile("qwen3", "Qwen/Qwen3-0.6B", gpus="none", port=0)


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that this very process holds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def looked(profile: Profile, engine: FakeEngine | None = None, seconds: float = 5.0) -> dict[str, Check]:
    """All checks by name."""
    host = Host("local", "local", engine or FakeEngine())
    return {check.name: check for check in await preflight(host, profile, {"HOME": "/nowhere"}, seconds)}


def model_folder(folder: Path) -> Path:
    """The smallest folder that looks like a model."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["Qwen3ForCausalLM"]}))
    (folder / "tokenizer.json").write_text("{}")
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"abcd")
    return folder


async def test_all_is_well(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(ImageInfo("sha256:1", (PROFILE.image,), 9_000_000_000, 0.0))
    checks = await looked(Profile("qwen3", str(model_folder(tmp_path / "m")), gpus="none", port=1), engine)
    assert {name: check.ok for name, check in checks.items()} | {"port": True} == dict.fromkeys(
        ("engine", "image", "name", "port", "model", "gpu", "shm"), True
    )
    assert checks["image"].text == "vllm/vllm-openai:latest is here (9.0 GB)."
    assert checks["model"].text == "m: Qwen3ForCausalLM, 0.00 GB"


async def test_a_dead_engine_stops_the_launch_and_the_files_are_looked_at_all_the_same() -> None:
    engine = FakeEngine()
    engine.dead = True
    checks = await looked(PROFILE, engine)
    assert checks["engine"].ok is False
    assert checks["engine"].text == "Docker does not answer."
    assert "model" in checks
    assert "image" not in checks


async def test_an_engine_that_hangs_is_given_up_in_time() -> None:
    engine = FakeEngine(patience=60)
    engine.hanging = True
    began = time.monotonic()
    checks = await looked(PROFILE, engine, 0.3)
    assert checks["engine"].ok is False
    assert time.monotonic() - began < 3


async def test_looks_are_taken_side_by_side_and_each_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight_module, "check_model", lambda *arguments: time.sleep(3))
    began = time.monotonic()
    checks = await looked(PROFILE, seconds=0.3)
    assert time.monotonic() - began < 2
    assert checks["model"].ok is None
    assert checks["name"].ok is True


async def test_an_image_that_is_not_here_will_be_pulled() -> None:
    check = (await looked(PROFILE))["image"]
    assert (check.ok, check.text) == (None, "vllm/vllm-openai:latest is not on the disk; it will be pulled.")


async def test_a_taken_name_is_told_with_a_free_one() -> None:
    engine = FakeEngine()
    engine.add("qwen3", state="exited")
    engine.add("qwen3-2")
    check = (await looked(PROFILE, engine))["name"]
    assert check.ok is False
    assert check.offer == "qwen3-3"
    assert "qwen3-3" in check.mend and "(stopped, " in check.text


async def test_a_port_held_by_a_container_names_it_and_offers_the_next() -> None:
    engine = FakeEngine()
    engine.add("other", port=8700)
    engine.add("more", port=8701)
    check = (await looked(Profile("qwen3", "a/b", gpus="none", port=8700), engine))["port"]
    assert check.ok is False
    assert check.text == "Port 8700 is held by container other."
    assert int(check.offer) > 8701


def test_a_port_held_by_a_process_names_it(busy: int) -> None:
    text = holder(busy, "127.0.0.1", [], local=True)
    assert text is not None
    assert text.startswith("process ")
    assert holder(busy, "0.0.0.0", [], local=True) == text


def test_a_process_we_may_not_look_into_is_another_process(busy: int, tmp_path: Path) -> None:
    assert holder(busy, "127.0.0.1", [], local=True, proc=Proc(tmp_path)) == "another process"


def test_the_same_port_on_two_addresses_does_not_clash() -> None:
    row = Container("i", "other", "", "", "", "running", "", 0.0, ports=(Port(8000, 8700, "10.0.0.5"),))
    assert holder(8700, "127.0.0.1", [row], local=False) is None
    assert holder(8700, "0.0.0.0", [row], local=False) == "container other"
    assert next_free(8699, "127.0.0.1", [row], local=False) == 8701


@pytest.mark.parametrize(
    ("runtimes", "product", "gpus", "ok"),
    [
        (("runc", "nvidia"), "Docker Engine", "all", True),
        (("runc",), "Docker Engine", "none", True),
        (("runc",), "Docker Engine", "all", None),
        (("runc",), "Docker Desktop", "device=0", None),
    ],
)
async def test_the_gpu_runtime(runtimes: tuple[str, ...], product: str, gpus: str, ok: bool | None) -> None:
    engine = FakeEngine()
    engine.engine_info = EngineInfo("27", "1.46", product, "unix:///s", "default", runtimes)
    check = (await looked(Profile("qwen3", "a/b", gpus=gpus, port=0), engine))["gpu"]
    assert check.ok is ok


@pytest.mark.parametrize(
    ("ipc", "shm", "ok"), [("host", "", True), ("", "", False), ("", "100m", False), ("", "1g", True)]
)
async def test_shared_memory(ipc: str, shm: str, ok: bool) -> None:
    checks = await looked(Profile("qwen3", "a/b", gpus="none", port=0, ipc=ipc, shm_size=shm))
    assert checks["shm"].ok is ok


def checked(model: str, environ: dict[str, str] | None = None, **fields: object) -> Check:
    """Look at a model alone."""
    return check_model(Profile("qwen3", model, **fields), environ or {}, HERE, local=True)  # type: ignore[arg-type]


def test_a_hub_id_will_be_downloaded_and_the_token_is_named_not_said(tmp_path: Path) -> None:
    environ = {"HF_HOME": str(tmp_path), "HF_TOKEN": "hf_secret"}
    plain = checked("Qwen/Qwen3-0.6B", environ)
    assert (plain.ok, plain.text) == (None, "Qwen/Qwen3-0.6B is downloaded by the server itself.")
    assert "HF_TOKEN" in plain.mend
    named = checked("Qwen/Qwen3-0.6B", environ, env_names=("HF_TOKEN",))
    assert named.text.endswith("with the token in HF_TOKEN.")
    assert "hf_secret" not in named.text + named.mend


def test_a_hub_id_in_the_cache_is_found(tmp_path: Path) -> None:
    model_folder(tmp_path / "hub" / "models--Qwen--Qwen3-0.6B" / "snapshots" / "abc")
    unmounted = checked("Qwen/Qwen3-0.6B", {"HF_HOME": str(tmp_path)})
    assert unmounted.ok is None
    assert str(tmp_path / "hub" / "models--Qwen--Qwen3-0.6B") in unmounted.mend
    mounted = checked("Qwen/Qwen3-0.6B", mounts=(Mount(str(tmp_path), "/root/.cache/huggingface", False),))
    assert mounted.ok is True
    folder = checked(str(tmp_path / "hub" / "models--Qwen--Qwen3-0.6B"))
    assert (folder.ok, folder.text[:15]) == (True, "Qwen/Qwen3-0.6B")


@pytest.mark.parametrize("model", ["", "qwen3", "/no/such/folder", "D:\\models\\x"])
def test_what_is_no_model_stops_the_launch(model: str) -> None:
    assert checked(model).ok is False


def test_a_model_in_the_image_or_on_another_machine_cannot_be_looked_at() -> None:
    assert checked("/opt/model", in_image=True).ok is None
    assert check_model(Profile("q", "/models/x"), {}, HERE, local=False).ok is None


def test_a_windows_drive_is_slow_in_wsl_only() -> None:
    windows = Profile("q", "D:\\models\\x")
    wsl = check_drive(windows, Place(Kind.WSL))
    assert wsl is not None
    assert wsl.ok is None
    assert check_drive(Profile("q", "/mnt/d/models/x"), Place(Kind.DESKTOP)) is not None
    assert check_drive(Profile("q", "/mnt/d/models/x"), HERE) is None
    assert check_drive(Profile("q", "/home/me/x"), Place(Kind.WSL)) is None


def test_where_we_live_is_read_from_the_kernel_and_the_engine(tmp_path: Path) -> None:
    kernel = tmp_path / "version"
    kernel.write_text("Linux version 5.15.90.1-microsoft-standard-WSL2")
    host = Host("local", "local", FakeEngine())
    desktop = EngineInfo("27", "1.46", "Docker Desktop", "unix:///s", "default")
    native = EngineInfo("27", "1.46", "Docker Engine", "unix:///s", "default")
    assert place_of(host, desktop, {"HOME": "/home/me"}, kernel) == Place(Kind.DESKTOP, "/home/me")
    assert place_of(host, native, {}, kernel).kind is Kind.WSL
    assert place_of(host, native, {}, tmp_path / "none").kind is Kind.LINUX


async def test_cancelling_a_look_does_not_break_its_thread() -> None:
    task = asyncio.ensure_future(preflight_module.in_thread(lambda: time.sleep(0.1)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.2)
