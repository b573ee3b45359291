"""The launch screen knows its image: its flags, its own parser's word, pasted commands, and mends with a way back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from profiles.catalogue import Catalogue, Source, bundled
from profiles.profile import Profile
from tests.tui.screens.launch_fakes import BASE, LaunchApp
from tests.tui.waiting import until
from tests.world import text_of
from tui.services.catalogue import Catalogues

WIDE = (160, 45)
COMMAND = (
    "docker run --gpus all -p 127.0.0.1:8000:8000 -p 127.0.0.1:9090:9090 \\\n"
    "  vllm/vllm-openai:v0.32.0 \\\n  Qwen/Qwen3-0.6B --device cuda -tp 2\n"
)


class SaidCatalogues(Catalogues):
    """Says what the test wants, when it wants."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(None, None)
        self.go_on = asyncio.Event()
        self.sentence = sentence
        self.words: list[Sequence[str]] = []

    async def of_image(self, reference: str, *, ask: bool = True) -> Catalogue:
        await self.go_on.wait()
        return replace(bundled(), source=Source.IMAGE)

    async def judged(self, image: str, words: Sequence[str]) -> str:
        self.words.append(words)
        await self.go_on.wait()
        return self.sentence


def launch_app(folder: Path, known: Catalogues, *flags: tuple[str, str | None]) -> LaunchApp:
    """A launch screen that begins with these flags."""
    app = LaunchApp(folder, Profile("qwen", BASE.model, image="vllm/vllm-openai:v0.32.0", flags=flags))
    app.catalogues = known
    return app


async def seen(pilot: Pilot[None], *words: str) -> None:
    await until(lambda: all(word in text_of(pilot.app) for word in words))  # type: ignore[arg-type]


async def to_notes(app: LaunchApp, pilot: Pilot[None]) -> None:
    app.launch.query_one("#notes").focus()
    await pilot.pause()


async def test_the_shipped_flags_serve_until_the_image_has_answered(tmp_path: Path) -> None:
    known = SaidCatalogues()
    app = launch_app(tmp_path, known, ("device", "cuda"))
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "(bundled)", "asking vllm/vllm-openai:v0.32.0", "▲ --device removed")
        await pilot.press("ctrl+l")  # only the image's own word stops a launch
        known.go_on.set()
        await until(lambda: app.results)
    app = launch_app(tmp_path, known, ("device", "cuda"))
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "317 flags of this image (vLLM 0.32.0)", "✖ --device removed")
        await pilot.press("ctrl+l")
        await until(lambda: any("cannot be launched yet" in note.title for note in app._notifications))
        assert app.results == []


async def test_the_marked_mend_is_applied_and_taken_back(tmp_path: Path) -> None:
    known = SaidCatalogues()
    known.go_on.set()
    flags = (("task", "embed"), ("dtype", "bf16"))
    app = launch_app(tmp_path, known, *flags)
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "flags of this image", "Notes  2 ✖")
        await to_notes(app, pilot)
        await pilot.press("down", "enter")
        await until(lambda: app.launch.profile.flags == (("task", "embed"), ("dtype", "bfloat16")))
        await pilot.press("ctrl+z")
        await until(lambda: app.launch.profile.flags == flags)
        await pilot.press("X")
        await until(lambda: dict(app.launch.profile.flags) == {"runner": "pooling", "dtype": "bfloat16"})
        await seen(pilot, "ctrl+z takes it back")
        await pilot.press("ctrl+z")
        await until(lambda: app.launch.profile.flags == flags)


async def test_the_images_own_parser_is_asked_and_escape_stops_it(tmp_path: Path) -> None:
    known = SaidCatalogues("argument --seed: invalid int value: 'x'")
    app = launch_app(tmp_path, known, ("seed", "x"))
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "Notes")
        await pilot.press("ctrl+g")
        await seen(pilot, "judges this command")
        await pilot.press("escape")
        await until(lambda: "judges this command" not in text_of(app))  # type: ignore[arg-type]
        assert app.results == []
        known.go_on.set()
        await pilot.press("ctrl+g")
        await seen(pilot, "own parser: argument --seed")
        assert list(known.words[-1]) == ["Qwen/Qwen3-0.6B", "--seed", "x"]


async def test_a_pasted_command_stands_in_the_form_with_its_notes(tmp_path: Path) -> None:
    known = SaidCatalogues()
    known.go_on.set()
    app = launch_app(tmp_path, known)
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "flags of this image")
        await pilot.press("ctrl+n")
        await seen(pilot, "Paste a docker run")
        await pilot.press(*COMMAND.split("\n", maxsplit=1)[0].replace(" \\", "")[:10])
        app.screen.query_one("PasteEditor").load_text(COMMAND)  # type: ignore[attr-defined]
        await seen(pilot, "--device removed", "--tensor-parallel-size 2", "--publish=127.0.0.1:9090:9090")
        await pilot.press("ctrl+l")
        await seen(pilot, "from a pasted command", "Notes from the paste", "--device removed")
        profile = app.launch.profile
        assert (profile.model, profile.port, profile.flag("tensor-parallel-size")) == ("Qwen/Qwen3-0.6B", 8000, "2")
        await pilot.press("escape")
        await until(lambda: app.results == [None])
        assert app.drafts[""].options == ("--publish=127.0.0.1:9090:9090",)


async def test_a_flag_is_found_by_its_short_form_with_its_own_help(tmp_path: Path) -> None:
    known = SaidCatalogues()
    known.go_on.set()
    app = launch_app(tmp_path, known)
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "flags of this image")
        await pilot.press("ctrl+f")
        await seen(pilot, "Find a field or a flag")
        await pilot.press(*"-asc")
        await seen(pilot, "api-server-count", "How many API server processes")
        await pilot.press("enter")
        await until(lambda: app.launch._body.form.current == "flag:api-server-count")
        await pilot.press("2")
        await until(lambda: app.launch.profile.flag("api-server-count") == "2")
        await pilot.press("ctrl+f", *"swap-space")
        await seen(pilot, "has no --swap-space")
        await pilot.press("enter")
        assert app.launch.profile.flag("swap-space") is None
