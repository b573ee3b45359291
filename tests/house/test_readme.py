"""What the two READMEs say is true, and both say the same."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from textual.dom import DOMNode

from tests.house.sources import ROOT
from tests.house.test_bindings import bindings, keys_of
from tui.app import LlmTui
from tui.panes.chat import ChatPane
from tui.panes.logs import LogsPane
from tui.panes.parameters import ParametersPane
from tui.panes.servers import ServersPane
from tui.screens.console import ConsoleScreen
from tui.screens.launch import LaunchScreen
from widgets.cause_card import CauseCard
from widgets.conversation import Conversation
from widgets.log_view import LogView
from widgets.prompt import Prompt
from widgets.server_list import ServerList

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DRAWN = {
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "ampersand": "&",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}
"""Textual's names of keys, and how they are written for a reader."""
TEXTUALS = {"tab", "shift+tab", "ctrl+p"}
"""Keys that Textual itself binds."""
FRAME = (ConsoleScreen, LlmTui)
PLACES: tuple[tuple[type[DOMNode], ...], ...] = (
    (ChatPane, *FRAME),
    (ServerList, LogView, ServersPane, *FRAME),
    (ServerList, ServersPane),
    (LogView, LogsPane),
    (CauseCard,),
    (Conversation, ChatPane),
    (Prompt, ChatPane),
    (LaunchScreen, ParametersPane),
)
"""Who hears the keys of each row of the table of keys."""
each_readme = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)


@each_readme
def test_every_local_link_leads_to_a_file(readme: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", readme.read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


@each_readme
def test_every_dependency_stands_in_the_table(readme: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=~!\[ ]", line)[0] for line in project["dependencies"]}
    listed = {row.split("|")[1].strip() for row in _table(readme, "textual")}
    assert names == listed


@each_readme
def test_every_key_that_is_told_is_bound(readme: Path) -> None:
    told = {key for row in _table(readme, "`ctrl+p`") for key in re.findall(r"`([^`]+)`", row)}
    bound = set(TEXTUALS)
    for _, call in bindings():
        if call.args and isinstance(call.args[0], ast.Constant):
            keys = str(call.args[0].value).split(",")
            bound |= {DRAWN.get(key, key).lower() if len(key) > 1 else key for key in map(str.strip, keys)}
    assert {key for key in told if (key if len(key) == 1 else key.lower()) not in bound} == set()


@each_readme
@pytest.mark.parametrize(("row", "places"), enumerate(PLACES), ids=lambda one: str(one) if isinstance(one, int) else "")
def test_every_key_works_where_the_table_says(readme: Path, row: int, places: tuple[type[DOMNode], ...]) -> None:
    told = re.findall(r"`([^`]+)`", _table(readme, "`ctrl+p`")[row])
    bound = set(TEXTUALS) | {
        DRAWN.get(key, key).lower() if len(key) > 1 else key for place in places for key in keys_of(place)
    }
    assert {key for key in told if (key if len(key) == 1 else key.lower()) not in bound} == set()


def test_both_readmes_have_the_same_chapters_tables_and_commands() -> None:
    english, chinese = (_skeleton(readme.read_text("utf-8")) for readme in READMES)
    assert english == chinese


def _table(readme: Path, first: str) -> list[str]:
    """Give the rows of the table that has `first` in one of its rows' first cells or texts."""
    tables = re.findall(r"(?:^\|.*\n)+", readme.read_text("utf-8"), re.MULTILINE)
    found = next(table for table in tables if re.search(rf"\| .*{re.escape(first)}", table))
    return [row for row in found.splitlines()[2:] if row]


def _skeleton(text: str) -> list[str]:
    """Give what does not depend on the language: levels of headings, rows of tables, keys, commands without comments."""
    marks: list[str] = []
    for line in text.splitlines():
        if (
            line.startswith("#")
            and " " in line
            and not line.startswith("# settings")
            and not line.startswith("# profiles")
        ):
            marks.append(line.split(" ")[0])
        elif line.startswith("|") and "docs/" not in line:
            marks.append(" ".join(re.findall(r"`([^`]+)`", line)))
        elif re.match(r"(make|uv|pipx|llmtui|ssh|DOCKER_HOST|\w+ = |\[\w+\]$)", line):
            marks.append(line.split("#")[0].strip())
    return marks
