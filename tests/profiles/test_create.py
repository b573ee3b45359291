"""How the model gets into the container."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.create import create_body
from profiles.paths import DESKTOP, WSL_DOCKER, Place
from profiles.profile import Mount, Profile


def made(model: str, **fields: Any) -> tuple[str, list[tuple[str, str, bool]]]:
    """Give how the model is named in the container, and the mounts."""
    place = fields.pop("place", None)
    body = create_body(Profile("q8", model, **fields), {"HOME": "/home/me"}, place)
    mounts = [(m["Source"], m["Target"], m["ReadOnly"]) for m in body["HostConfig"]["Mounts"]]
    return body["Cmd"][0], mounts


def test_a_hub_id_brings_the_cache_volume() -> None:
    assert made("Qwen/Qwen3-8B") == ("Qwen/Qwen3-8B", [("llmtui-hf", "/root/.cache/huggingface", False)])


def test_a_cache_of_the_users_own_takes_the_volumes_place() -> None:
    mount = Mount("/home/me/.cache/huggingface", "/root/.cache/huggingface", read_only=False)
    assert made("Qwen/Qwen3-8B", mounts=(mount,))[1] == [(mount.source, mount.target, False)]


def test_a_folder_is_mounted_read_only_under_its_own_name() -> None:
    assert made("/srv/大 模型/Qwen3 8B/") == (
        "/models/Qwen3 8B",
        [("/srv/大 模型/Qwen3 8B", "/models/Qwen3 8B", True)],
    )


def test_a_folder_inside_a_mount_is_named_there_and_not_mounted_twice() -> None:
    assert made("/srv/m/q8", mounts=(Mount("/srv/m", "/models"),)) == ("/models/q8", [("/srv/m", "/models", True)])


@pytest.mark.parametrize("place", [None, WSL_DOCKER, DESKTOP])
@pytest.mark.parametrize("written", [r"D:\models\q8", "d:/models/q8/", "/mnt/d/models/q8"])
def test_a_windows_folder_is_mounted_by_its_wsl_name(written: str, place: Place | None) -> None:
    assert made(written, place=place) == ("/models/q8", [("/mnt/d/models/q8", "/models/q8", True)])


def test_what_docker_desktop_calls_a_folder_is_understood() -> None:
    assert made("/run/desktop/mnt/host/d/models/q8", place=DESKTOP)[1][0][0] == "/mnt/d/models/q8"


def test_a_tilde_is_the_users_home() -> None:
    assert made("~/m/q8")[1] == [("/home/me/m/q8", "/models/q8", True)]


def test_a_snapshot_of_the_hub_cache_is_mounted_with_the_blobs_it_links_to() -> None:
    model, mounts = made("/home/me/.cache/huggingface/hub/models--Qwen--Qwen3-0.6B/snapshots/abc")
    assert mounts == [("/home/me/.cache/huggingface/hub", "/root/.cache/huggingface/hub", True)]
    assert model == "/root/.cache/huggingface/hub/models--Qwen--Qwen3-0.6B/snapshots/abc"


def test_a_cache_folder_without_a_snapshot_is_served_by_its_hub_id_offline() -> None:
    body = create_body(Profile("q8", "/c/hub/models--Qwen--Qwen3-0.6B"), {})
    assert body["Cmd"] == ["Qwen/Qwen3-0.6B"]
    assert body["Env"] == ["HF_HUB_OFFLINE=1"]
    assert body["HostConfig"]["Mounts"][0]["Source"] == "/c/hub"


def test_a_model_inside_the_image_needs_no_mount() -> None:
    assert made("/models/q8", in_image=True) == ("/models/q8", [])


def test_the_container_is_labelled_and_published_on_this_machine_alone() -> None:
    body = create_body(Profile("q8", "a/b", port=8123).with_flag("port", "9000"), {})
    assert body["Labels"]["llmtui.profile"] == "q8"
    assert body["HostConfig"]["PortBindings"] == {"9000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8123"}]}
    assert body["ExposedPorts"] == {"9000/tcp": {}}
    assert "Entrypoint" not in body
