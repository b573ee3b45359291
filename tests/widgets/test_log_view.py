"""The log under a reader's hands: real keys, and what stands on the screen after them."""

from __future__ import annotations

from tests.widgets.log_lines import LogApp, lines_of, traceback_of, until
from widgets.log_view import LogView

SIZE = (80, 20)


def many(count: int, begin: int = 0) -> list[str]:
    return [f"text {at}" for at in range(begin, begin + count)]


async def test_it_follows_the_end_as_lines_come() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await until(lambda: "text 99" in app.rows()[-1])
        app.put(lines_of("the newest"))
        await until(lambda: "the newest" in app.rows()[-1])
        assert "101" in app.rows()[-1].split()[0]


async def test_a_reader_who_scrolled_up_keeps_his_place_and_is_told_what_waits() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await pilot.press("ctrl+u")
        before = app.rows()
        assert not app.view.follow
        app.put(lines_of(*many(12, 100)))
        await until(lambda: "12 new" in app.subtitle)
        assert app.rows() == before
        await pilot.press("G")
        await until(lambda: "text 111" in app.rows()[-1])
        assert app.view.follow
        assert "new" not in app.subtitle


async def test_scrolling_back_to_the_end_follows_again() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await pilot.press("k", "k")
        assert not app.view.follow
        await pilot.press("j", "j")
        assert app.view.follow


async def test_the_wheel_stops_following_too() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await pilot.pause()
        app.view._scroll_up_for_pointer(animate=False)
        assert not app.view.follow


async def test_dropping_the_oldest_lines_moves_nothing_in_view() -> None:
    async with LogApp(limit=700_000).run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(9000)))
        await pilot.press("pageup")
        before = [row.strip() for row in app.rows()]
        app.put(lines_of(*(["y" * 60] * 2000)))
        assert app.view.store.first > 0
        assert [row.strip() for row in app.rows()] == before


async def test_a_resize_keeps_the_readers_line_at_the_top() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*(f"{at} {'long ' * 40}" for at in range(300))))
        await pilot.press("g", *["pagedown"] * 9)
        line = app.view.index.line_at(app.view.scroll_offset.y)[0]
        await pilot.resize_terminal(50, 20)
        await until(lambda: app.view.index.view.width < 50)
        assert app.view.index.line_at(app.view.scroll_offset.y)[0] == line
        await pilot.resize_terminal(120, 30)
        await until(lambda: app.view.index.view.width > 50)
        assert app.view.index.line_at(app.view.scroll_offset.y)[0] == line


async def test_f_stops_and_goes_on_following() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await pilot.press("f")
        before = app.rows()
        app.put(lines_of("later"))
        app.view.sync()
        assert app.rows() == before
        await pilot.press("f")
        assert "later" in app.rows()[-1]


async def test_the_gutter_says_number_time_and_level() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("ERROR it broke", level=4, start=6))
        await until(lambda: "it broke" in app.rows()[0])
        number, time, level, text = app.rows()[0].split(maxsplit=3)
        assert (number, level, text) == ("1", "ERROR", "it broke")
        assert time.count(":") == 2
        await pilot.press("t")
        assert "59.942" in app.rows()[0]
        await pilot.press("t")
        assert ":" not in app.rows()[0]
        await pilot.press("h")
        assert app.rows()[0].endswith("ERROR ERROR it broke")


async def test_a_traceback_is_folded_and_z_opens_it() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(5))
        await until(lambda: "▸ 5 frames" in app.rows()[0])
        assert "ValueError: no" in app.rows()[1]
        await pilot.press("z")
        assert "▾ 5 frames" in app.rows()[0]
        assert "f4.py" in app.rows()[5]
        await pilot.press("z")
        assert "ValueError: no" in app.rows()[1]


async def test_z_on_a_chosen_traceback_opens_that_one_only() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(2))
        app.put(traceback_of(3))
        await until(lambda: "▸ 3 frames" in "".join(app.rows()))
        app.view.cursor = 0
        await pilot.press("z")
        text = "\n".join(app.rows())
        assert "▾ 2 frames" in text
        assert "▸ 3 frames" in text


