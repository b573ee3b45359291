"""Servers are found among the processes by their commands, and their ports by their sockets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tui.services.proc_tree import BTIME, Tree
from tui.services.native_proc import TICKS, Proc
from tui.services.native_scan import ALL, YOUNG, Native, Scan

VLLM = ("/v/bin/python3", "/v/bin/vllm", "serve", "Qwen/Qwen3-0.6B")
ID = "a" * 64


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "proc")


def only(scan: Scan) -> Native:
    (found,) = scan.look()
    return found


@pytest.mark.parametrize(
    "argv",
    [VLLM, ("vllm", "serve", "m"), ("python", "-m", "vllm.entrypoints.openai.api_server", "--model", "m")],
)
def test_a_server_is_found_by_its_command_whoever_started_it(tree: Tree, argv: tuple[str, ...]) -> None:
    tree.add(10, *argv, start=250)
    found = only(Scan(tree.proc))
    assert (found.pid, found.id, found.began) == (10, "pid:10:250", BTIME + 250 / TICKS)


@pytest.mark.parametrize(
    "argv",
    [("VLLM::EngineCore",), ("tail", "-f", "vllm.log"), ("docker", "exec", "x", "vllm", "serve", "m"), ()],
)
def test_what_only_speaks_of_vllm_is_no_server(tree: Tree, argv: tuple[str, ...]) -> None:
    tree.add(10, *argv)
    assert Scan(tree.proc).look() == []


def test_the_port_is_that_of_its_socket_whatever_its_command_says(tree: Tree) -> None:
    tree.add(10, *VLLM, "--port", "8000")
    tree.listen(10, 77, 8167)
    found = only(Scan(tree.proc))
    assert (found.url, found.port, found.listening) == ("http://127.0.0.1:8167", 8167, True)


def test_a_childs_socket_counts_where_it_has_none_of_its_own(tree: Tree) -> None:
    tree.add(10, *VLLM)
    tree.add(11, "VLLM::APIServer_0", parent=10)
    tree.listen(10, 78, 9001, holder=11)
    assert only(Scan(tree.proc)).port == 9001


def test_what_its_workers_listen_on_is_no_way_in(tree: Tree) -> None:
    tree.add(10, *VLLM, "--port", "18731")
    tree.add(11, "VLLM::EngineCore", parent=10)
    tree.add(12, "VLLM::Worker_TP0", parent=11)
    tree.listen(10, 70, 33365, holder=12)
    tree.listen(10, 71, 33366, holder=11)
    scan = Scan(tree.proc)
    assert (only(scan).port, only(scan).listening) == (18731, False)
    tree.listen(10, 77, 18731)
    assert (only(scan).url, only(scan).listening) == ("http://127.0.0.1:18731", True)


def test_a_socket_of_its_boot_gives_way_to_the_port_that_it_was_told(tree: Tree) -> None:
    tree.add(10, *VLLM, "--port", "18731")
    tree.listen(10, 70, 41000)
    scan = Scan(tree.proc)
    assert only(scan).port == 41000
    tree.listen(10, 77, 18731)
    assert (only(scan).port, only(scan).url) == (18731, "http://127.0.0.1:18731")


@pytest.mark.parametrize(
    ("address", "url", "open_to_all"),
    [
        ("00000000", "http://127.0.0.1:8001", True),
        ("0" * 32, "http://[::1]:8001", True),
        ("00000000000000000000000001000000", "http://[::1]:8001", False),
        ("0A00000A", "http://10.0.0.10:8001", False),
    ],
)
def test_the_address_is_one_that_leads_there(tree: Tree, address: str, url: str, open_to_all: bool) -> None:
    tree.add(10, *VLLM)
    tree.listen(10, 77, 8001, address)
    found = only(Scan(tree.proc))
    assert (found.url, found.all_interfaces) == (url, open_to_all)


def test_a_server_that_does_not_listen_yet_has_the_port_of_its_command(tree: Tree) -> None:
    tree.add(10, *VLLM, "--port", "8002", "--host", "127.0.0.1")
    scan = Scan(tree.proc)
    assert (only(scan).url, only(scan).listening) == ("http://127.0.0.1:8002", False)
    tree.listen(10, 5, 8003)
    assert only(scan).port == 8003


def test_what_runs_in_a_container_belongs_to_its_engine(tree: Tree) -> None:
    tree.add(10, *VLLM, cgroup=f"/docker/{ID}")
    tree.add(11, *VLLM, nested="\t1")
    assert Scan(tree.proc).look() == []


def test_beside_us_in_our_own_container_it_is_found(tree: Tree) -> None:
    (tree.root / "self" / "cgroup").write_text(f"0::/docker/{ID}\n")
    tree.add(10, *VLLM, cgroup=f"/docker/{ID}")
    assert only(Scan(tree.proc)).pid == 10


def test_of_a_shell_line_and_its_server_only_the_server_counts(tree: Tree) -> None:
    tree.add(9, "bash", "-c", "sleep 1; vllm serve m")
    tree.add(10, "vllm", "serve", "m", parent=9)
    assert only(Scan(tree.proc)).pid == 10


def test_of_a_server_and_its_forks_only_the_first_counts(tree: Tree) -> None:
    tree.add(10, *VLLM)
    tree.add(11, *VLLM, parent=10)
    assert only(Scan(tree.proc)).pid == 10


def test_another_process_with_the_same_number_is_another_server(tree: Tree) -> None:
    scan = Scan(tree.proc)
    tree.add(10, *VLLM, start=100)
    before = only(scan).id
    tree.end(10)
    tree.add(10, *VLLM, start=900)
    scan.look()
    assert only(scan).id != before


def test_an_old_process_that_becomes_a_server_is_found_in_time(tree: Tree) -> None:
    scan = Scan(tree.proc)
    folder = tree.add(10, "bash", "start.sh")
    for _round in range(YOUNG + 1):
        assert scan.look() == []
    (folder / "cmdline").write_bytes(b"\0".join(word.encode() for word in VLLM))
    assert any(scan.look() for _round in range(ALL))


def test_it_keeps_its_row_when_it_gives_itself_a_name(tree: Tree) -> None:
    scan = Scan(tree.proc)
    folder = tree.add(10, *VLLM)
    assert only(scan)
    (folder / "cmdline").write_bytes(b"VLLM::APIServer\0")
    assert only(scan).command.model == "Qwen/Qwen3-0.6B"


def test_another_users_server_is_listed_with_what_may_be_read(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.add(10, *VLLM, "--port", "8005")
    tree.listen(10, 77, 8005)
    monkeypatch.setattr(Proc, "sockets", lambda proc, pid: None)
    monkeypatch.setattr(Proc, "owner", lambda proc, pid: 0)
    found = only(Scan(tree.proc))
    assert (found.url, found.listening, found.outputs) == ("http://127.0.0.1:8005", True, (None, None))


def test_a_folder_that_may_not_be_read_tells_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    proc = Proc(tmp_path / "nothing")
    assert proc.pids() == [] and proc.sockets(1) is None and proc.stat(1) is None and proc.argv(1) == ()
    assert proc.environ(1) == {} and proc.owner(1) is None and proc.listeners(1) == [] and not proc.contained(1)


@given(
    st.lists(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=40), max_size=8)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_no_command_line_breaks_the_look(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    tree = Tree(tmp_path_factory.mktemp("any") / "proc")
    tree.add(10, *words, "vllm")
    tree.add(11, *VLLM, *words)
    for found in Scan(tree.proc).look():
        assert found.command.original == tree.proc.argv(found.pid)


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_no_table_of_sockets_breaks_the_look(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tree = Tree(tmp_path_factory.mktemp("any") / "proc")
    folder = tree.add(10, *VLLM)
    (folder / "net" / "tcp").write_text("head\n" + text, "utf-8", "replace")
    assert only(Scan(tree.proc)).port
