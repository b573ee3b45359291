"""The cause card: what it says, in how many rows, and what its keys ask for."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Vertical

from widgets.cause_card import CauseCard

Part, Fix = CauseCard.Part, CauseCard.Fix
CAUSE = CauseCard.Cause(
    "Did not start · [b]the context[/b] does not fit",
    "One request needs 18.00 GiB and 11.09 GiB are there.",
    "ValueError: To serve at least one request",
    87,
    (
        Fix((Part("max-model-len", "131072", "80752"),)),
        Fix((Part("kv-cache-dtype", "", "fp8"),), worked=True),
        Fix(note="Choose a smaller model."),
    ),
    also="The port is taken",
    tried="tried before: --max-model-len 90000",
)


class CardApp(App[None]):
    """A card above something else."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int]] = []

    def compose(self) -> ComposeResult:
        yield CauseCard()
        yield Vertical()

    @property
    def card(self) -> CauseCard:
        return self.query_one(CauseCard)

    def on_cause_card_asked(self, event: CauseCard.Asked) -> None:
        self.asked.append((event.what, event.fix))


async def test_it_takes_no_room_while_nothing_failed() -> None:
    async with CardApp().run_test() as pilot:
        assert not pilot.app.query_one(CauseCard).display


async def test_with_room_it_says_everything_and_what_is_outside_is_no_markup() -> None:
    app = CardApp()
    async with app.run_test(size=(100, 45)) as pilot:
        app.card.cause = CAUSE
        await pilot.pause()
        text = app.card.render().plain
        assert "[b]the context[/b]" in app.card.render_str(app.card.border_title or "").plain
        assert "line 87  ValueError: To serve" in text
        assert "131072 → 80752" in text
        assert "worked before" in text
        assert "also seen: The port is taken" in text
        assert "▲ tried before: --max-model-len 90000" in text
        assert "1 of 3 fixes" in str(app.card.border_subtitle)


async def test_with_little_room_it_takes_a_third_and_keeps_the_chosen_fix_in_sight() -> None:
    app = CardApp()
    async with app.run_test(size=(60, 15)) as pilot:
        app.card.cause = CAUSE
        app.card.focus()
        await pilot.press("down", "down")
        assert app.card.outer_size.height == 5
        assert "Choose a smaller model." in app.card.render().plain


async def test_its_keys_ask_for_what_they_say() -> None:
    app = CardApp()
    async with app.run_test(size=(100, 45)) as pilot:
        app.card.cause = CAUSE
        app.card.focus()
        await pilot.press("down", "enter", "o", "up", "i", "y", "escape")
        assert app.asked == [("apply", 1), ("line", 1), ("why", 0), ("copy", 0), ("leave", 0)]


async def test_a_click_chooses_a_fix() -> None:
    app = CardApp()
    async with app.run_test(size=(100, 45)) as pilot:
        app.card.cause = CAUSE
        await pilot.pause()
        row = next(at for at, line in enumerate(app.card.render().plain.splitlines()) if "kv-cache-dtype" in line)
        await pilot.click(CauseCard, offset=(5, row + 1))
        assert app.card.chosen == 1


async def test_it_folds_to_one_line_and_back() -> None:
    app = CardApp()
    async with app.run_test(size=(100, 45)) as pilot:
        app.card.cause = CAUSE
        app.card.focus()
        await pilot.pause()
        before = app.card.outer_size.height
        await pilot.press("z")
        await pilot.pause()
        assert app.card.outer_size.height == 1
        await pilot.press("z")
        await pilot.pause()
        assert app.card.outer_size.height == before


async def test_where_no_line_is_known_none_is_offered() -> None:
    app = CardApp()
    async with app.run_test(size=(100, 45)) as pilot:
        app.card.cause = CauseCard.Cause("Docker cannot hand GPUs to containers")
        app.card.focus()
        await pilot.press("o", "enter")
        assert app.asked == []
