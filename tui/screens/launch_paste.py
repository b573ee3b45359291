"""The dialog that takes a pasted command and says at once what it understood; nothing pasted is ever run."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from profiles.catalogue import Catalogue
from profiles.lint import Finding
from profiles.paste import Pasted, read, services, to_profile
from profiles.profile import Profile
from tui.panes.findings import KINDS, head, pasted_level
from widgets.dialog import Reply
from widgets.form_editors import LinesEditor
from widgets.form_lines import HangingLine, HangingText
from widgets.form_record import COLOURS, GLYPHS, Edited
from widgets.overlay import Overlay

DIM = "$foreground 62%"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a pasted text says, ready for the form."""

    profile: Profile
    notes: tuple[Finding, ...]


class PasteEditor(LinesEditor):
    """Where the command is pasted or typed: many lines, each as it is."""

    DEFAULT_CSS = """
    PasteEditor, PasteEditor:focus { height: 10; max-height: 40%; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, _("(paste it here; nothing in it is run)"))
        self.soft_wrap = True


class PasteDialog(Overlay[Taken | None]):
    """Takes a command; dismissed with what it says, or None.

    Args:
        catalogue: What the image in view accepts.
        text: What was pasted already.
    """

    DEFAULT_CSS = """
    PasteDialog > Vertical { width: 110; height: auto; max-height: 100%; padding: 0 1; }
    PasteDialog #understood {
        height: auto; max-height: 50%; min-height: 4; border-top: solid $foreground 38%;
        scrollbar-size-vertical: 1; scrollbar-background: $surface; scrollbar-color: $foreground 38%;
    }
    PasteDialog .paste--answers { height: 1; align-horizontal: right; }
    """

    BINDINGS = [
        Binding("escape", "close", _("Back"), id="paste.close", tooltip=_("Close and take nothing over")),
        Binding("ctrl+l", "take", _("Into the form"), id="paste.take", tooltip=_("Make a new profile of it")),
        Binding(
            "ctrl+n",
            "another",
            _("Next server"),
            id="paste.next",
            tooltip=_("Read the next of the servers in this text"),
        ),
    ]

    def __init__(self, catalogue: Catalogue, text: str = "") -> None:
        super().__init__(_("Paste a docker run, a compose file or a vllm serve"))
        self._catalogue = catalogue
        self._editor = PasteEditor(text)
        self._said = HangingText()
        self._pasted = Pasted()
        self._names: tuple[str, ...] = ()
        self._chosen = ""

    def compose_box(self) -> ComposeResult:
        """The text, what was understood of it, the answers."""
        yield self._editor
        with VerticalScroll(id="understood", can_focus=False):
            yield self._said
        with Horizontal(classes="paste--answers"):
            yield Reply(_("Cancel"), "esc", id="cancel")
            yield Reply(_("Into the form"), "ctrl+l", id="confirm")

    def on_mount(self) -> None:
        """Read what is there; where something is, enter takes it."""
        self._editor.focus()
        self._offer()

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        self._read()

    @on(Reply.Pressed)
    def _answered(self, event: Reply.Pressed) -> None:
        event.stop()
        if event.answer.id == "confirm":
            self.action_take()
        else:
            self.dismiss(None)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted stands in the text; what was understood can be taken by enter."""
        event.stop()
        if not self._editor.has_focus:
            self._editor.load_text(event.text)
        self.call_after_refresh(self._offer)

    def _offer(self) -> None:
        self._read()
        if self._is_launch:
            self.query_one("#confirm", Reply).focus()

    def action_close(self) -> None:
        """Take nothing over."""
        self.dismiss(None)

    def action_another(self) -> None:
        """Read the next server of the text."""
        if len(self._names) > 1:
            at = self._names.index(self._chosen) if self._chosen in self._names else 0
            self._chosen = self._names[(at + 1) % len(self._names)]
            self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a next server only where there are several, and nothing to take where nothing was understood."""
        if action == "another":
            return len(self._names) > 1
        return action != "take" or self._is_launch

    def action_take(self) -> None:
        """Hand over what was understood."""
        if self._is_launch:
            self.dismiss(Taken(*to_profile(self._pasted)))

    @property
    def _is_launch(self) -> bool:
        return self._pasted.run_as is not None and self._pasted.model is not None

    def _read(self) -> None:
        text = self._editor.text
        self._names = services(text)
        if self._chosen not in self._names:
            self._chosen = self._names[0] if self._names else ""
        self._pasted = read(text, self._catalogue, self._chosen)
        self._said.lines = understood(self._pasted, self._names, self._chosen) if text.strip() else ()
        self.refresh_bindings()


def understood(pasted: Pasted, names: tuple[str, ...], chosen: str) -> tuple[HangingLine, ...]:
    """Say what was understood of a text: the launch, part by part, then the notes."""
    lines = []
    if len(names) > 1:
        shown = Content(" · ").join(Content.styled(name, "reverse" if name == chosen else "") for name in names)
        lines.append(_row(_("servers"), shown + Content.styled("  ctrl+n", DIM)))
    lines += [_row(name, Content(value)) for name, value in _parts(pasted) if value]
    for note in pasted.notes:
        level = pasted_level(note)
        about, word = head(note), KINDS.get(note.kind, "")
        words: list[str | Content | tuple[str, str]] = []
        if about and word:
            words = [(about, "bold"), " ", (word, COLOURS[level]), " · "]
        mark = Content.styled(GLYPHS[level].strip() or "·", COLOURS[level])
        lines.append(HangingLine(Content.assemble(*words, note.text), mark))
    return tuple(lines)


def _parts(pasted: Pasted) -> list[tuple[str, str]]:
    """Name the parts of a launch; the names of secrets' variables stand there without their values."""
    if pasted.run_as is None:
        return []
    profile, _notes = to_profile(pasted)
    flags = " ".join(f"--{name}" if value is None else f"--{name} {value}" for name, value in profile.flags)
    return [
        (_("runs as"), pasted.run_as),
        (_("image"), pasted.image or ""),
        (_("model"), pasted.model or ""),
        (_("port"), f"{profile.bind}:{profile.port}" if profile.port else ""),
        (_("gpus"), profile.gpus if pasted.run_as == "docker" else ""),
        (_("mounts"), ", ".join(f"{one.source} → {one.target}" for one in profile.mounts)),
        (_("flags"), flags),
        (_("variables"), ", ".join([*(f"{name}={value}" for name, value in profile.env), *profile.env_names])),
        (_("more options"), " ".join([*profile.options, *(f"--ulimit {one}" for one in profile.ulimits)])),
    ]


def _row(name: str, value: Content) -> HangingLine:
    return HangingLine(value, Content.styled(name, DIM), indent=14)
