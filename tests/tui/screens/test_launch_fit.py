"""Whether it fits, on the launch screen: it follows one's typing, and one key puts in what would fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from profiles.fit.records import GIB
from profiles.profile import Profile
from tests.fakes import FakeEngine
from tests.profiles.fit import families as known
from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown, until
from tui.screens.launch_fit import FitPanel
from tui.services.fits import Cards, Fits
from tui.services.gpu import Gpu, GpuProcess
from tui.services.history import History
from tui.services.host import Host
from tui.services.models_on_disk import LocalModel
from widgets.form import Form

CONFIG = known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8, max_position_embeddings=131072)
CONFIG["torch_dtype"] = "bfloat16"
CARD = Gpu(0, "RTX 4090", memory_used=GIB, memory_total=24 * GIB, processes=(GpuProcess(8, GIB, "/usr/lib/xorg/Xorg"),))


class SaidFits(Fits):
    """Reads models as they are; the cards are those of the test."""

    seen = Cards((CARD,))

    async def cards(self) -> Cards:
        return self.seen


class FitApp(LaunchApp):
    """The launch screen over one card and one model."""

    def __init__(self, folder: Path) -> None:
        model = folder / "llama"
        model.mkdir()
        (model / "config.json").write_text(json.dumps(CONFIG))
        options = tuple({"max-model-len": "8192", "gpu-memory-utilization": "0.9"}.items())
        profile = Profile("llama", str(model), image="vllm/vllm-openai:v0.32.0", gpus="device=0", flags=options)
        super().__init__(folder, profile)
        history = History(folder / "llmtui.db")
        self.fits = SaidFits(Host("local", "local", FakeEngine()), lambda: None, lambda: history, {})
        self.models = [
            LocalModel(model, "llama", "LlamaForCausalLM", 15 * GIB, "bfloat16"),
            LocalModel(folder / "large", "large", "LlamaForCausalLM", 90 * GIB, "bfloat16"),
        ]
        (folder / "large").mkdir()
        (folder / "large" / "config.json").write_text(json.dumps(CONFIG))

    async def find_models(self) -> Sequence[LocalModel]:
        return self.models

    def says(self, *words: str) -> Callable[[], bool]:
        return lambda: all(word in shown(self) for word in words)


async def field(app: FitApp, pilot: Pilot[None], name: str) -> None:
    """Go to a field of the form."""
    app.launch.query_one(Form).go(name)
    await until(lambda: app.launch.query_one(Form).current == name)


async def test_the_bar_the_parts_and_the_verdict_stand_beside_the_form(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(160, 45)):
        await until(app.says("Will it fit? ✔", "GPU 0 · 24.0 GiB", "✔ fits", "one request of 8,192 tokens"))
        text = shown(app)
        assert "B × bfloat16" in text
        assert "held now: Xorg" in text
        assert "128 KiB a token" in text
        assert "21.6 of 24.0 GiB" in text and "fp8 would give" in text


async def test_it_moves_while_one_types_and_ctrl_t_puts_in_the_longest_that_fits(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(app.says("✔ fits"))
        await field(app, pilot, "--max-model-len")
        await pilot.press("end", "9")
        await until(app.says("✖ does not fit", "One request of 81,929 tokens needs", "would fit; ctrl+t"))
        await pilot.press("ctrl+t")
        await until(app.says("▲ fits, if only just", "fits; up to"))
        assert 30_000 < int(app.launch.profile.flag("max-model-len") or 0) < 60_000


async def test_in_the_panel_one_key_sets_the_context_and_one_the_utilization(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(app.says("✔ fits", "l sets it", "u sets it"))
        app.launch.query_one(FitPanel).focus()
        await pilot.press("u")
        await until(lambda: app.launch.profile.flag("gpu-memory-utilization") != "0.9")
        assert 0.6 < float(app.launch.profile.flag("gpu-memory-utilization") or 0) < 0.85
        await pilot.press("l")
        await until(lambda: app.launch.profile.flag("max-model-len") != "8192")


async def test_what_others_hold_is_followed_and_then_no_other_length_is_offered(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(160, 45)):
        await until(app.says("✔ fits"))
        assert isinstance(app.fits, SaidFits)
        app.fits.seen = Cards((replace(CARD, memory_used=20 * GIB),))
        await until(app.says("✖ does not fit", "only 4.0 GiB are free"))
        assert "l sets it" not in shown(app) and "would fit; ctrl+t" not in shown(app)
        app.fits.seen = Cards(trouble="No GPU is seen here")
        await until(app.says("? not known  No GPU is seen here. gpus none"))


async def test_in_a_narrow_terminal_it_is_the_first_of_three_tabs(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(app.says("✔ fits", "│ Command", "│ Notes"))
        await pilot.press("right_square_bracket")
        await until(app.says("docker run"))
        assert "✔ fits" not in shown(app)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until(app.says("✔ fits"))


async def test_the_models_are_offered_with_whether_they_fit(tmp_path: Path) -> None:
    app = FitApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(app.says("✔ fits"))
        await field(app, pilot, "model")
        await until(lambda: len(app.launch._state.found.fits) == 2)
        await pilot.press("enter")
        await until(app.says("16.1 GB · bfloat16 · ✔ fits", "96.6 GB · bfloat16 · ✖ does not fit"))
