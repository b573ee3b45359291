"""A Docker daemon that a test may kill, freeze and start again: own socket, data, network and containerd namespace."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import tarfile
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.own_network import OwnNetwork

BUSYBOX = "llmtui-test/busybox:latest"
"""An image with Debian's busybox-static and its sh, printf, sleep, awk, …"""


def until(condition: Callable[[], Any], seconds: float = 10.0, what: str = "it") -> Any:
    """Wait until something is true, and give it; fail after the deadline."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen in {seconds} s")
        time.sleep(0.02)
    return found


class OwnDaemon:
    """One dockerd with everything of its own."""

    def __init__(self) -> None:
        self.folder = Path(
            "/tmp", f"ltd-{uuid.uuid4().hex[:8]}"
        )  # letters and digits: containerd takes it for a namespace
        self.folder.mkdir(0o700)
        self.address = f"unix://{self.folder}/d.sock"
        self.network = OwnNetwork(self.folder.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._containerd: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again) and wait until it answers."""
        (self.folder / "pid").unlink(missing_ok=True)
        self._start_containerd()
        self.network.begin()
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        name = self.folder.name
        # A network namespace of its own: with --bridge=none a daemon deletes docker0, which is the machine's.
        command = [*self.network.enter(), "dockerd", "-H", self.address]
        command += ["--iptables=false", "--ip6tables=false", "--ip-forward=false"]
        command += [] if self.network.address else ["--bridge=none"]
        command += [f"--{flag}={self.folder / place}" for flag, place in places.items()]
        command += [f"--containerd-namespace={name}", f"--containerd-plugins-namespace={name}-plugins"]
        self._process = self._spawn([*command, f"--containerd={self.folder}/c.sock"])
        until(self._answers, 30, "the daemon's start")

    def _start_containerd(self) -> None:
        """Give it a containerd of its own that outlives it, as on a machine with systemd."""
        if self._containerd is None or self._containerd.poll() is not None:
            places = {"root": "c-root", "state": "c-state", "address": "c.sock"}
            flags = [f"--{flag}={self.folder / place}" for flag, place in places.items()]
            config = self.folder / "containerd.toml"
            config.write_text('version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n')
            self._containerd = self._spawn(["containerd", f"--config={config}", *flags])
            until((self.folder / "c.sock").exists, 20, "the start of containerd")

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def kill(self, how: int = signal.SIGKILL) -> None:
        """Kill the daemon; its containers' processes stay."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def freeze(self) -> None:
        """Stop it in its tracks: it takes connections and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def ready(self) -> None:
        """Bring it back to life, whatever the last test did, with no container."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
        else:
            self.start()
        client = self.client()
        for row in client.containers(all=True):
            client.remove_container(row["Id"], force=True)
        client.close()

    def client(self) -> Any:
        """Give docker-py's own client."""
        import docker

        return docker.APIClient(self.address, version="auto", timeout=20)

    def run(self, name: str, command: Sequence[str], **config: Any) -> str:
        """Run a busybox container without a network; give its id."""
        return run_busybox(self.client(), name, command, **config)

    def end(self) -> None:
        """End it and leave nothing behind."""
        with contextlib.suppress(Exception):
            self.ready()
        self.kill(signal.SIGTERM)
        if self._containerd is not None:
            self._containerd.terminate()
            self._containerd.wait(20)
        self._kill_the_rest()
        self.network.end()
        for line in Path("/proc/self/mounts").read_text().splitlines():
            if (place := line.split()[1]).startswith(str(self.folder)):
                subprocess.run(["umount", "-l", place], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kill_the_rest(self) -> None:
        """Kill what our daemon started and left; its command line names our folder."""
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if str(self.folder).encode() in entry.read_bytes() and int(entry.parent.name) != os.getpid():
                    os.kill(int(entry.parent.name), signal.SIGKILL)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError((self.folder / "log").read_text()[-2000:])
        with contextlib.suppress(Exception):
            client = self.client()
            client.close()
            return True
        return False


def import_busybox(client: Any) -> str | None:
    """Make sure of the busybox image; None where Debian's busybox-static is absent."""
    from docker.errors import ImageNotFound

    with contextlib.suppress(ImageNotFound):
        client.inspect_image(BUSYBOX)
        return BUSYBOX
    program = shutil.which("busybox")
    if program is None or b"/ld-linux" in Path(program).read_bytes():
        return None
    client.import_image_from_data(_busybox_tar(Path(program)), repository=BUSYBOX)
    return BUSYBOX


def _busybox_tar(program: Path) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        tar.add(os.path.realpath(program), "bin/busybox")
        for name in (
            "sh",
            "cat",
            "sleep",
            "printf",
            "echo",
            "awk",
            "head",
            "tr",
            "yes",
            "true",
            "false",
            "seq",
            "usleep",
        ):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return data.getvalue()


def run_busybox(client: Any, name: str, command: Sequence[str], **config: Any) -> str:
    """Run a busybox container without a network that ends at once when told to."""
    from docker.errors import NotFound

    with contextlib.suppress(NotFound):
        client.remove_container(name, force=True)
    body = {"Image": BUSYBOX, "Cmd": list(command), "Env": ["PATH=/bin"], "StopSignal": "SIGKILL", **config}
    body.setdefault("HostConfig", {})
    body["HostConfig"].setdefault("NetworkMode", "none")
    answer = client._post_json(client._url("/containers/create"), body, params={"name": name})
    client._raise_for_status(answer)
    client.start(name)
    return str(answer.json()["Id"])
