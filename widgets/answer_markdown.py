"""Markdown of a finished answer, hardened: no HTML, no images, no markup in tooltips, no address hidden behind a word."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from textual.app import ComposeResult
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownBlock, MarkdownTable, MarkdownTableContent

SECTION = 4_000
"""Characters of Markdown after which a new section may begin; sections are rendered as they come into view."""

MOST_RENDERED = 24_000
"""Characters of one section above which it stays plain text."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CONTINUES = re.compile(r"[ \t]|[-*+] |\d{1,9}[.)] |>|\|")


def parser() -> MarkdownIt:
    """The parser of answers: GitHub's Markdown without HTML, links as text with their address."""
    made = MarkdownIt("gfm-like", {"html": False, "linkify": False})
    made.core.ruler.push("plain_links", _plain_links)
    return made


def sections(source: str, size: int = SECTION) -> list[str]:
    """Divide Markdown where a paragraph begins outside code, lists, quotes and tables; together they are the source."""
    if len(source) <= size:
        return [source]
    parts: list[str] = []
    current: list[str] = []
    length, fence, blank = 0, "", False
    for line in source.splitlines(keepends=True):
        if length >= size and blank and not fence and line.strip() and not _CONTINUES.match(line):
            parts.append("".join(current))
            current, length = [], 0
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        blank = not line.strip()
        current.append(line)
        length += len(line)
    return [*parts, "".join(current)]


class _Cells(MarkdownTableContent):
    """A table's cells, without the tooltips: a tooltip is parsed as markup, and `[/x]` in a cell would end the app."""

    def compose(self) -> ComposeResult:
        for cell in super().compose():
            cell.tooltip = None
            yield cell


class _Table(MarkdownTable):
    """A table of such cells."""

    def compose(self) -> ComposeResult:
        self._headers, self._rows = self._get_headers_and_rows()
        yield _Cells(self._headers, self._rows)


class AnswerMarkdown(Markdown):
    """One section of a finished answer."""

    DEFAULT_CSS = """
    AnswerMarkdown {
        padding: 0;
        background: transparent;

        MarkdownH1, MarkdownH2, MarkdownH3, MarkdownH4, MarkdownH5, MarkdownH6 {
            content-align: left middle;
            width: 1fr;
            margin: 0 0 1 0;
            color: $primary;
            background: transparent;
            text-style: bold;
        }
        MarkdownFence {
            margin: 0 0 1 0;
            background: $surface;
            color: $foreground;
            &:light { background: $surface; }
            & > Label { padding: 1 2; }
        }
        & > MarkdownBlock:last-child { margin-bottom: 0; }
        MarkdownBlockQuote {
            margin: 0 0 1 0;
            background: $surface;
            border-left: outer $secondary;
            &:light { border-left: outer $secondary; }
        }
        MarkdownBullet {
            color: $primary;
            &:light { color: $primary; }
        }
        MarkdownTableContent > .header { color: $primary; }
        MarkdownTable, MarkdownTable:light { background: transparent; }
        MarkdownBlock > .code_inline {
            background: $panel;
            color: $warning;
        }
    }
    """

    BLOCKS: dict[str, type[MarkdownBlock]] = {**Markdown.BLOCKS, "table_open": _Table}

    def __init__(self, source: str) -> None:
        """Show Markdown; nothing in it can be clicked."""
        super().__init__(source, parser_factory=parser, open_links=False)
        self.auto_links = False


def _plain_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _without_links(token.children)


def _without_links(children: list[Token]) -> list[Token]:
    """Links and images as text: the words, and the address where it is another one."""
    plain: list[Token] = []
    open_links: list[tuple[str, int]] = []
    for child in children:
        if child.type == "link_open":
            open_links.append((str(child.attrs.get("href", "")), len(plain)))
        elif child.type == "link_close" and open_links:
            address, start = open_links.pop()
            words = "".join(token.content for token in plain[start:])
            if address and words != address:
                plain.append(_text(f" ({address})"))
        elif child.type == "image":
            plain.append(_text(f"{child.content or 'image'} ({child.attrs.get('src', '')})"))
        else:
            plain.append(child)
    return plain


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
