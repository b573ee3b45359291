"""Values that are kept in the settings file, and the theme that is chosen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.world import World, shows, until
from tui.app import LlmTui
from tui.services.errors import ServiceError
from tui.services.settings_write import write_setting
from tui.settings import Settings, read_settings


def test_a_value_is_kept_and_what_else_stands_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\ntheme = "nord"  # dark\n\n[keys]\n"servers.toggle" = "s"\n', "utf-8")
    write_setting(path, "theme", "llmtui-light")
    text = path.read_text("utf-8")
    assert "# mine" in text and "# dark" in text and '"servers.toggle" = "s"' in text
    assert read_settings(path).theme == "llmtui-light"
    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]


def test_the_first_value_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    write_setting(path, "theme", "nord")
    assert read_settings(path).theme == "nord"


def test_a_key_at_the_top_comes_before_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[probe]\n"a" = 0\n', "utf-8")
    write_setting(path, "theme", "nord")
    assert read_settings(path).theme == "nord" and read_settings(path).probe == {"a": 0}


def test_a_file_that_cannot_be_read_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = ", "utf-8")
    with pytest.raises(ServiceError, match="The settings cannot be written"):
        write_setting(path, "theme", "nord")
    assert path.read_text("utf-8") == "theme = "


async def test_the_list_of_themes_begins_on_the_one_in_use_and_the_chosen_one_is_kept(tmp_path: Path) -> None:
    world, path = World(tmp_path), tmp_path / "settings.toml"
    app = LlmTui(world.services, Settings(), theme="nord", keep_theme=partial(write_setting, path, "theme"))
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "There is no container here yet")
        await pilot.press("T")
        await shows(pilot, "Themes", "nord")
        await pilot.press("enter")
        await until(pilot, lambda text: "Themes" not in text, "the list closes")
        assert app.theme == "nord"
        await pilot.press("T")
        await shows(pilot, "Themes")
        await pilot.press(*"llmtui-light", "enter")
        await until(pilot, lambda _text: read_settings(path).theme == "llmtui-light", "it is kept")
        assert app.theme == "llmtui-light"


async def test_without_a_place_to_keep_it_the_theme_only_changes(tmp_path: Path) -> None:
    app = LlmTui(World(tmp_path).services, Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "There is no container here yet")
        await pilot.press("T", *"llmtui-light", "enter")
        await until(pilot, lambda _text: app.theme == "llmtui-light", "it is changed")
        assert not (tmp_path / "settings.toml").exists()
