"""The GPUs of a host, read once a second in a thread of their own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from gettext import gettext as _
from typing import Generic, TypeVar

from tui.services.gpu import Gpu, GpuAbsent, GpuHistory, GpuReading, GpuSource, GpuView

READINGS = 60
"""How many readings the history keeps."""
REST = 9.0
"""A reading that is slow (a tool that starts anew each time) is followed by this many times its length of rest."""
LONGEST_REST = 10.0
"""Seconds."""

Answer = TypeVar("Answer")
Owned = Callable[[], Mapping[int, str]]
Told = tuple[str | None, bool]
"""Why there is nothing, and whether nothing is wrong with that."""


class Gpus:
    """Reads the first source that has GPUs; a driver that hangs holds up nobody.

    Args:
        sources: Where they are read from, best first.
        owned: Says which process belongs to which server or container; asked at every reading, from its thread.
        every: Seconds between two readings.
        patience: Seconds after which a reading counts as hanging.
        again: Seconds after which a source that had nothing is asked again.
    """

    def __init__(
        self,
        sources: Sequence[GpuSource],
        owned: Owned = dict,
        *,
        every: float = 1.0,
        patience: float = 5.0,
        again: float = 30.0,
    ) -> None:
        self._sources = tuple(sources)
        self._owned = owned
        self._every = every
        self._patience = patience
        self._again = again
        self._asleep: dict[int, tuple[float, GpuAbsent]] = {}
        self._asking = ""
        self._reader = _Reader(self._read)
        self._turn = threading.Lock()
        self._closed = threading.Event()
        self.newest: GpuView | None = None
        """The newest reading, while somebody has them read on; None before the first."""
        self._history: dict[int, tuple[deque[float | None], deque[float | None]]] = {}

    def start(self, listener: Callable[[GpuView], None]) -> None:
        """Read from now on and tell each view to `listener`, which is called from the reading thread."""
        threading.Thread(target=self._sample, args=(listener,), name="gpus", daemon=True).start()

    def close(self) -> None:
        """End the reading; waits for nothing, and nobody is told anything any more."""
        self._closed.set()

    def once(self) -> GpuView:
        """Read once; blocks until it is read, or until the patience is over."""
        with self._turn:  # whoever asks beside the regular reading waits for its end
            answer = self._reader.ask(self._patience)
        if answer is None:
            trouble = _("{source} has not answered for {seconds} s; the driver seems to hang. Run nvidia-smi to see")
            said = trouble.format(source=self._asking, seconds=round(self._patience))
            return self._view("", GpuReading(()), (said, False))
        return self._view(*answer)

    def named(self, view: GpuView) -> GpuView:
        """Give a reading again with what is known by now of whose the processes are."""
        return replace(view, gpus=self._named(view.gpus))

    def _named(self, gpus: Sequence[Gpu]) -> tuple[Gpu, ...]:
        owners = self._owned() if any(gpu.processes for gpu in gpus) else {}
        return tuple(_owned(gpu, owners) for gpu in gpus)

    def _sample(self, listener: Callable[[GpuView], None]) -> None:
        while not self._closed.is_set():
            began = time.monotonic()
            view = self.once()
            if self._closed.is_set():
                return
            self.newest = view
            listener(view)
            took = time.monotonic() - began
            self._closed.wait(max(self._every - took, min(took * REST, LONGEST_REST), 0.0))

    def _read(self) -> tuple[str, GpuReading, Told]:
        """Read the first source that has something to tell, else say why none has."""
        why = []
        for place, source in enumerate(self._sources):
            until, absent = self._asleep.get(place, (0.0, None))
            if absent is not None and time.monotonic() < until:
                why.append(absent)
                continue
            self._asking = source.name
            try:
                return source.name, source.read(), (None, False)
            except GpuAbsent as error:
                absent = error
            except Exception as error:  # a driver or tool that answers what nobody expected: the console goes on
                said = f"{type(error).__name__}: {error}"[:120]
                absent = GpuAbsent(_("{source} answers nonsense ({said})").format(source=source.name, said=said))
            self._asleep[place] = time.monotonic() + self._again, absent
            why.append(absent)
        return "", GpuReading(()), _told(why)

    def _view(self, source: str, reading: GpuReading, told: Told) -> GpuView:
        gpus = self._named(reading.gpus)
        self._remember(gpus)
        history = {index: GpuHistory(tuple(used), tuple(memory)) for index, (used, memory) in self._history.items()}
        return GpuView(gpus, source, reading.driver, reading.cuda, told[0], history, time.time(), told[1])

    def _remember(self, gpus: Sequence[Gpu]) -> None:
        """Add to the histories; a card that says nothing now has a gap there, one that is gone is forgotten."""
        found = {gpu.index: gpu for gpu in gpus}
        if found:
            self._history = {index: self._history.get(index, _empty()) for index in found}
        for index, (utilization, memory) in self._history.items():
            gpu = found.get(index, Gpu(index))
            utilization.append(gpu.utilization)
            memory.append(_filled(gpu))


class _Reader(Generic[Answer]):
    """Asks in a thread of its own, one question at a time, and gives up waiting rather than hang."""

    def __init__(self, read: Callable[[], Answer]) -> None:
        self._read = read
        self._thread: threading.Thread | None = None
        self._answers: list[Answer] = []

    def ask(self, patience: float) -> Answer | None:
        """Give the answer, None while there is none; a question that hangs is not put a second time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="gpu-reading", daemon=True)
            self._thread.start()
        self._thread.join(patience)
        if self._thread.is_alive():
            return None
        self._thread = None
        return self._answers.pop()

    def _run(self) -> None:
        self._answers.append(self._read())


def _told(why: Sequence[GpuAbsent]) -> Told:
    """Choose the one line: what is wrong, else that there is nothing."""
    wrong = [str(absent) for absent in why if not absent.bare]
    if wrong:
        return wrong[0], False
    if len(why) == 1:
        return str(why[0]), True
    return _("No GPU is seen here: there is neither an NVIDIA driver nor amd-smi"), True


def _owned(gpu: Gpu, owners: Mapping[int, str]) -> Gpu:
    if not gpu.processes or not owners:
        return gpu
    named = (replace(process, owner=owners.get(process.pid or 0)) for process in gpu.processes)
    return replace(gpu, processes=tuple(named))


def _filled(gpu: Gpu) -> float | None:
    if gpu.memory_used is None or not gpu.memory_total:
        return None
    return gpu.memory_used / gpu.memory_total


def _empty() -> tuple[deque[float | None], deque[float | None]]:
    return deque(maxlen=READINGS), deque(maxlen=READINGS)
