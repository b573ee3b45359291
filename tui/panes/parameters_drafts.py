"""The drafts of every server's parameters; what was tried and did not come about stands there again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui.panes.parameters_editing import Editing
from tui.panes.profile_draft import Draft
from tui.services.preflight_check import Check
from tui.services.server import Server

Key = tuple[str, str]


class Drafts:
    """Keeps a draft for each server while its container lives, and the one that a recreate carries out until it is known how that ended."""

    def __init__(self) -> None:
        self._now: dict[Key, Editing] = {}
        self._tried: dict[Key, Editing] = {}
        self._told: dict[Key, tuple[str, str]] = {}
        """The container and the failure for which the tried draft was put back."""

    def of(self, server: Server | None) -> Editing | None:
        """Give a server's draft; None while its container has not been asked."""
        return self._now.get(server.key) if server is not None else None

    def learn(self, server: Server, editing: Editing) -> None:
        """Take what a container runs with in place of what was known of the server."""
        self._now[server.key] = editing
        self._told.pop(server.key, None)

    def change(self, server: Server, edit: Callable[[Editing], Editing]) -> None:
        """Put another state of the editing in place of a known one; who takes back all of a failed try lets go of it."""
        if (known := self._now.get(server.key)) is not None:
            self._now[server.key] = edit(known)
            if server.key in self._told and not self._now[server.key].draft.touched:
                self._tried.pop(server.key, None)

    def found(self, server: Server, check: Check | None) -> None:
        """Put beside a draft what a look found wrong with it."""
        self.change(server, lambda known: replace(known, check=check))

    def attempt(self, server: Server, editing: Editing) -> None:
        """Remember what a recreate is about to carry out."""
        self._tried[server.key] = editing
        self._told.pop(server.key, None)

    def let_go(self, key: Key) -> None:
        """Forget what was tried: it came about, or its container is no more."""
        self._tried.pop(key, None)
        self._told.pop(key, None)

    def revive(self, server: Server) -> None:
        """Put back what was tried, when it failed or was called off and the container of before is there again."""
        key, failure = server.key, (server.id, server.mishap or "")
        if not server.mishap and key in self._told:
            self.let_go(key)  # what failed is said no longer: another container took the name
        tried, now = self._tried.get(key), self._now.get(key)
        if tried is None or now is None or not server.mishap or self._told.get(key) == failure:
            return
        if now.id != server.id or now.draft.base != tried.draft.base:
            return  # not asked yet; or somebody else's: what was tried would undo what he changed
        if not now.draft.touched:
            now = replace(now, draft=Draft.of(tried.draft.profile, now.draft.base))
        if now.draft.touched:  # as the try left it, where the container was back before anybody saw it gone
            self._now[key] = now
            self._told[key] = failure

    def failure(self, server: Server) -> str:
        """Say why what stands in the form did not come about; "" when nothing failed, or nothing of it is left."""
        tried, now = self._tried.get(server.key), self._now.get(server.key)
        if tried is None or now is None or now.id != server.id or now.draft.base != tried.draft.base:
            return ""
        return server.mishap or "" if now.draft.touched else ""
