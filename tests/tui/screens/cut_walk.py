"""Goes through the console at 80x24 in one language and says of each place whether something is cut; run by `test_nothing_cut`."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tui.language import set_language

set_language("zh" if sys.argv[2:3] == ["zh_CN"] else "en")

from textual.app import App  # noqa: E402 - the language is chosen before the first text is read
from textual.content import Content  # noqa: E402
from textual.errors import NoWidget  # noqa: E402
from textual.geometry import Region  # noqa: E402
from textual.pilot import Pilot  # noqa: E402
from textual.screen import Screen  # noqa: E402
from textual.strip import Strip  # noqa: E402
from textual.widget import Widget  # noqa: E402
from textual.widgets import Button, Input, Static, Tab, TextArea  # noqa: E402

from tests.tui.waiting import strips_of, until  # noqa: E402
from tests.world import World  # noqa: E402
from widgets.answer import Entry  # noqa: E402
from widgets.conversation import Conversation  # noqa: E402
from widgets.dialog import Reply  # noqa: E402
from widgets.form_field import FormField  # noqa: E402
from widgets.key_bar import KeyBar  # noqa: E402
from widgets.overlay import Overlay  # noqa: E402

CONSOLE, LAUNCH, LIST = "ConsoleScreen", "LaunchScreen *:focus", "ConsoleScreen ServerList:focus"

ROUTE = (
    ("f1", "HelpScreen", "help"),
    ("escape", LIST, ""),
    ("d", "ConfirmDialog", "remove"),
    ("escape", LIST, ""),
    ("s", "ConfirmDialog", "stop"),
    ("escape", LIST, ""),
    ("R", "RenameDialog", "rename"),
    ("escape", LIST, ""),
    ("y", "ChoiceList", "copies"),
    ("escape", LIST, ""),
    ("colon", "ChoiceList", "places"),
    ("escape", LIST, ""),
    ("l", "ConsoleScreen #logs LogView:focus", "logs"),
    ("f1", "HelpScreen", "help_logs"),
    ("escape", CONSOLE, ""),
    ("escape", LIST, ""),
    ("e", "ConsoleScreen #parameters .form-editor:focus", "parameters"),
    ("f1", "HelpScreen", "help_parameters"),
    ("escape", CONSOLE, ""),
    ("escape", LIST, ""),
    ("c", "ConsoleScreen #chat Prompt:focus", "chat"),
    ("ctrl+g", "ChatSettingsScreen", "settings"),
    ("escape", CONSOLE, ""),
    ("ctrl+o", "ConversationsScreen", "talks"),
    ("escape", CONSOLE, ""),
    ("", CONSOLE, "chat_talk"),
    ("escape", LIST, ""),
    ("n", LAUNCH, "launch"),
    ("ctrl+f", "Finder", "find"),
    ("escape", LAUNCH, ""),
    ("down", LAUNCH, ""),
    ("down", LAUNCH, ""),
    ("v", "ChoiceList", "picker"),
    ("f1", "HelpScreen", "picker_help"),
)
"""Each key, what is there after it (a screen, and what has the focus on it), and what the place is called; "" is no place to look at."""
CONTAINER_ID = re.compile("[0-9a-f]{20,}…")
"""Too long for any list; it is copied whole."""


def lines_in(strips: list[Strip], region: Region) -> str:
    """What stands in a part of the screen, without spaces."""
    rows = strips[max(0, region.y) : region.bottom]
    return "".join("".join(strip.crop(region.x, region.right).text.split()) for strip in rows)


def wanted(widget: Widget) -> Iterator[str]:
    """The words that a widget means to show."""
    for title in (widget.border_title, widget.border_subtitle):
        if title:
            yield Content.from_markup(title).plain
    if isinstance(widget, Tab | Button):
        yield str(widget.label)
    elif isinstance(widget, Reply):
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
    said, strips = [], strips_of(screen.app)
    for widget in screen.query("*"):
        try:
            geometry = screen.find_widget(widget)
        except NoWidget:
            continue
        if not widget.visible or not geometry.visible_region:
            continue
        if geometry.visible_region.height < geometry.region.height:
            continue  # scrolled out in part
        there = lines_in(strips, geometry.region)
        said += [words for words in wanted(widget) if "".join(words.split()) not in there]
    text = "\n".join(strip.text for strip in strips)
    for below in screen.app.screen_stack:
        for editor in below.query(TextArea):
            text = text.replace(str(editor.placeholder), "")
    return said + [line.strip() for line in CONTAINER_ID.sub("", text).splitlines() if "…" in line]


async def walk(world: World) -> None:
    """Follow the route, and say of each place on it how it is."""
    app = world.app
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.screen.query("#panes Conversation"))
        for key, there, place in ROUTE:
            await (pilot.press(key) if key else talk(pilot))
            await until(partial(is_there, app, there))
            if place:
                await at_rest(pilot)
                left = cut(app.screen)
                print(f"{place} on {type(app.screen).__name__}: {' | '.join(left) or 'whole'}", flush=True)


async def talk(pilot: Pilot[None]) -> None:
    """Put a question and its answer into the chat, and go to them."""
    shown = pilot.app.screen.query_one(Conversation)
    await shown.show([Entry("you", "you", "hello"), Entry("model", "qwen3-8b", "Hello.", figures="ttft 118 ms · stop")])
    await at_rest(pilot)
    shown.focus()
    await pilot.press("up")


def is_there(app: App[None], there: str) -> bool:
    """Whether a screen is in front, and a part of it there: `Screen`, or `Screen part`."""
    screen, _space, part = there.partition(" ")
    return type(app.screen).__name__ == screen and (not part or bool(app.screen.query(part)))


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until two drawings in a row are the same."""
    before: list[str] = []
    while before != (now := [strip.text for strip in strips_of(pilot.app)]):
        before = now
        await pilot.pause()


def main() -> None:
    """Walk along the route in a folder of one's own: FOLDER LANGUAGE."""
    world = World(Path(sys.argv[1]))
    world.serve("qwen3-8b", 8123, "qwen3-8b")
    asyncio.run(walk(world))


if __name__ == "__main__":
    main()
