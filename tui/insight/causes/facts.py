"""What the newest boot says of the server: its flags, its model, its version, its card."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MODEL = re.compile(r"model='([^']+)'|'model(?:_tag)?': '([^']+)'|load model (\S+?)\.\.\.")
_DEVICE = re.compile(r"(\S.*?) with CUDA capability (sm_\w+) is not compatible")


class Facts:
    """What a boot printed of itself."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self._args = lines.get("args", "")
        self._config = lines.get("config", "")
        self._lines = lines

    def given(self, name: str) -> str:
        """Give a flag's value as the boot printed it, "" where it was not given; the name in Python's spelling."""
        match = re.search(rf"[\s,{{(]'?{name}'?(?:=|: )('[^']*'|\"[^\"]*\"|\[[^\]]*\]|[^,\s)}}]+)", self._args)
        value = match[1].strip("'\"") if match else ""
        return "" if value in ("None", "auto") else value

    def number(self, name: str) -> int | None:
        """Give a flag's value as a number, None where it is none."""
        value = self.given(name)
        return int(value) if value.isdecimal() else None

    @property
    def model(self) -> str:
        """The model's name or path, "" where it is not said."""
        for line in (self._args, self._config, self._lines.get("loading", "")):
            if match := _MODEL.search(line):
                return str(next(filter(None, match.groups())))
        return self.given("model") or self.given("model_tag")

    @property
    def version(self) -> tuple[int, int]:
        """The version of vLLM, (0, 99) where it is not said: then the newest rules hold."""
        match = re.search(
            r"version v?(\d+)\.(\d+)|engine \(v(\d+)\.(\d+)", self._lines.get("version", "") + " " + self._config
        )
        if match is None:
            return (0, 99)
        major, minor = filter(None, match.groups())
        return (int(major), int(minor))

    @property
    def quantized(self) -> str:
        """How the model is quantized, as the engine's config says."""
        match = re.search(r"quantization=(\w+)", self._config)
        return match[1] if match and match[1] != "None" else self.given("quantization")

    @property
    def device(self) -> tuple[str, str]:
        """The card's name and architecture, where torch complained of it."""
        match = _DEVICE.search(self._lines.get("device", ""))
        return (match[1], match[2]) if match else ("", "")

    @property
    def cuda_seen(self) -> bool:
        """vLLM found its CUDA platform: NVML sees a card."""
        return "cuda" in self._lines

    @property
    def wsl(self) -> bool:
        """It runs under Windows."""
        return "wsl" in self._lines
