"""A launch screen over services in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import App

from profiles.profile import Profile
from profiles.store import ProfileStore
from tests.fakes import FakeEngine
from tui.messages import CopyAsked, ServiceFailed
from tui.screens.launch import LaunchScreen
from tui.screens.launch_form import found_in
from tui.services.catalogue import Catalogues
from tui.services.engine import ImageInfo
from tui.services.fits import Fits
from tui.services.host import Host
from tui.services.journal import Journal
from tui.services.launch import Launcher
from tui.services.models_on_disk import LocalModel
from tui.services.preflight_check import Check

MODELS = (
    LocalModel(Path("/models/Qwen3-8B"), "Qwen3-8B", "Qwen3ForCausalLM", 16 << 30, "bfloat16"),
    LocalModel(Path("/c/x"), "Qwen/Qwen3-0.6B", "Qwen3ForCausalLM", 1 << 30, "bfloat16", hub_id="Qwen/Qwen3-0.6B"),
    LocalModel(Path("/models/torn"), "torn", problem="model-00002.safetensors is missing"),
)

BASE = Profile(
    "qwen", "Qwen/Qwen3-0.6B", flags=(("max-model-len", "4096"), ("enforce-eager", None), ("seed", "7")), port=8123
)


class SaidLauncher(Launcher):
    """Answers a preflight with what the test says."""

    checks: tuple[Check, ...] = (Check("engine", True, "Docker answers."), Check("port", True, "Port is free."))
    looks = 0

    async def preflight(self, profile: Profile) -> list[Check]:
        self.looks += 1
        return list(self.checks)


class LaunchApp(App[None]):
    """Opens the launch screen and keeps what came of it."""

    def __init__(self, folder: Path, base: Profile | None = BASE) -> None:
        super().__init__()
        engine = FakeEngine()
        engine.image_list = [ImageInfo("sha256:1", ("vllm/vllm-openai:v0.32.0",), 9 << 30, 0.0)]
        self.launcher = SaidLauncher(Host("this machine", "local", engine), Journal(folder / "journal"), {})
        self.store = ProfileStore(folder / "profiles")
        self.base = base
        self.catalogues: Catalogues | None = None
        self.fits: Fits | None = None
        self.drafts: dict[str, Profile] = {}
        self.results: list[Profile | None] = []
        self.copied: list[str] = []
        self.failed: list[ServiceFailed] = []

    def on_mount(self) -> None:
        self.open()

    def open(self) -> None:
        screen = LaunchScreen(
            self.launcher,
            self.store,
            found_in(self.store),
            self.find_models,
            self.base,
            drafts=self.drafts,
            catalogues=self.catalogues,
            fits=self.fits,
        )
        self.push_screen(screen, self.results.append)

    async def find_models(self) -> Sequence[LocalModel]:
        return MODELS

    @property
    def launch(self) -> LaunchScreen:
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, LaunchScreen))

    def on_copy_asked(self, event: CopyAsked) -> None:
        self.copied.append(event.text)

    def on_service_failed(self, event: ServiceFailed) -> None:
        self.failed.append(event)
