"""What an image accepts is asked inside it, kept, and told apart from what was only shipped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from profiles.catalogue import MARK, Source
from tests.fakes import FakeEngine
from tui.services.catalogue import Catalogues, judged
from tui.services.engine import ImageInfo

IMAGE = "vllm/vllm-openai:v0.9"
FLAG = {"names": ["--only-here"], "dest": "only_here", "type": "str", "action": "StoreAction", "help": "x"}
ANSWER = json.dumps({"vllm": "0.9.1", "flags": [FLAG], "env": {}})
HELP = "\n".join(f"  --old-{n} VALUE\n                        Help." for n in range(40))


class Asked(FakeEngine):
    """An engine whose containers write at once what `answer` says to their body, and end."""

    def __init__(self, answer: Callable[[Mapping[str, Any]], str]) -> None:
        super().__init__()
        self.answer = answer
        self.bodies: list[Mapping[str, Any]] = []
        self.image_list = [ImageInfo("sha256:" + "ab" * 32, (IMAGE,), 1, 0.0)]

    async def create(self, name: str, body: Mapping[str, Any]) -> str:
        self.bodies.append(body)
        return await super().create(name, body)

    async def start(self, container: str) -> None:
        await super().start(container)
        self.feed(container, self.answer(self.bodies[-1]).encode() + b"\n")
        self.exit(container)


async def test_an_image_is_asked_once_without_network_and_the_container_is_gone(tmp_path: Path) -> None:
    engine = Asked(lambda _body: f"noise\n{MARK}\n{ANSWER}\n{MARK}")
    first = await Catalogues(engine, tmp_path).of_image(IMAGE)
    assert (first.source, first.version, [flag.name for flag in first.flags]) == (Source.IMAGE, "0.9.1", ["only-here"])
    assert engine.names == []
    host = engine.bodies[0]["HostConfig"]
    assert (host["NetworkMode"], host["Memory"] > 0, "DeviceRequests" in host) == ("none", True, False)
    again = await Catalogues(engine, tmp_path).of_image(IMAGE)
    assert again.flags == first.flags
    assert len(engine.bodies) == 1


async def test_two_who_ask_at_once_start_one_container(tmp_path: Path) -> None:
    engine = Asked(lambda _body: f"{MARK}\n{ANSWER}\n{MARK}")
    catalogues = Catalogues(engine, tmp_path)
    await asyncio.gather(catalogues.of_image(IMAGE), catalogues.of_image(IMAGE))
    assert len(engine.bodies) == 1


async def test_an_image_that_needs_a_card_is_asked_with_cards(tmp_path: Path) -> None:
    def answer(body: Mapping[str, Any]) -> str:
        return f"{MARK}\n{ANSWER}\n{MARK}" if "DeviceRequests" in body["HostConfig"] else "no device"

    engine = Asked(answer)
    assert (await Catalogues(engine, tmp_path).of_image(IMAGE)).source is Source.IMAGE
    assert len(engine.bodies) == 2


async def test_the_help_text_is_read_where_the_script_fails(tmp_path: Path) -> None:
    engine = Asked(lambda body: HELP if body["Entrypoint"] == ["vllm"] else "Traceback")
    found = await Catalogues(engine, tmp_path).of_image(IMAGE)
    assert (found.source, len(found.flags)) == (Source.HELP, 40)


async def test_the_shipped_catalogue_is_marked_and_not_kept(tmp_path: Path) -> None:
    engine = Asked(lambda _body: "nothing of use")
    assert (await Catalogues(engine, tmp_path).of_image(IMAGE)).source is Source.BUNDLED
    assert (await Catalogues(engine, tmp_path).of_image("not/there:1")).source is Source.BUNDLED
    assert list(tmp_path.iterdir()) == []
    assert engine.names == []


async def test_a_broken_file_is_asked_for_anew(tmp_path: Path) -> None:
    engine = Asked(lambda _body: f"{MARK}\n{ANSWER}\n{MARK}")
    (tmp_path / f"{'ab' * 16}-0.9.1.json.gz").write_bytes(b"broken")
    assert (await Catalogues(engine, tmp_path).of_image(IMAGE)).version == "0.9.1"


async def test_the_images_own_parser_says_its_sentence() -> None:
    told = json.dumps({"sentence": "unrecognized arguments: --quantize nf4"})
    engine = Asked(lambda _body: f"{MARK}\n{told}\n{MARK}")
    assert await judged(engine, IMAGE, ["X", "--quantize", "nf4"]) == "unrecognized arguments: --quantize nf4"
    assert engine.bodies[0]["Cmd"][-3:] == ["X", "--quantize", "nf4"]


async def test_no_native_vllm_is_the_shipped_catalogue(tmp_path: Path) -> None:
    assert (await Catalogues(None, tmp_path).of_native("no-such-vllm")).source is Source.BUNDLED
