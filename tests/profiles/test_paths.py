"""One folder by its four names."""

from __future__ import annotations

import pytest
from hypothesis import given

from profiles.paths import (
    DESKTOP,
    LINUX,
    WSL_DOCKER,
    Place,
    base,
    hub_folder,
    in_container,
    is_folder,
    is_hub_id,
    is_slow,
    on_host,
    to_local,
)
from profiles.profile import Mount
from tests.profiles.strategies import FOLDER


@given(FOLDER)
def test_a_folder_on_a_drive_goes_round_all_its_names(rest: str) -> None:
    wsl = f"/mnt/d/{rest}"
    windows = "D:\\" + rest.replace("/", "\\")
    assert to_local(windows) == wsl
    assert to_local(windows.replace("\\", "/")) == wsl
    assert to_local(f"/run/desktop/mnt/host/d/{rest}", DESKTOP) == wsl


@given(FOLDER)
def test_a_linux_folder_is_itself_everywhere(rest: str) -> None:
    for place in (LINUX, WSL_DOCKER, DESKTOP):
        assert to_local(f"/srv/{rest}", place) == f"/srv/{rest}"


@given(FOLDER, FOLDER)
def test_into_the_container_and_out_again(folder: str, rest: str) -> None:
    mounts = (Mount("/srv", "/all"), Mount(f"/srv/{folder}", "/models"))
    inside = in_container(f"/srv/{folder}/{rest}", mounts)
    assert inside == f"/models/{rest}"
    assert on_host(inside, mounts) == f"/srv/{folder}/{rest}"


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("C:\\", "/mnt/c"),
        ("e:", "/mnt/e"),
        (r"\\?\D:\x", "/mnt/d/x"),
        (r"\\wsl$\Ubuntu\home\me\m", "/home/me/m"),
        (r"\\wsl.localhost\Ubuntu-22.04\home\me", "/home/me"),
        ("/run/desktop/mnt/host/d/模型/x y", "/mnt/d/模型/x y"),
        ("/run/desktop/mnt/host/wsl/docker-desktop-bind-mounts/Ubuntu/" + "a" * 64, "/"),
        ("/host_mnt/c/x", "/mnt/c/x"),
        ("/mnt/d//x/../y/", "/mnt/d/y"),
    ],
)
def test_what_windows_and_docker_desktop_write_is_understood(written: str, local: str) -> None:
    assert to_local(written, DESKTOP) == local


def test_a_linux_machine_may_have_a_folder_that_looks_like_docker_desktops() -> None:
    assert to_local("/host_mnt/c/x", LINUX) == "/host_mnt/c/x"


def test_home_and_relative_folders_are_completed_only_when_one_knows_from_where() -> None:
    place = Place(home="/home/me", here="/work")
    assert to_local("~/m", place) == "/home/me/m"
    assert to_local("./m", place) == "/work/m"
    assert to_local("../m", place) == "/m"
    assert to_local("./m") == "./m"


@pytest.mark.parametrize("text", ["Qwen/Qwen3-0.6B", "BAAI/bge-m3", "a/b", "0x/y_z.w"])
def test_a_hub_id_is_known(text: str) -> None:
    assert is_hub_id(text) and not is_folder(text)


@pytest.mark.parametrize("text", ["/a/b", "./a/b", "~/a", "../x", "D:/a", r"D:\a", r"\\wsl$\U\x", ".", "/"])
def test_a_folder_is_known(text: str) -> None:
    assert is_folder(text) and not is_hub_id(text)


@pytest.mark.parametrize("text", ["a", "a/b/c", "模型/x", "a b/c", "-a/b", "a/b.", "a--b/c", "a..b/c", ""])
def test_what_is_no_hub_id(text: str) -> None:
    assert not is_hub_id(text)


def test_a_folder_of_the_hub_cache_is_taken_apart() -> None:
    assert hub_folder("/c/hub/models--Qwen--Qwen3-8B/snapshots/ab") == ("/c/hub", "Qwen/Qwen3-8B", "snapshots/ab")
    assert hub_folder(r"D:\hub\models--a--b--c") == ("/mnt/d/hub", "a/b--c", None)
    assert hub_folder("/srv/Qwen3") is None


def test_windows_drives_are_slow_and_the_distributions_own_disk_is_not() -> None:
    assert is_slow(r"D:\m") and is_slow("/mnt/d/m")
    assert not is_slow("/home/me/m") and not is_slow("/mnt/data/m")


def test_a_folder_has_a_name_of_its_own() -> None:
    assert [base(text) for text in (r"D:\m\大 模型\\", "/srv/x/", "~/q", "D:/")] == ["大 模型", "x", "q", "d"]
