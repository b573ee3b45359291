"""Words of mixed languages fill their lines, and no English word is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

import widgets.wide_wrap as _installed  # noqa: F401 - every widget of ours brings it
from tests.tui.waiting import shown, until

SENTENCE = "NVIDIA 驱动已更新，但旧驱动仍在运行。请重启机器以加载新驱动"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        (SENTENCE, 42, ["NVIDIA 驱动已更新，但旧驱动仍在运行。请重", "启机器以加载新驱动"]),
        ("正在从docker.io拉取vllm镜像", 12, ["正在从", "docker.io拉", "取vllm镜像"]),
        ("服务没有应答，请稍候", 12, ["服务没有应", "答，请稍候"]),
        ("plain words stay as they are", 12, ["plain words", "stay as they", "are"]),
        ("a — b · c", 5, ["a — b", "· c"]),
    ],
)
def test_lines_are_filled_and_words_stay_whole(text: str, width: int, lines: list[str]) -> None:
    assert [line.plain.rstrip() for line in Content(text).wrap(width)] == lines


@given(st.text(st.sampled_from("ab 中文，。x1")), st.integers(2, 20))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = [line.plain for line in Content(text).wrap(width)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line.rstrip()) <= width for line in lines)


async def test_a_toast_fills_its_lines() -> None:
    class Told(App[None]):
        def compose(self) -> ComposeResult:
            yield Static()

    app = Told()
    async with app.run_test(size=(80, 24), notifications=True):
        app.notify(f"{SENTENCE}；之后再试一次即可。", title="GPU", markup=False)
        await until(lambda: "NVIDIA 驱动" in shown(app))
