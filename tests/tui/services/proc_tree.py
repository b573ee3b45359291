"""A /proc of a test: processes with command lines, parents, sockets and outputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.services.native_proc import Proc

BTIME = 1_700_000_000
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


class Tree:
    """Processes in a folder.

    Args:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "self").mkdir(parents=True)
        (root / "self" / "cgroup").write_text("0::/\n")
        (root / "stat").write_text(f"cpu 1 2 3\nbtime {BTIME}\n")
        self.proc = Proc(root)

    def add(self, pid: int, *argv: str, parent: int = 1, start: int = 100, cgroup: str = "/", nested: str = "") -> Path:
        """Let a process run."""
        folder = self.root / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "net").mkdir()
        (folder / "cmdline").write_bytes(b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in argv))
        (folder / "stat").write_text(f"{pid} (a ) (b) S {parent} " + "0 " * 17 + f"{start} 0 0\n")
        (folder / "status").write_text(f"Name:\tx\nNSpid:\t{pid}{nested}\n")
        (folder / "cgroup").write_text(f"0::{cgroup}\n")
        (folder / "net" / "tcp").write_text(HEAD)
        (folder / "net" / "tcp6").write_text(HEAD)
        return folder

    def listen(self, pid: int, inode: int, port: int, address: str = "0100007F", holder: int | None = None) -> None:
        """Let a socket wait in the network that a process sees, held by it or by another one."""
        table = self.root / str(pid) / "net" / ("tcp" if len(address) == 8 else "tcp6")
        line = f"   0: {address}:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 0 {inode} 1\n"
        table.write_text(table.read_text() + line)
        (self.root / str(holder or pid) / "fd" / str(inode)).symlink_to(f"socket:[{inode}]")

    def end(self, pid: int) -> None:
        """Let a process be gone."""
        (self.root / str(pid)).rename(self.root / f"gone-{pid}")

    def write_to(self, pid: int, places: Sequence[str]) -> None:
        """Say where output and errors go."""
        for number, place in enumerate(places, 1):
            (self.root / str(pid) / "fd" / str(number)).symlink_to(place)
