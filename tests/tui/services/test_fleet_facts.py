"""What inspect says of a server."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.serve_command import ServeCommand, parse
from tests.fakes import FakeEngine
from tui.services.engine import Container
from tui.services.fleet_facts import facts, moment
from tui.services.host import Host

HOST = Host("local", "local", FakeEngine())
ROW = Container("id", "smol", "vllm/vllm-openai", "sha", "vllm serve m", "running", "Up", 0.0)


def command(*words: str) -> ServeCommand:
    found = parse(["vllm", "serve", "m", *words])
    assert found is not None
    return found


def way_in(record: dict[str, Any], *words: str) -> str | None:
    return facts(HOST, ROW, record, command(*words)).url


def test_the_published_port_is_the_way_in() -> None:
    bound = {"8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8123"}]}
    assert way_in({"NetworkSettings": {"Ports": bound}}) == "http://127.0.0.1:8123"


def test_a_port_of_its_arguments_is_looked_for_inside() -> None:
    bound = {"9000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9100"}], "8000/tcp": [{"HostPort": "1"}]}
    assert way_in({"NetworkSettings": {"Ports": bound}}, "--port", "9000") == "http://127.0.0.1:9100"


def test_under_host_network_the_port_of_its_arguments_is_the_way_in() -> None:
    record = {"HostConfig": {"NetworkMode": "host"}}
    assert way_in(record, "--port=8037") == "http://127.0.0.1:8037"
    assert facts(HOST, ROW, record, command()).all_interfaces


def test_without_a_published_port_the_containers_own_address_is_the_way_in() -> None:
    record = {"NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.5"}}}}
    assert way_in(record) == "http://172.17.0.5:8000"


def test_without_any_address_there_is_no_way_in() -> None:
    assert way_in({}) is None


def test_a_stopped_server_keeps_the_port_it_was_asked_for() -> None:
    wanted = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8001"}]}
    assert facts(HOST, ROW, {"HostConfig": {"PortBindings": wanted}}, command()).port == 8001


def test_the_key_comes_from_the_arguments_or_the_environment() -> None:
    assert facts(HOST, ROW, {}, command("--api-key", "a")).api_key == "a"
    assert facts(HOST, ROW, {"Config": {"Env": ["VLLM_API_KEY=b"]}}, command()).api_key == "b"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:10Z", 10.0),
        ("1970-01-01T00:00:10.25Z", 10.25),
        ("1970-01-01T02:00:10.5+02:00", 10.5),
        ("1970-01-01T00:00:10.123456789Z", 10.123456789),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday, at about ten", None),
        (None, None),
    ],
)
def test_the_engines_times_are_read(text: object, seconds: float | None) -> None:
    assert moment(text) == (None if seconds is None else pytest.approx(seconds, abs=1e-6))
