"""The GPUs of a host: how busy each is, how full, and who holds its memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from textual.content import Content

from widgets.gauge import gauge, percent
from widgets.line_panel import DIM, LinePanel, fitted, padded, wrapped
from widgets.spark import spark

FULL = 0.97
"""Above this share of VRAM in use one is careful."""
MANY = 2
"""More GPUs than these get one line each."""
SHORTEST = 3
"""Cells that a gauge needs to say anything."""


class GpuPanel(LinePanel):
    """A block of lines for each GPU, or one line each where there are many or the terminal is low."""

    @dataclass(frozen=True, slots=True)
    class Holder:
        """A server or another process on a GPU."""

        name: str
        memory: int | None = None
        """Bytes."""

    @dataclass(frozen=True, slots=True)
    class Part:
        """A slice of a GPU that was cut into several."""

        name: str
        used: int | None = None
        total: int | None = None
        """Bytes."""

    @dataclass(frozen=True, slots=True)
    class Row:
        """One GPU; None is shown as a dash."""

        index: int
        name: str | None = None
        temperature: float | None = None
        """Degrees Celsius."""
        power: float | None = None
        """Watts."""
        utilization: float | None = None
        """0..1."""
        memory_used: int | None = None
        """Bytes."""
        memory_total: int | None = None
        """Bytes."""
        history: tuple[float | None, ...] = ()
        """Utilisation of the last 60 seconds, oldest first."""
        holders: tuple[GpuPanel.Holder, ...] | None = None
        """Who holds memory; None where the driver does not say."""
        warnings: tuple[str, ...] = ()
        """Heat, throttling and the like in a few words each; nearly full VRAM is told without them."""
        lost: str = ""
        """Why it does not answer any more."""
        parts: tuple[GpuPanel.Part, ...] = ()
        """Its slices; empty where it is whole."""

        @property
        def memory(self) -> float | None:
            """Share of the memory in use, 0..1."""
            return self.memory_used / self.memory_total if self.memory_used is not None and self.memory_total else None

        @property
        def careful(self) -> tuple[str, ...]:
            """Every warning in words."""
            full = self.memory is not None and self.memory > FULL
            return (
                (*self.warnings, _("VRAM {share} full").format(share=percent(self.memory))) if full else self.warnings
            )

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(_("GPUs"), id=id, classes=classes)
        self._rows: tuple[GpuPanel.Row, ...] = ()
        self._words = ""

    def show(self, rows: Sequence[Row], source: str = "", words: str = "") -> None:
        """Show these GPUs and where their figures come from, or, without any, the reason in words."""
        self._rows, self._words = tuple(rows), words
        names = {row.name for row in rows}
        alike = len(rows) > MANY and len(names) == 1 and None not in names
        title = f"{_('GPUs')} · {len(rows)} × {rows[0].name}" if alike else _("GPUs")
        self._changed(title, source)

    def lines(self, width: int, low: bool) -> list[Content]:
        """Give a block or a line for each GPU."""
        if not self._rows:
            return wrapped(self._words or "—", width)
        columns = _Columns(self._rows, width)
        if low or len(self._rows) > MANY:
            alike: dict[tuple[str, ...], list[int]] = {}
            for row in self._rows:
                if not row.lost and row.careful:
                    alike.setdefault(row.careful, []).append(row.index)
            warnings = [line for words, indexes in alike.items() for line in columns.warnings(words, _spans(indexes))]
            return [columns.line(row) for row in self._rows] + warnings
        return [line for row in self._rows for line in columns.block(row)]


class _Columns:
    """What stands where in a panel of one width, the same for all its GPUs."""

    def __init__(self, rows: Sequence[GpuPanel.Row], width: int) -> None:
        self.width = width
        self.labels = _("util"), _("vram")
        self.label = 3 + max(Content(label).cell_length for label in self.labels)
        self.index = max(len(str(row.index)) for row in rows)
        self.used = max(4, *(len(_gib(row.memory_used)) for row in rows))
        self.total = max(len(_gib(row.memory_total)) for row in rows)
        self.heat = max(len(_heat(row)) for row in rows)

    def block(self, row: GpuPanel.Row) -> list[Content]:
        """Give all about one GPU."""
        head = self._head(row)
        if row.lost:
            return [head, *wrapped(row.lost, self.width, "bold $error", "  ✖ ")]
        bar = max(0, self.width - self.label - self.used - self.total - 2)
        util, vram = (Content.styled(padded(f"  {label}", self.label), DIM) for label in self.labels)
        blank = Content(" " * self.label)
        lines = [
            head,
            Content.assemble(util, gauge(row.utilization, bar), f" {percent(row.utilization):>{self.used}}"),
            Content.assemble(vram, self._memory(row, bar)),
            Content.assemble(blank, spark(row.history, bar, top=1.0).pad_right(max(0, bar - 60)), (" 60 s", DIM)),
        ]
        below = [_parts(row)] if row.parts else []
        below += [_holders(row)] if row.holders != () else []
        lines += [Content.styled(fitted(f"  └ {words}", self.width), DIM) for words in below]
        return [*lines, *self.warnings(row.careful, " ")]

    def line(self, row: GpuPanel.Row) -> Content:
        """Give one GPU on one line; the temperature gives way where the gauges get too short."""
        index = f"{row.index:>{self.index}}"
        if row.lost:
            return Content.assemble((index, "bold"), (fitted(f"✖ {row.lost}", self.width - len(index)), "bold $error"))
        mark = Content.styled("▲", "bold $warning") if row.careful else Content(" ")
        room = self.width - self.index - 1 - 5 - 1 - self.used - self.total - 2
        heat = f" {_heat(row):>{self.heat}}" if room - self.heat - 1 >= 2 * SHORTEST else ""
        room -= len(heat)
        left = max(0, room // 2)
        return Content.assemble(
            (index, "bold"),
            mark,
            gauge(row.utilization, left),
            f" {percent(row.utilization):>4} ",
            self._memory(row, max(0, room - left)),
            (heat, DIM),
        )

    def warnings(self, careful: Sequence[str], index: str) -> list[Content]:
        """Give the warnings of a GPU, or of several that have the same, in words."""
        words = " · ".join(careful)
        return wrapped(words, self.width, "$warning", f"{index:>{self.index}} ▲ ") if words else []

    def _head(self, row: GpuPanel.Row) -> Content:
        power = "—" if row.power is None else f"{row.power:.0f}"
        figures = f"  {_heat(row)}  {power} W"
        index = f"{row.index} "
        name = fitted(row.name or "—", self.width - len(index) - len(figures))
        return Content.assemble((index, "bold"), name, ("" if row.lost else figures, DIM))

    def _memory(self, row: GpuPanel.Row, bar: int) -> Content:
        tone = "$warning" if row.memory is not None and row.memory > FULL else "$accent"
        used, total = f"{_gib(row.memory_used):>{self.used}}", f"/{_gib(row.memory_total):<{self.total}}"
        return Content.assemble(gauge(row.memory, bar, tone), f" {used}", (total, DIM))


def _spans(indexes: Sequence[int]) -> str:
    """Write numbers that follow each other as one span: 0-3 5."""
    spans: list[list[int]] = []
    for index in indexes:
        if spans and index == spans[-1][-1] + 1:
            spans[-1].append(index)
        else:
            spans.append([index])
    return " ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)


def _gib(size: int | None) -> str:
    return "—" if size is None else f"{size / 2**30:.1f}"


def _heat(row: GpuPanel.Row) -> str:
    return "— °C" if row.temperature is None else f"{row.temperature:.0f} °C"


def _parts(row: GpuPanel.Row) -> str:
    """Name the slices, and how full each is; the unit stands once, at the end."""
    return " · ".join(f"{part.name} {_gib(part.used)}/{_gib(part.total)}" for part in row.parts) + " GiB"


def _holders(row: GpuPanel.Row) -> str:
    """Name those who hold memory; the unit stands once, at the end."""
    if not row.holders:
        return "—"
    return " · ".join(f"{one.name} {_gib(one.memory)}" for one in row.holders) + " GiB"
