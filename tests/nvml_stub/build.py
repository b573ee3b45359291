"""Compiles the stub and writes what its cards say."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.nvml_stub.cards import Card, flat

SOURCE = Path(__file__).with_name("stub.c")
LIBRARY = "libnvidia-ml.so.1"


def compiler() -> str | None:
    """Find a C compiler."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path, *, old_driver: bool = False) -> Path:
    """Compile the library into a folder; with `old_driver` the newer functions are missing from it.

    Raises:
        RuntimeError: There is no C compiler.
    """
    command = compiler()
    if command is None:
        raise RuntimeError("there is no C compiler (cc or gcc)")
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{LIBRARY}.new"
    older = ["-DOLD_DRIVER"] if old_driver else []
    flags = ["-shared", "-fPIC", "-O2", f"-Wl,-soname,{LIBRARY}"]
    subprocess.run([command, *flags, *older, "-o", str(new), str(SOURCE), "-lm"], check=True)
    new.replace(folder / LIBRARY)
    return folder / LIBRARY


def put(folder: Path, card: Card) -> Path:
    """Write what the cards say from now on, in one step: a reader sees the old file or the new one."""
    new, path = folder / "cards.new", folder / "cards.txt"
    new.write_text("".join(f"{key}={value}\n" for key, value in flat(card)), encoding="utf-8")
    new.replace(path)
    return path


def environment(folder: Path) -> dict[str, str]:
    """Give the variables under which a program finds the stub in a folder."""
    further = os.environ.get("LD_LIBRARY_PATH")
    return {
        "LD_LIBRARY_PATH": f"{folder}:{further}" if further else str(folder),
        "NVML_STUB_CARDS": str(folder / "cards.txt"),
    }
