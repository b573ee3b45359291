"""Finding, filtering and saving from the line below a log."""

from __future__ import annotations

from textual.widgets import Input

from tests.widgets.log_lines import LogApp, lines_of, traceback_of, until
from widgets.keys import here
from widgets.log_bar import LogBar
from widgets.log_box import LogBox

SIZE = (100, 20)
TEXTS = [f"hit {at}" if at % 10 == 0 else f"text {at}" for at in range(100)]


async def test_typing_finds_and_n_goes_round() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("g", "slash", *"hit", "enter")
        await until(lambda: "1 of 10" in app.subtitle)
        await pilot.press("n", "n")
        await until(lambda: "3 of 10" in app.subtitle)
        assert app.view.cursor == 20
        assert any("hit 20" in row for row in app.rows())
        await pilot.press("N", "N", "N")
        await until(lambda: "10 of 10" in app.subtitle)
        assert app.view.has_focus


async def test_a_regular_expression_is_switched_on_and_a_broken_one_is_told() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("slash", "ctrl+r", *"t [1-3]", "[")
        await until(lambda: "no regular expression" in str(app.query_one(".bar--state").render()))
        await pilot.press("backspace", "enter")
        await until(lambda: "of 33" in app.subtitle)


async def test_esc_in_the_line_drops_the_search() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("slash", *"hit", "escape")
        assert app.view.wanted is None
        assert app.view.has_focus
        assert not app.query_one(LogBar).display


async def test_no_match_is_said_in_words() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("slash", *"nowhere", "enter")
        await until(lambda: "no match" in app.subtitle)


async def test_a_match_inside_a_folded_traceback_opens_it() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(5))
        await pilot.press("slash", *"f3.py", "enter")
        await until(lambda: any("f3.py" in row for row in app.rows()))
        assert app.view.cursor == 4


def folded(app: LogApp) -> bool:
    return not app.view.index.is_open(0)


async def test_the_fold_that_a_match_opened_closes_when_the_next_match_is_elsewhere() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(5))
        app.put(lines_of("and f3.py again"))
        await pilot.press("g", "slash", *"f3.py", "enter")
        await until(lambda: app.view.cursor == 4 and not folded(app))
        await pilot.press("n")
        await until(lambda: app.view.cursor == 7 and folded(app))
        await pilot.press("n")
        await until(lambda: app.view.cursor == 4 and not folded(app))


async def test_the_fold_that_a_match_opened_closes_when_the_search_ends() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(5))
        await pilot.press("slash", *"f3.py")
        await until(lambda: app.view.cursor == 4 and not folded(app))
        await pilot.press("escape")
        await until(lambda: folded(app))
        assert app.view.cursor == 0


async def test_a_fold_that_the_reader_opened_himself_stays_open() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(traceback_of(5))
        app.put(lines_of("and f3.py again"))
        await pilot.press("slash", *"f3.py", "enter")
        await until(lambda: app.view.cursor == 4)
        await pilot.press("z", "z", "n")
        await until(lambda: app.view.cursor == 4)
        await pilot.press("n")
        await until(lambda: app.view.cursor == 7)
        assert not folded(app)


def keys(app: LogApp) -> dict[str, str]:
    """What the bottom line would say of the line that is open."""
    return {row.key: row.words for row in here(app.screen.active_bindings) if row.id.startswith("log.bar")}


async def test_the_bottom_line_says_what_works_while_finding_filtering_and_saving() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        await pilot.press("slash")
        assert list(keys(app).items()) == [
            ("down", "Next"),
            ("enter", "Keep"),
            ("esc", "Close"),
            ("ctrl+r", "Regular expression"),
        ]
        await pilot.press("escape", "ampersand")
        assert keys(app) == {"enter": "Keep", "ctrl+r": "Regular expression", "esc": "Close"}
        await pilot.press("escape", "ctrl+s")
        assert keys(app) == {"enter": "Save", "esc": "Close"}


async def test_up_and_down_go_through_the_matches_while_the_line_is_open() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("g", "slash", *"hit")
        await until(lambda: app.view.cursor == 0)
        await pilot.press("down", "down", "up")
        await until(lambda: app.view.cursor == 10)
        assert app.query_one(Input).has_focus


async def test_the_filter_leaves_matching_lines_only_and_says_so() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("ampersand", *"hit", "enter")
        await until(lambda: app.rows()[9].endswith("hit 90"))
        assert app.rows()[10] == ""
        assert "only “hit”" in app.subtitle
        app.put(lines_of("text new", "hit new"))
        await until(lambda: app.rows()[10].endswith("hit new"))
        await pilot.press("escape")
        await until(lambda: app.view.index.total == 102)


async def test_the_place_is_kept_when_a_filter_comes_and_goes() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("g", *["j"] * 40)
        await pilot.press("ampersand", *"t", "enter")
        await pilot.press("escape")
        assert app.rows()[0].endswith("hit 40")


async def test_full_width_keys_of_a_chinese_input_method_work() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        await pilot.press("／")
        assert app.query_one(Input).has_focus


async def test_saving_asks_where_and_says_the_path() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        said: list[str] = []
        app.query_one(LogBox).on_log_bar_submitted = lambda event: said.append(event.text)  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        assert app.query_one(Input).value == "/nowhere/x.log"
        await pilot.press("enter")
        assert app.view.has_focus


async def test_the_title_names_the_server_without_reading_markup() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        box = pilot.app.query_one(LogBox)
        box.name_shown = "[/x]"
        box.trouble = "Docker does not answer [@click=app.quit]"
        await pilot.pause()
        assert "Docker does not answer" in (box.border_title or "")


async def test_with_a_filter_only_what_it_leaves_is_counted() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))
        await pilot.press("g", "slash", *"hit", "enter")
        await until(lambda: "1 of 10" in app.subtitle)
        await pilot.press("ampersand", *"5", "enter")
        await until(lambda: "19 of 100 lines shown" in app.subtitle and "1 match" in app.subtitle)
        await pilot.press("n")
        await until(lambda: "1 of 1 " in app.subtitle and app.view.cursor == 50)
        app.put(lines_of("hit 105", "hit 106"))
        await until(lambda: "1 of 2 " in app.subtitle and "20 of 102 lines shown" in app.subtitle)
        await pilot.press("escape", "escape", "escape", "G")
        await until(lambda: "line 102 of 102" in app.subtitle)


async def test_hidden_polling_lines_are_no_matches() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of("hit 1", "hit 2", "hit 3", polls=(1,)))
        await pilot.press("g", "slash", *"hit", "enter")
        await until(lambda: "1 of 2" in app.subtitle)
        await pilot.press("p")
        await until(lambda: "1 of 3" in app.subtitle)


async def test_the_bottom_line_says_that_esc_clears_while_there_is_something_to_clear() -> None:
    async with LogApp().run_test(size=SIZE) as pilot:
        app: LogApp = pilot.app  # type: ignore[assignment]
        app.put(lines_of(*TEXTS))

        def offered() -> bool:
            return any(row.id == "log.clear" for row in here(app.screen.active_bindings))

        await pilot.pause()
        assert not offered()
        await pilot.press("ampersand", *"hit", "enter")
        await until(offered)
        await pilot.press("escape")
        await until(lambda: not offered())
