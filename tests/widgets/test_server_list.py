"""The list of servers: moving, staying, and what it says."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import App, ComposeResult

from tests.tui.waiting import until
from widgets.server_list import ServerList


def rows(*names: str) -> list[ServerList.Row]:
    return [ServerList.Row(name, "●", name, "ready", "good", "8000", "3m") for name in names]


class ListApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.highlighted: list[str | None] = []
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield ServerList()

    def on_mount(self) -> None:
        self.list.focus()

    @property
    def list(self) -> ServerList:
        return self.query_one(ServerList)

    @on(ServerList.Highlighted)
    def _highlighted(self, event: ServerList.Highlighted) -> None:
        self.highlighted.append(event.key)

    @on(ServerList.Opened)
    def _opened(self, event: ServerList.Opened) -> None:
        self.opened.append(event.key)


def screen_text(app: App[None]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def test_the_first_row_is_highlighted_when_rows_come() -> None:
    async with ListApp().run_test() as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show(rows("a", "b"))
        await pilot.pause()
        assert app.highlighted == ["a"]


async def test_down_and_up_stop_at_the_ends_and_skip_dividers() -> None:
    async with ListApp().run_test() as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        divider = ServerList.Row("others", "", "other containers", "", heading=True)
        app.list.show([*rows("a"), divider, *rows("b")])
        await pilot.press("down", "down", "down")
        assert app.list.cursor == "b"
        await pilot.press("k", "k")
        assert app.list.cursor == "a"


async def test_the_highlighted_server_stays_highlighted_wherever_it_moves() -> None:
    async with ListApp().run_test() as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show(rows("a", "b", "c"))
        await pilot.press("down")
        app.list.show(rows("new", "a", "c", "b"))
        await pilot.pause()
        assert app.list.cursor == "b"


async def test_when_the_highlighted_row_goes_its_neighbour_takes_over_and_says_so() -> None:
    async with ListApp().run_test() as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show(rows("a", "b", "c"))
        await pilot.press("G")
        app.list.show(rows("a", "b"))
        await pilot.pause()
        assert app.highlighted[-1] == "b"


async def test_enter_opens_the_row() -> None:
    async with ListApp().run_test() as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show(rows("a", "b"))
        await pilot.press("down", "enter")
        assert app.opened == ["b"]


async def test_hundreds_of_rows_scroll_with_the_cursor() -> None:
    async with ListApp().run_test(size=(60, 12)) as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.styles.max_height = 10
        app.list.show(rows(*(f"s{number}" for number in range(300))))
        await pilot.press("G")
        await pilot.pause()
        assert any("s299" in line for line in screen_text(app))


async def test_a_name_of_chinese_characters_is_cut_at_a_whole_character() -> None:
    async with ListApp().run_test(size=(44, 5)) as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show([ServerList.Row("x", "●", "模型服务器名字特别特别长", "加载权重", "moving", "8000", "9s")])
        await pilot.pause()
        from rich.cells import cell_len

        assert cell_len(screen_text(app)[0]) == 44
        assert "…" in screen_text(app)[0]
        assert "8000" in screen_text(app)[0]


async def test_the_highlighted_row_stays_in_view_when_the_order_changes() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 6)) as pilot:
        names = [f"s{number:02}" for number in range(30)]
        app.list.styles.height = 5
        app.list.show(rows(*names))
        await pilot.press("down")
        app.list.show(rows(*names[:1], *names[2:], names[1]))
        await pilot.pause()
        assert app.list.cursor == "s01"
        assert any(line.startswith("▌") and "s01" in line for line in screen_text(app))


async def test_marks_stand_in_a_column_of_their_own_only_while_something_is_marked() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 6)) as pilot:
        app.list.show(rows("alpha", "beta"))
        await pilot.pause()
        before = screen_text(app)[:2]
        app.list.show([rows("alpha")[0], replace(rows("beta")[0], marked=True)])
        await pilot.pause()
        assert [line[:9] for line in screen_text(app)[:2]] == ["▌  ● alph", " ✔ ● beta"]
        app.list.show(rows("alpha", "beta"))
        await pilot.pause()
        assert screen_text(app)[:2] == before


async def test_the_chosen_row_stays_in_sight_when_the_list_becomes_lower() -> None:
    async with ListApp().run_test(size=(80, 20)) as pilot:
        app: ListApp = pilot.app  # type: ignore[assignment]
        app.list.show(rows(*"abcdefgh"))
        await pilot.press("G")
        app.list.styles.max_height = 4
        await until(lambda: app.list.size.height == 4 and any("▌● h" in line for line in screen_text(app)))
