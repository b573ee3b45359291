"""Endpoints are read from the settings, and written there without harm to what stands beside them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fakes import DOES_NOT_ANSWER, FakeEngine
from tests.tui.services.fleet_fakes import FakeClient
from tui.services.beside import AnyServer, Beside
from tui.services.endpoints import Endpoint, Endpoints, base_url, problem
from tui.services.fleet import Fleet
from tui.services.host import Host
from tui.services.server import State
from tui.services.vllm import Identity
from tui.settings import read_settings

FAR = Endpoint("far", "http://10.0.0.5:8000", "FAR_KEY")
SETTINGS = """# mine
theme = "llmtui"  # dark

[[endpoint]]
name = "old"  # of last year
url = "http://10.0.0.4:8000/v1"

[keys]
"app.theme" = "T"
"""


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://h:1/v1/", "http://h:1"),
        ("http://h:1", "http://h:1"),
        ("h:1/v1", "http://h:1"),
        ("https://h/api/v1", "https://h/api"),
    ],
)
def test_an_address_may_be_given_with_and_without_v1(text: str, url: str) -> None:
    assert base_url(text) == url


@pytest.mark.parametrize(
    ("name", "url", "key"),
    [
        ("", "http://h", ""),
        ("a", "", ""),
        ("a", "ftp://h", ""),
        ("a", "http://[", ""),
        ("a", "http://h:99999", ""),
        ("a", "http://me:secret@h", ""),
        ("a", "http://h?key=1", ""),
        ("a", "http://h", "sk-123"),
        ("taken", "http://h", ""),
    ],
)
def test_what_cannot_be_an_endpoint_is_told_in_a_sentence(name: str, url: str, key: str) -> None:
    assert problem(name, url, key, {"taken"}).endswith(".")


def test_comments_survive_what_is_added_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(SETTINGS, "utf-8")
    endpoints = Endpoints(read_settings(path).endpoints, path)
    endpoints.add(FAR)
    assert read_settings(path).endpoints == (Endpoint("old", "http://10.0.0.4:8000"), FAR)
    assert "# of last year" in path.read_text("utf-8") and "# mine" in path.read_text("utf-8")
    endpoints.remove_id(FAR.id)
    assert path.read_text("utf-8") == SETTINGS
    assert [one.name for one in endpoints.all] == ["old"]


def test_the_first_endpoint_makes_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    Endpoints((), path).add(FAR)
    assert read_settings(path).endpoints == (FAR,)


def test_a_wrong_entry_is_a_sentence_and_the_others_count(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[[endpoint]]\nname = "x"\n[[endpoint]]\nname = "y"\nurl = "http://h"\n')
    settings = read_settings(path)
    assert [one.name for one in settings.endpoints] == ["y"]
    assert len(settings.mistakes) == 1 and "endpoint 1" in settings.mistakes[0]


async def test_a_server_without_health_is_well_when_it_names_its_models() -> None:
    class Bare(FakeClient):
        async def healthy(self, url: str, key: str | None = None) -> bool:
            return False

    client = Bare()
    client.alive["http://h"] = Identity("m", models=("m",))
    assert await AnyServer(client).healthy("http://h")
    assert not await AnyServer(client).healthy("http://other")


async def test_an_endpoint_is_watched_while_no_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAR_KEY", "sk-far")
    engine, client = FakeEngine(), FakeClient()
    engine.dead = True
    client.alive[FAR.url] = Identity("far-model", models=("far-model",))
    near = Endpoint("near", "http://10.0.0.6:1")
    fleet = Fleet(Host("local", "local", engine), client, time.time, beside=Beside(endpoints=Endpoints((FAR, near))))
    view = await fleet.look_once(4.0)
    rows = {server.name: server for server in view.servers}
    assert (rows["far"].state, rows["far"].model, rows["far"].api_key) == (State.READY, "far-model", "sk-far")
    assert (rows["near"].state, rows["near"].seen) == (State.SILENT, None)
    assert view.trouble == DOES_NOT_ANSWER
    assert "sk-far" not in repr(rows["far"])


async def test_a_container_keeps_its_name_before_an_endpoint() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("far", port=8123)
    fleet = Fleet(Host("local", "local", engine), client, beside=Beside(endpoints=Endpoints((FAR,))))
    view = await fleet.look_once(2.0)
    assert {(server.name, server.kind) for server in view.servers} == {("far", "container"), ("far-2", "endpoint")}