async def test_polling_lines_are_hidden_and_counted_and_p_shows_them() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("poll", "text", "poll", polls=[0, 2]))
        await until(lambda: "2 polling lines hidden" in app.subtitle)
        assert "poll" not in "".join(app.rows())
        await pilot.press("p")
        assert "poll" in app.rows()[0]


async def test_w_lets_long_lines_go_on_to_the_right() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("a" * 100 + "END", "second"))
        await until(lambda: "second" in app.rows()[2])
        await pilot.press("w")
        await until(lambda: "second" in app.rows()[1])
        assert "END" not in app.rows()[0]
        await pilot.press(*["right"] * 8)
        assert "END" in app.rows()[0]
        assert app.rows()[0].split()[0] == "1"


async def test_marks_are_shown_and_can_be_gone_to() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(100)))
        await pilot.press("g", "m")
        assert app.rows()[0].startswith("◆")
        await pilot.press("G", "apostrophe")
        assert app.view.cursor == 0
        assert "text 0" in "".join(app.rows())
        await pilot.press("m")
        assert not app.view.marks


async def test_lines_are_chosen_with_shift_and_arrows_and_copied() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(5)))
        await pilot.press("g", "shift+down", "shift+down", "y")
        copied = app.messages[-1]
        assert isinstance(copied, LogView.Copied)
        assert (copied.text, copied.lines) == ("text 0\ntext 1", 2)
        await pilot.press("escape")
        assert app.view.cursor is None


async def test_lines_are_chosen_with_the_mouse() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*many(9)))
        await until(lambda: "text 8" in "".join(app.rows()))
        await pilot.mouse_down(LogView, offset=(30, 2))
        await pilot.hover(LogView, offset=(30, 5))
        await pilot.mouse_up(LogView, offset=(30, 5))
        assert list(app.view.chosen) == [2, 3, 4, 5]
        await pilot.press("y")
        assert isinstance(copied := app.messages[-1], LogView.Copied)
        assert copied.text.splitlines() == ["text 2", "text 3", "text 4", "text 5"]


async def test_an_unfinished_line_is_shown_and_then_replaced() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("one"), lines_of("loading 5"))
        await until(lambda: "loading 5" in app.rows()[1])
        app.put(lines_of(), lines_of("loading 50"))
        await until(lambda: app.rows()[1].endswith("loading 50"))
        app.put(lines_of("loading done"))
        await until(lambda: "loading done" in app.rows()[1])
        assert app.rows()[2] == ""


async def test_a_notice_stands_where_no_line_is() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.view.notice = "[/x] Nothing was written yet."
        await pilot.pause()
        assert "[/x] Nothing was written yet." in app.rows()[1]


async def test_a_line_of_a_megabyte_is_kept_whole_and_drawn_cut() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("x" * 1_000_000))
        await until(lambda: "bytes" in "".join(app.rows()))
        assert app.view.index.total < 400
        assert len(app.view.store.at(0).text) == 1_000_000


async def test_nothing_hostile_is_drawn() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(b"a\x1b]52;c;aGk=\x07b\x9b31mc \xc2\x9b0m [/x][@click=app.quit]x[/]", "[bold]plain[/bold]"))
        await until(lambda: "[bold]plain[/bold]" in app.rows()[1])
        assert "[@click=app.quit]x[/]" in app.rows()[0]
        assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for row in app.rows() for letter in row)


async def test_a_line_cut_by_the_edge_says_so_at_the_right() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("x" * 200, "short"))
        await pilot.press("w")
        await until(lambda: app.rows()[0].rstrip(" │▁▂▃▄▅▆▇█").endswith("x…"))
        assert "…" not in app.rows()[1]
        await pilot.press(*["right"] * 20)
        await until(lambda: "x" in app.rows()[0] and "…" not in app.rows()[0])


async def test_a_wrapped_row_whose_blank_stands_beyond_the_edge_is_not_marked_as_cut() -> None:
    async with LogApp().run_test(size=(80, 60)) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*(f"{'x' * width} {'y' * 30}" for width in range(30, 58))))
        await until(lambda: "x" * 55 in "".join(app.rows()))
        assert len([row for row in app.rows() if "y" in row and "x" not in row]) > 10, "most are wrapped"
        assert not [row for row in app.rows() if "…" in row]
