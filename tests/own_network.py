"""A network of its own for a daemon of a test, with a way in from this machine: its bridge is never the machine's."""

from __future__ import annotations

import shutil
import subprocess
import zlib


class OwnNetwork:
    """One network namespace and a pair of addresses between it and this machine.

    Args:
        name: Names it; at most 12 characters.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.address: str | None = None
        """How what listens inside is reached from here; None where `ip` is absent or may not do it."""
        number = zlib.crc32(name.encode()) % 16384 * 4  # 198.18.0.0/16 is kept for tests of networks
        self._ours, self._theirs = (f"198.18.{number >> 8}.{(number & 255) + one}" for one in (1, 2))

    def begin(self) -> None:
        """Make it, once."""
        if self.address is None and shutil.which("ip") and shutil.which("nsenter"):
            inside, outside = f"{self.name}-i", f"{self.name}-o"
            self.address = self._theirs
            for line in (
                f"netns add {self.name}",
                f"-n {self.name} link set lo up",
                f"link add {outside} type veth peer name {inside} netns {self.name}",
                f"addr add {self._ours}/30 dev {outside}",
                f"link set {outside} up",
                f"-n {self.name} addr add {self._theirs}/30 dev {inside}",
                f"-n {self.name} link set {inside} up",
            ):
                if subprocess.run(["ip", *line.split()], check=False, capture_output=True).returncode:
                    self.end()
                    return

    def enter(self) -> list[str]:
        """What stands in front of a command that is to run inside; without a way in, the namespace lasts as long as it does."""
        return ["unshare", "--net"] if self.address is None else ["nsenter", f"--net=/run/netns/{self.name}"]

    def end(self) -> None:
        """Remove it."""
        if self.address is not None:
            self.address = None
            subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)
            subprocess.run(["ip", "link", "del", f"{self.name}-o"], check=False, capture_output=True)
