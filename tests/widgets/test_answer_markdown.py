"""Markdown of answers: hardened, and divided where it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content, Span
from textual.theme import Theme
from textual.widgets import Static

from tests.tui.waiting import shown, until
from widgets.answer_markdown import AnswerMarkdown, parser, sections
from widgets.theme import DARK, LIGHT

PARTS = st.lists(
    st.sampled_from(
        [
            "word " * 30,
            "",
            "# Head",
            "```python",
            "x = 1",
            "```",
            "~~~",
            "- item",
            "1. item",
            "  more",
            "| a | b |",
            "> quote",
            "中文" * 20,
        ]
    )
)


class Page(App[None]):
    """Markdown and nothing else."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.quit_by_data = False

    def compose(self) -> ComposeResult:
        yield AnswerMarkdown(self.source)

    def action_spoil(self) -> None:
        """What a hostile link would call."""
        self.quit_by_data = True


@given(PARTS)
def test_the_sections_together_are_the_source(parts: list[str]) -> None:
    source = "\n".join(parts)
    assert "".join(sections(source, 100)) == source


@given(PARTS)
def test_no_section_begins_inside_code(parts: list[str]) -> None:
    source = "\n".join(parts)
    whole = [token.content for token in parser().parse(source) if token.type == "fence"]
    divided = [
        token.content for part in sections(source, 100) for token in parser().parse(part) if token.type == "fence"
    ]
    assert divided == whole


def spans(block: Static) -> list[Span]:
    """The styled parts of a block's text."""
    return list(block.content.spans) if isinstance(block.content, Content) else []


HOSTILE = {
    "unbalanced tag": "text [/x] more",
    "action": "[@click=app.spoil]press[/]",
    "table": "| a | b |\n|---|---|\n| [/x] | [@click=app.spoil]y[/] |\n",
    "html": "<script>alert(1)</script> and <think>hidden thoughts</think>",
    "link": "[press](http://evil.example/x) and [code](javascript:alert(1)) and <http://auto.example>",
    "image": "![cat](http://evil.example/cat.png)",
    "fence language": "```[/x]\ncode\n```",
    "heading": "# [/x] [@click=app.spoil]z[/]",
    "escape": "a\x1b]52;c;aGk=\x07b\x1b]0;title\x07 \x9b31m",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_in_an_answer_crashes_acts_or_hides(source: str) -> None:
    app = Page(source)
    async with app.run_test(size=(80, 24), tooltips=True) as pilot:
        await until(lambda: app.query("MarkdownBlock"))
        for y in range(4):
            for x in (3, 12, 30):
                await pilot.hover(offset=(x, y))
                await pilot.click(offset=(x, y))
        await pilot.pause()
        assert app.is_running and not app.quit_by_data
        assert not [span for block in app.query(Static) for span in spans(block) if "@click" in str(span.style)]


async def test_html_and_thoughts_are_shown_as_they_were_written() -> None:
    app = Page(HOSTILE["html"])
    async with app.run_test(size=(80, 24)):
        await until(lambda: "<think>hidden thoughts</think>" in shown(app))


async def test_a_link_shows_where_it_leads() -> None:
    app = Page("[press](http://example.org/x)")
    async with app.run_test(size=(80, 24)):
        await until(lambda: "press (http://example.org/x)" in shown(app))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
async def test_code_lies_on_a_ground_of_the_theme(theme: Theme) -> None:
    app = Page("```python\nx = 1\n```\n\n> quote\n")
    app.register_theme(theme)
    app.theme = theme.name
    async with app.run_test(size=(80, 24)):
        await until(lambda: app.query("MarkdownFence"))
        for kind in ("MarkdownFence", "MarkdownBlockQuote"):
            assert app.query_one(kind).background_colors[1] == Color.parse(str(theme.surface))
