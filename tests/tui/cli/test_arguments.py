"""The command line: what it understands, what it says otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest

from profiles.render import Form
from tests.terminal import ROOT
from tui.__main__ import main
from tui.cli import early, export_arguments
from tui.cli.arguments import Options, parse
from tui.cli.folders import Folders
from tui.language import chosen


def test_nothing_opens_the_app() -> None:
    assert parse([]) == Options()


def test_options_stand_before_and_after_the_verb(tmp_path: Path) -> None:
    wanted = Options(verb="status", json=True, home=tmp_path)
    assert parse(["--home", str(tmp_path), "status", "--json"]) == wanted
    assert parse(["status", "--json", f"--home={tmp_path}"]) == wanted


def test_what_belongs_to_a_verb_arrives() -> None:
    logs = parse(["logs", "smol", "-f", "--tail", "20", "--since", "1790000000", "--all"])
    assert logs == Options("logs", subject="smol", follow=True, tail=20, since=1_790_000_000.0, all=True)
    launch = parse(["launch", "./smol.toml", "--wait", "--name", "two", "--host-port", "8123", "--json"])
    assert launch == Options("launch", True, subject="./smol.toml", wait=True, name="two", host_port=8123)
    assert parse(["stop", "smol", "--any"]) == Options("stop", subject="smol", any=True)


def test_no_lines_at_all_are_a_number_too() -> None:
    assert parse(["logs", "smol", "--tail", "0"]).tail == 0


def test_all_switches_arrive() -> None:
    switches = ["--read-only", "--ascii", "--low-bandwidth", "--no-color", "--theme", "nord", "--lang", "zh"]
    assert parse(["--demo", *switches]) == Options("", False, True, True, "zh", True, True, True, "nord")


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["--foo"], "--foo"),
        (["statsu"], "statsu"),
        (["--lang", "fr"], "fr"),
        (["status", "--demo"], "--demo"),
        (["--json"], "status"),
        (["--asc"], "--asc"),
        (["logs"], "NAME"),
        (["launch"], "PROFILE"),
        (["status", "smol"], "status"),
        (["logs", "smol", "--json"], "--json"),
        (["launch", "smol", "--follow"], "--follow"),
        (["stop", "smol", "--wait"], "--wait"),
        (["status", "--host-port", "8000"], "--host-port"),
        (["--tail", "3"], "--tail"),
        (["stop", "smol", "--read-only"], "--read-only"),
        (["logs", "smol", "--tail", "-1"], "--tail"),
        (["logs", "smol", "--since", "yesterday"], "yesterday"),
        (["launch", "smol", "--host-port", "65536"], "65536"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(argv: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert word in said.err
    assert len(said.err.splitlines()) == 1


def test_the_forms_of_an_export_are_those_that_can_be_written() -> None:
    assert tuple(Form) == export_arguments.FORMS


def test_help_is_no_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    widths = []
    for columns in ("60", "140"):
        monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit):
            parse(["--help"])
        options = capsys.readouterr().out.partition("options:")[2].partition("\nllmtui logs")[0]
        widths.append(max(map(len, options.splitlines())))
    assert widths[0] <= 60 < widths[1]


def test_the_version_is_said_without_textual() -> None:
    code = (
        "import sys; from tui.__main__ import main; code = main(['--version']);"
        "import json; print(json.dumps([code, sorted({'textual', 'rich', 'docker', 'openai', 'httpx2', 'profiles'} & set(sys.modules))]))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    version, rest = ran.stdout.splitlines()
    assert version == f"llmtui {installed_version('llmtui')}"
    assert json.loads(rest) == [0, []]


def test_reset_terminal_switches_every_mode_off(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["reset-terminal", "--lang", "en"]) == 0
    said = capfd.readouterr().out
    for mode in (1000, 1002, 1003, 1006, 1015, 1016, 1004, 2004, 2048, 1049):
        assert f"\x1b[?{mode}l" in said
    assert "\x1b[?25h" in said
    assert "\x1b[<u" in said


@pytest.mark.parametrize(
    ("argv", "kept", "environ", "language"),
    [
        ([], "", {}, "en"),
        ([], "", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], "", {"LANG": "zh_TW.UTF-8"}, "en"),
        ([], "", {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], "", {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_SG"}, "zh"),
        ([], 'language = "zh"', {"LANG": "en_US.UTF-8"}, "zh"),
        ([], 'language = "en"', {"LANG": "zh_CN.UTF-8"}, "en"),
        ([], "language = 3", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], "language =", {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["--lang=zh"], 'language = "en"', {}, "zh"),
        (["status", "--lang", "zh-Hans"], "", {}, "zh"),
        (["--lang", "en"], 'language = "zh"', {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang"], "", {"LANG": "de_DE"}, "en"),
    ],
)
def test_the_language_comes_from_the_nearest_place(
    argv: list[str], kept: str, environ: dict[str, str], language: str, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    if kept:
        settings.write_text(kept)
    assert chosen(early.value(argv, "--lang"), settings, environ) == language


def test_all_folders_can_lie_under_one(tmp_path: Path) -> None:
    folders = Folders.of(tmp_path)
    assert {path.parent for path in (folders.config, folders.data, folders.state, folders.cache)} == {tmp_path}
    assert Folders.of(None).config.name == "llmtui"


def test_an_error_before_the_app_stands_is_a_sentence_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tui.cli import verbs

    def fail(options: Options) -> int:
        raise LookupError("nothing \x1b]0;there")

    monkeypatch.setattr(verbs, "run", fail)
    assert main(["status", "--home", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "LookupError: nothing  ]0;there" in said.err
    assert "Traceback" not in said.err
    assert len(list((tmp_path / "state").glob("crash-*.txt"))) == 1
