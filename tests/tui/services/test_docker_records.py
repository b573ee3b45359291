"""Reading what engines answer, with what they leave out."""

from __future__ import annotations

from tui.insight.log_times import epoch_of
from tui.services import docker_records as records
from tui.services.docker_engine import split_reference
from tui.services.engine import Port, PullProgress


def test_a_row_with_nothing_but_an_id_is_still_a_container() -> None:
    row = records.container({"Id": "0123456789abcdef", "Names": None, "Ports": None, "Labels": None})
    assert (row.name, row.state, row.ports, row.labels) == ("0123456789ab", "", (), {})


def test_a_linked_containers_alias_is_not_its_name() -> None:
    assert records.container({"Id": "1", "Names": ["/web/db", "/db"]}).name == "db"


def test_ports_and_networks_are_read() -> None:
    ports = [
        {"PrivatePort": 8000, "PublicPort": 8001, "IP": "127.0.0.1", "Type": "tcp"},
        {"PrivatePort": 9, "Type": "udp"},
    ]
    networks = {"Networks": {"bridge": {"IPAddress": "172.17.0.2"}, "none": None}}
    row = records.container({"Id": "1", "Names": ["/a"], "Ports": ports, "NetworkSettings": networks})
    assert row.ports == (Port(8000, 8001, "127.0.0.1", "tcp"), Port(9, None, "", "udp"))
    assert row.networks == {"bridge": "172.17.0.2", "none": ""}


def test_podmans_list_of_words_becomes_a_line() -> None:
    assert records.command_line(["vllm", "serve", "my model"]) == "vllm serve 'my model'"


def test_health_checks_and_our_own_questions_are_no_events() -> None:
    for action in ("exec_create: /bin/sh", "exec_die", "top"):
        assert records.event({"Type": "container", "Action": action, "Actor": {"ID": "1"}}) is None


def test_an_event_says_when_and_what() -> None:
    actor = {"ID": "abc", "Attributes": {"name": "smol", "exitCode": "137"}}
    event = records.event({"Type": "container", "Action": "die", "Actor": actor, "time": 5, "timeNano": 5_500_000_000})
    assert event is not None
    assert (event.name, event.time, event.attributes["exitCode"]) == ("smol", 5.5, "137")


def test_times_of_all_engines_are_read() -> None:
    assert epoch_of("1970-01-01T00:00:01.500000001Z") == 1.500000001
    assert epoch_of("1970-01-01T00:00:01Z") == 1.0
    assert epoch_of("1970-01-01T01:00:01.5+01:00") == 1.5
    assert epoch_of("0001-01-01T00:00:00Z") is None
    assert epoch_of("") is None


def test_podmans_words_become_dockers() -> None:
    assert records.container({"Id": "1", "Names": ["a"], "State": "stopped"}).state == "exited"
    assert records.inspected({"Id": "1", "State": {"Status": "configured"}})["State"]["Status"] == "created"
    event = records.event({"Type": "container", "Action": "remove", "Actor": {"ID": "1"}})
    assert event is not None
    assert event.action == "destroy"


def test_products_are_told_apart() -> None:
    assert records.engine_info({"Components": [{"Name": "Podman Engine"}]}, {}, "", "").product == "Podman"
    desktop = {"Platform": {"Name": "Docker Desktop 4.40.0"}}
    assert records.engine_info(desktop, {}, "", "").product == "Docker Desktop"
    assert records.engine_info({}, {}, "", "").product == "Docker Engine"


def test_processes_are_read_by_the_titles_of_their_columns() -> None:
    answer = {"Titles": ["UID", "PID", "CMD"], "Processes": [["root", "7", "vllm serve m"], ["root", "?", "x"], []]}
    assert records.processes(answer) == [(7, "vllm serve m")]
    assert records.processes({"Titles": None}) == []


def test_a_pulls_own_lines_belong_to_no_layer() -> None:
    assert records.pull_progress({"status": "Pulling from library/x", "id": "latest"}).layer == ""
    message = {"status": "Downloading", "id": "abc", "progressDetail": {"current": 3, "total": 9}}
    assert records.pull_progress(message) == PullProgress("abc", "Downloading", 3, 9)


def test_names_of_images_are_split() -> None:
    assert split_reference("vllm/vllm-openai") == ("vllm/vllm-openai", "latest")
    assert split_reference("127.0.0.1:5000/a") == ("127.0.0.1:5000/a", "latest")
    assert split_reference("127.0.0.1:5000/a:b") == ("127.0.0.1:5000/a", "b")
    assert split_reference("a@sha256:00") == ("a", "sha256:00")
