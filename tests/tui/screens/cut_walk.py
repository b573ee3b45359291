"""Goes through the console at 80x24 in one language and says of each place whether something is cut; run by `test_nothing_cut`."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tui.language import set_language

set_language("zh" if sys.argv[2:3] == ["zh_CN"] else "en")

from textual.pilot import Pilot  # noqa: E402 - the language is chosen before the first text is read
from textual.screen import Screen  # noqa: E402
from textual.widget import Widget  # noqa: E402
from textual.widgets import Button, Input, Static, Tab, TextArea  # noqa: E402

from tests.tui.waiting import until  # noqa: E402
from tests.world import World  # noqa: E402
from tui.panes.servers import ServersPane  # noqa: E402
from tui.screens.console import ConsoleScreen  # noqa: E402
from widgets.answer import Entry  # noqa: E402
from widgets.conversation import Conversation  # noqa: E402
from widgets.dialog import Answer  # noqa: E402
from widgets.form_field import FormField  # noqa: E402
from widgets.key_bar import KeyBar  # noqa: E402
from widgets.overlay import Overlay  # noqa: E402

KEYS = {
    "chat": "c",
    "chat_talk": "c",
    "logs": "l",
    "parameters": "e",
    "remove": "d",
    "stop": "s",
    "rename": "R",
    "copies": "y",
    "places": "colon",
    "settings": "c ctrl+g",
    "talks": "c ctrl+o",
    "help": "f1",
    "help_logs": "l f1",
    "help_parameters": "e f1",
    "launch": "n",
    "picker": "n down down v",
    "picker_help": "n down down v f1",
    "find": "n ctrl+f",
}
"""How each place is reached from the list of servers."""
CONTAINER_ID = re.compile("[0-9a-f]{20,}…")
"""Too long for any list; it is copied whole."""
SETTLED = 0.4
"""Seconds that a place has to come to rest."""


def lines_in(screen: Screen[object], widget: Widget) -> str:
    """What stands on the screen where a widget is, without spaces."""
    region = widget.region
    strips = screen._compositor.render_strips()[max(0, region.y) : region.bottom]
    return "".join("".join(strip.crop(region.x, region.right).text.split()) for strip in strips)


def wanted(widget: Widget) -> Iterator[str]:
    """The words that a widget means to show."""
    for title in (widget._border_title, widget._border_subtitle):
        if title is not None:
            yield title.plain
    if isinstance(widget, Tab | Button):
        yield str(widget.label)
    elif isinstance(widget, Answer):
        yield widget.label
    elif isinstance(widget, FormField):
        yield widget.field.label
    elif (isinstance(widget, Input) and not widget.value) or (isinstance(widget, TextArea) and not widget.text):
        yield str(widget.placeholder)
    elif isinstance(widget, KeyBar):
        # A screen's own line shows as many as fit; that of an overlay shows all.
        keys = widget.keys if isinstance(widget.screen, Overlay) else widget.keys[:1]
        yield from (f"{key.key}{key.words}" for key in (*keys, *widget.pinned))
    elif type(widget) is Static:
        yield str(widget.content)


def cut(screen: Screen[object]) -> list[str]:
    """The words of a screen that do not stand there whole."""
    said = []
    for widget in screen.query("*"):
        geometry = screen._compositor.full_map.get(widget)
        if geometry is None or not widget.visible or not geometry.visible_region:
            continue
        if geometry.visible_region.height < geometry.region.height:
            continue  # scrolled out in part
        there = lines_in(screen, widget)
        said += [words for words in wanted(widget) if "".join(words.split()) not in there]
    text = "\n".join(strip.text for strip in screen._compositor.render_strips())
    for below in screen.app.screen_stack:
        for editor in below.query(TextArea):
            text = text.replace(str(editor.placeholder), "")
    return said + [line.strip() for line in CONTAINER_ID.sub("", text).splitlines() if "…" in line]


async def walk(world: World, places: list[str]) -> None:
    """Go to each place and back."""
    app = world.app
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.screen.query("#panes Conversation"))
        for place in places:
            await reach(pilot, place)
            left = cut(app.screen)
            print(f"{place} on {type(app.screen).__name__}: {' | '.join(left) or 'whole'}", flush=True)
            while not isinstance(app.screen, ConsoleScreen):
                await pilot.press("escape")
                await pilot.pause()
            app.screen.query_one(ServersPane).focus_list()
            await pilot.pause()


async def reach(pilot: Pilot[None], place: str) -> None:
    """Press what leads to a place, and let it come to rest."""
    for key in KEYS[place].split():
        await pilot.press(key)
        await pilot.pause(SETTLED)
    if place == "chat_talk":
        talk = pilot.app.screen.query_one(Conversation)
        await talk.show(
            [Entry("you", "you", "hello"), Entry("model", "qwen3-8b", "Hello.", figures="ttft 118 ms · stop")]
        )
        talk.focus()
        await pilot.press("up")
        await pilot.pause(SETTLED)


def main() -> None:
    """Walk through the places that were asked for."""
    world = World(Path(sys.argv[1]))
    world.serve("qwen3-8b", 8123, "qwen3-8b")
    asyncio.run(walk(world, sys.argv[3:]))


if __name__ == "__main__":
    main()
