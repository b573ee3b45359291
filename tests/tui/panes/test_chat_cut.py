"""An answer that its server's end cuts off says what became of the server, as soon as that shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.chat_server import serving
from tests.tui.panes.chat_page import Page
from tests.tui.waiting import shown, until
from tui.services.server import State


async def test_the_bare_abort_becomes_the_servers_end_and_is_kept_so(tmp_path: Path) -> None:
    page = Page(tmp_path / "history.db")
    async with serving(pieces=["yes"], finish="abort") as fake, page.run_test(size=(100, 30)) as pilot:
        server = replace(fake.server(), since=1000.0)
        page.pane.server = server
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: f"{server.name} ended while answering" in shown(page))
        page.pane.server = replace(server, action="restarting")
        page.pane.server = replace(server, state=State.STARTING, since=1100.0)
        await until(lambda: f"{server.name} was restarted while answering" in shown(page))
        assert page.pane.shown is not None and page.pane.shown.conversation is not None
        (_asked, answer) = await page.history.messages(page.pane.shown.conversation)
        assert answer.figures.finish == "restarted"
