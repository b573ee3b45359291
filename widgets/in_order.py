"""Fields that are typed in obey their keys in the order in which they were pressed."""

from __future__ import annotations

from typing import cast

from textual import events
from textual.widget import Widget


class InOrder:
    """Runs its own bindings at once, where Textual lets a key climb to the app first and be overtaken by the letters typed after it.

    To be named before the field's class: `class Line(InOrder, Input)`. It is no widget: Textual follows the first of these for styles and keys.
    """

    async def _on_key(self, event: events.Key) -> None:
        """Obey a key of this field; every other goes its way (Textual calls the next class's handler by itself)."""
        field = cast(Widget, self)
        own = None if event.is_printable else field.screen.active_bindings.get(event.key)
        if own is None or not own.enabled or own.node is not field:
            return
        if await field.app.run_action(
            own.binding.action, field
        ):  # False: it has nothing to do here, but the form may have
            event.stop()
            event.prevent_default()
