"""Which card counts, which earlier start teaches, and what a running server does not hold against itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from profiles.fit.config import model
from profiles.fit.estimate import estimate
from profiles.fit.flags import settings
from profiles.fit.printed import Printed
from profiles.fit.records import GIB, Card
from profiles.profile import Profile
from tests.fakes import FakeEngine
from tests.profiles.fit import families as known
from tui.services.fit_reckoned import others, reckon, starts, without
from tui.services.fits import Cards, Fits, Ground, key_of
from tui.services.gpu import Gpu, GpuProcess
from tui.services.history import History
from tui.services.history_boots import KeptBoot
from tui.services.host import Host

CONFIG = known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8, **known.UNTIED)
LLAMA = model(CONFIG)
PROFILE = Profile(
    "llama",
    "/models/llama",
    image="vllm/vllm-openai:v0.32.0",
    gpus="device=0",
    flags=(("max-model-len", "8192"), ("gpu-memory-utilization", "0.9")),
)
SERVING = GpuProcess(7, 20 * GIB, "VLLM::EngineCore", "llama")
XORG = GpuProcess(8, GIB, "/usr/lib/xorg/Xorg")
CARD = Gpu(0, "RTX 4090", memory_used=GIB, memory_total=24 * GIB, processes=(XORG,))
FULL = replace(CARD, memory_used=21 * GIB, processes=(XORG, SERVING))
CARDS = Cards((CARD, Gpu(1, "A100", memory_used=0, memory_total=80 * GIB)), ram=Card(64.0, 60.0, "CPU"))
GROUND = Ground("llama", LLAMA)


def kept(profile: Profile, version: str = "0.32.0", less: float = 0.4, at: float = 100.0) -> KeptBoot:
    """Give a start of a profile in which the cache was smaller than reckoned."""
    wanted, card = settings(profile, version), Card(24.0, name="RTX 4090")
    fit = estimate(LLAMA, wanted, card)
    return KeptBoot("llama", wanted, card, Printed(15.1, kv_gib=(fit.kv_gib or 0.0) - less), at)


def test_the_card_that_the_profile_takes_counts() -> None:
    first, second = (reckon(replace(PROFILE, gpus=f"device={n}"), "", GROUND, CARDS) for n in (0, 1))
    assert first is not None and second is not None
    assert (first.fit.total_gib, first.fit.others_gib) == (24, 1)
    assert second.fit.total_gib == 80 and (second.fit.kv_tokens or 0) > (first.fit.kv_tokens or 0)


def test_without_a_gpu_the_ram_counts() -> None:
    found = reckon(replace(PROFILE, gpus="none"), "", GROUND, CARDS)
    assert found is not None and found.fit.total_gib == 64.0 and found.gpus == ()


def test_an_unknown_model_has_no_estimate() -> None:
    assert reckon(PROFILE, "", Ground(missing="it is not here"), CARDS) is None


def test_an_earlier_start_corrects_and_makes_surer() -> None:
    plain = reckon(PROFILE, "", GROUND, CARDS)
    taught = reckon(PROFILE, "", replace(GROUND, boots=(kept(PROFILE),)), CARDS)
    assert plain is not None and taught is not None
    assert taught.same and taught.boot is not None and plain.boot is None
    assert (plain.fit.kv_gib or 0.0) - (taught.fit.kv_gib or 0.0) == pytest.approx(0.4, abs=0.01)
    assert (taught.fit.uncertainty_gib or 0.0) < (plain.fit.uncertainty_gib or 0.0)


def test_a_start_of_just_this_launch_teaches_before_a_newer_one_of_another() -> None:
    other = kept(PROFILE.with_flag("max-num-seqs", "17"), at=900.0)
    found = reckon(PROFILE, "", replace(GROUND, boots=(other, kept(PROFILE))), CARDS)
    assert found is not None and found.boot is not None and found.boot.at == 100.0


@pytest.mark.parametrize("gpus", ["device=1", "none"])
def test_a_start_on_another_card_teaches_nothing(gpus: str) -> None:
    found = reckon(replace(PROFILE, gpus=gpus), "", replace(GROUND, boots=(kept(PROFILE),)), CARDS)
    assert found is not None and found.boot is None


def test_a_start_of_another_version_teaches_nothing() -> None:
    found = reckon(PROFILE, "0.19.0", replace(GROUND, boots=(kept(PROFILE),)), CARDS)
    assert found is not None and found.boot is None


def test_a_running_server_is_no_hindrance_to_itself() -> None:
    cards = replace(CARDS, gpus=(FULL,))
    crowded, alone = reckon(PROFILE, "", GROUND, cards), reckon(PROFILE, "", GROUND, without(cards, "llama"))
    assert crowded is not None and crowded.fit.starts is False
    assert alone is not None and alone.fit.starts is True and alone.fit.others_gib == 1


def test_what_a_driver_does_not_say_is_held_against_nobody() -> None:
    assert without(Cards((replace(FULL, processes=None),)), "llama").gpus[0].memory_used is None


def test_who_holds_most_is_named_first_and_servers_by_their_own_name() -> None:
    assert others((FULL,)) == ("llama", "Xorg")
    assert others((Gpu(0),)) == ()


def test_many_models_are_judged_by_their_sizes() -> None:
    sizes = {"/small": replace(LLAMA, measured_gib=(4.0,)), "/large": replace(LLAMA, measured_gib=(60.0,))}
    assert {path: fit.starts for path, fit in starts(sizes, PROFILE, "", CARDS).items()} == {
        "/small": True,
        "/large": False,
    }


def fits(folder: Path) -> Fits:
    """Give a reader over a host without GPUs."""
    return Fits(
        Host("local", "local", FakeEngine()),
        lambda: None,
        lambda: History(folder / "llmtui.db"),
        {"HF_HOME": str(folder / "hf")},
    )


async def test_a_model_is_read_once_until_its_config_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    monkeypatch.setattr("tui.services.fits.facts", lambda folder: reads.append(folder) or LLAMA)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    reader, profile = fits(tmp_path), replace(PROFILE, model=str(tmp_path))
    first = await reader.ground(profile)
    assert first.model is LLAMA and first.key == str(tmp_path)
    await reader.ground(profile)
    assert len(reads) == 1


async def test_what_is_not_here_is_said_so(tmp_path: Path) -> None:
    reader = fits(tmp_path)
    said = await reader.ground(replace(PROFILE, model="org/absent"))
    assert said.model is None and "org/absent" in said.missing
    assert (await reader.ground(replace(PROFILE, model=""))).missing == "No model is chosen."


async def test_a_hubs_model_in_ones_own_cache_is_known_though_no_cache_is_mounted(tmp_path: Path) -> None:
    snapshot = tmp_path / "hf" / "hub" / "models--org--m" / "snapshots" / "a"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text(json.dumps(CONFIG))
    ground = await fits(tmp_path).ground(replace(PROFILE, model="org/m"))
    assert ground.key == "org/m" and ground.model is not None and len(ground.model.blocks) == 32


def test_a_model_has_one_key_wherever_its_cache_lies() -> None:
    folder = Path("/x/hub/models--org--m/snapshots/a")
    assert key_of(replace(PROFILE, model="org/m"), folder) == "org/m"
    assert key_of(replace(PROFILE, model=str(folder)), folder) == "org/m"
    assert key_of(replace(PROFILE, model="/models/m"), Path("/models/m")) == "/models/m"
