"""Finding in a log: highlights, the next and the previous match, how many there are."""

from __future__ import annotations

from dataclasses import replace

from textual.reactive import reactive
from textual.timer import Timer

from widgets.log_chunk import FRAME
from widgets.log_finder import LogFinder, Sieve
from widgets.log_index import View
from widgets.log_moves import LogMoves
from widgets.log_paint import Look
from widgets.log_pattern import Pattern


class LogSearch(LogMoves):
    """A log in which one can find; it looks through many lines in slices, never long at once."""

    wanted: reactive[Pattern | None] = reactive(None)
    """What is looked for; its matches are highlighted."""

    def __init__(self, *, limit: int = 256_000_000, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(limit=limit, id=id, classes=classes)
        self.finder = LogFinder(self.store)
        self.searched = True
        """Whether all lines were looked through."""
        self._origin = 0
        self._seeking: tuple[int, bool] | None = None
        self._slice: Timer | None = None
        self._found_in: int | None = None
        """The fold that is open only because a match was found in it."""

    @property
    def matches(self) -> tuple[int | None, int]:
        """Which match the chosen line is, from 1, and how many there are (as far as looked through)."""
        place = self.finder.place(self.cursor) if self.cursor is not None and self.wanted is not None else None
        return place, self.finder.count if self.wanted is not None else 0

    def begin_search(self) -> None:
        """Remember the place from which a search that is being typed looks."""
        self._origin = self.cursor if self.cursor is not None else self.index.line_at(self.scroll_offset.y)[0]

    def seek(self, backward: bool = False) -> None:
        """Go to the next match after the chosen line (or the top of what is in view), or to the one before."""
        if self.wanted is not None:
            here = self.cursor
            self._seek_from(here if here is not None else self.index.line_at(self.scroll_offset.y)[0] - 1, backward)

    def seek_from_origin(self) -> None:
        """Go to the first match at or after the place where the search began."""
        if self.wanted is not None:
            self._seek_from(self._origin - 1, False)

    def _seek_from(self, index: int, backward: bool) -> None:
        self._seeking = (index, backward)
        self._look_on()

    def watch_wanted(self) -> None:
        """Look for something else."""
        self.finder.pattern = self.wanted
        self.searched = self.wanted is None
        self._seeking = None
        if self.wanted is None:
            self._leave_fold()
        self.refresh()
        self.refresh_bindings()
        self._look_on()

    def _sift(self) -> None:
        """Look anew among the lines that can be seen now."""
        view = self.index.view
        sieve = Sieve(view.only, view.polls, view.unfolded)
        if sieve != self.finder.sieve:
            self.finder.sieve = sieve
            self.searched = self.wanted is None

    def watch_heads(self) -> None:
        """Count rows anew, heads shown or not."""
        super().watch_heads()
        if self.wanted is not None:
            self.wanted = replace(self.wanted, whole=self.heads)
        if self.only is not None:
            self.only = replace(self.only, whole=self.heads)

    def clear(self) -> None:
        """Forget all lines, and what was found in them."""
        super().clear()
        self.finder = LogFinder(self.store)
        self.finder.pattern = self.wanted
        self._sift()
        self._seeking = self._found_in = None

    def synced(self) -> None:
        """Look through what came."""
        super().synced()
        self._sift()
        if self.wanted is not None and self._slice is None:
            self._look_on()

    def look(self, index: int, view: View) -> Look:
        """Say how a line is drawn."""
        look = super().look(index, view)
        return look if self.wanted is None else look.matching(self.wanted)

    def _look_on(self) -> None:
        """Look through one slice; go to the match that is sought as soon as the way to it is known."""
        if self._slice is not None:
            self._slice.stop()
            self._slice = None
        if self.wanted is None:
            return
        start, backward = self._seeking or (self._anchor[0], False)
        self.searched = self.finder.settle(start, backward)
        if self._seeking is not None:
            found = self.finder.next(start, backward, self._may_be_shown)
            if found is not None or self.searched:
                self._seeking = None
            if found is not None:
                self._show_match(found)
        if not self.searched:
            self._slice = self.set_timer(0.002, self._look_on)
        self.looked()

    def looked(self) -> None:
        """Called after each slice; for whoever shows the count."""

    def _may_be_shown(self, index: int) -> bool:
        """Whether a line is in view when scrolled to, its fold opened if need be."""
        self.index.settle(index, budget=0)
        return self.index.height(index) > 0 or bool(self.store.kind(index) & FRAME)

    def _show_match(self, index: int) -> None:
        """Go to a match; the fold that hides it opens for as long as one is there."""
        head = self.store.head_of(index)
        if head != self._found_in:
            self._leave_fold()
        was_open = head is None or self.index.is_open(head)
        self.reveal(index)
        if head is not None and not was_open and self.index.is_open(head):
            self._found_in = head

    def _leave_fold(self) -> None:
        """Close the fold that was opened for a match, unless the reader has taken it over."""
        head, self._found_in = self._found_in, None
        if head is None or head < self.store.first or not self.index.is_open(head):
            return
        self.index.toggle(head)
        if self.cursor is not None and self.store.first <= self.cursor and self.store.head_of(self.cursor) == head:
            self.cursor = head
        self.sync()

    def reveal(self, index: int) -> None:
        """Choose a line and bring it into view, opening the fold that hides it."""
        head = self.store.head_of(index)
        self.index.settle(index, budget=0)
        if self.index.height(index) == 0 and head is not None and not self.index.is_open(head):
            self.index.toggle(head)
        self.go_to(index)
