"""What inspect says of a server."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.serve_command import ServeCommand, parse
from tests.fakes import FakeEngine
from tui.insight.log_times import epoch_of
from tui.services.engine import Container, EngineInfo
from tui.services.fleet_facts import facts, is_native
from tui.services.fleet_watch import Way
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


def test_under_host_network_its_own_address_says_who_reaches_it() -> None:
    record = {"HostConfig": {"NetworkMode": "host"}}
    assert facts(HOST, ROW, record, command("--host", "0.0.0.0")).all_interfaces
    assert not facts(HOST, ROW, record, command("--host", "127.0.0.1")).all_interfaces


def test_without_a_published_port_the_containers_own_address_is_the_way_in() -> None:
    record = {"NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.5"}}}}
    assert way_in(record) == "http://172.17.0.5:8000"


def test_an_engine_elsewhere_or_in_a_virtual_machine_lends_no_containers_own_address() -> None:
    record = {"NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.5"}}}}
    assert facts(HOST, ROW, record, command(), native=False).url is None
    assert not is_native(EngineInfo("27", "1.46", "Docker Desktop", "unix:///var/run/docker.sock", "default"))
    assert not is_native(EngineInfo("27", "1.46", "Docker Engine", "tcp://gpu1:2375", "DOCKER_HOST"))


def test_a_port_bound_to_an_ipv6_address_gets_its_brackets() -> None:
    bound = {"8000/tcp": [{"HostIp": "fd00::5", "HostPort": "8123"}]}
    assert way_in({"NetworkSettings": {"Ports": bound}}) == "http://[fd00::5]:8123"


def test_what_a_far_engine_publishes_is_looked_for_on_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.cli.build import _this_machine

    monkeypatch.setenv("DOCKER_HOST", "tcp://gpu1:2375")
    bound = {"8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8123"}]}
    found = facts(_this_machine(), ROW, {"NetworkSettings": {"Ports": bound}}, command())
    assert found.url == "http://gpu1:8123"


def test_no_key_stands_in_what_a_record_says_of_itself() -> None:
    found = facts(HOST, ROW, {}, command("--api-key", "hush"))
    assert "hush" not in repr(found)
    assert "hush" not in repr(Way(found.url, found.api_key))


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
    assert epoch_of(text) == (None if seconds is None else pytest.approx(seconds, abs=1e-6))
