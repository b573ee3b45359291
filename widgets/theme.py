"""The two themes of our own: a calm dark one and its light twin.

Their grounds are nearly grey: a terminal of 256 colours takes a bluer one for navy or black, and chosen rows and fields
are gone.
"""

from __future__ import annotations

from textual.theme import Theme


def _calm(track: str, bar: str, hover: str, chosen: str) -> dict[str, str]:
    """Scroll bars in the greys of the panels; a selection and placeholders on which text can be read."""
    tracks = {f"scrollbar-background{state}": track for state in ("", "-hover", "-active")}
    return {
        **tracks,
        "scrollbar-corner-color": track,
        "scrollbar": bar,
        "scrollbar-hover": hover,
        "scrollbar-active": hover,
        "input-selection-background": chosen,
        "text-disabled": "auto 62%",
    }


DARK = Theme(
    name="llmtui",
    dark=True,
    primary="#4f9fd8",
    secondary="#9a8bf0",
    accent="#4fd1b5",
    background="#121417",
    surface="#1c2025",
    panel="#282d34",
    success="#7cc77c",
    warning="#e2b15b",
    error="#ef7b80",
    foreground="#d5dde6",
    variables=_calm(track="#121417", bar="#3c4249", hover="#575f69", chosen="#2b4d6b"),
)

LIGHT = Theme(
    name="llmtui-light",
    dark=False,
    primary="#1a639c",
    secondary="#5b47c8",
    accent="#006d60",
    background="#f7f8f8",
    surface="#eceef0",
    panel="#e1e4e7",
    success="#1f7026",
    warning="#855700",
    error="#b3282f",
    foreground="#0e151e",
    variables=_calm(track="#f7f8f8", bar="#b9c3cd", hover="#93a1af", chosen="#b4d0ea"),
)
