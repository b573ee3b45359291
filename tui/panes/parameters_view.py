"""What the parameters pane shows: old → new beside each field, and what a recreate brings about."""

from __future__ import annotations

import shlex
from gettext import gettext as _
from gettext import ngettext

from profiles.catalogue import Catalogue
from profiles.diff import changes
from profiles.lint import findings
from tui.panes.findings import KINDS, level_of, mend_words, place_of
from tui.panes.parameters_editing import Editing
from tui.panes.profile_draft import Draft
from tui.panes.profile_fields import ALL, flag_of, value
from tui.panes.profile_form import Note, Sheet, groups, shown_flags
from tui.services.errors import run_on
from tui.services.preflight_check import Check
from tui.services.recreate import Plan
from tui.services.server import Server
from widgets.dialog_recreate import RecreateDialog
from widgets.form_record import ON, Group

NOTHING = "—"

FIXED = frozenset({"name"})
"""A name is changed by renaming; that needs no new container."""


def running_groups(editing: Editing, host: str) -> tuple[Group, ...]:
    """Give the form's groups for a container that exists."""
    notes = change_notes(editing.draft, editing.check, editing.catalogue if editing.vllm else None)
    sheet = Sheet(host, notes=notes, vllm=editing.vllm, fixed=FIXED, catalogue=editing.catalogue)
    return groups(editing.draft, sheet)


def change_notes(draft: Draft, check: Check | None = None, catalogue: Catalogue | None = None) -> dict[str, Note]:
    """Give `old → new` for each changed field, and what is wrong with a new value, as it is seen or as a check found it."""
    notes = {} if catalogue is None else finding_notes(draft, catalogue)
    for name in changed_names(draft):
        old, new = value(draft.base, name), draft.value(name)
        was = f"{_short(old, name)} → {_short(new, name)}"
        found = notes.get(name)
        notes[name] = Note(f"{was} · {found.text}", found.level) if found else Note(was, "careful")
    notes.update({name: Note(why, "bad") for name, why in draft.errors.items()})
    for problem in draft.profile.problems():
        field = "port" if problem.field == "bind" else problem.field
        name = field if not field.startswith("--") or field in shown_flags() else ALL + field.removeprefix("--")
        if name in notes:
            if problem.warning:
                notes[name] = Note(f"{notes[name].text} · {problem.text}", notes[name].level)
            else:
                notes[name] = Note(problem.text, "bad")
    if check is not None:
        mend = _("{mend} ctrl+t takes it.").format(mend=check.mend) if check.offer else check.mend
        notes[check.name] = Note(run_on(check.text, mend), "bad")
    return notes


def finding_notes(draft: Draft, catalogue: Catalogue) -> dict[str, Note]:
    """Give what the image's catalogue finds about each field, its mend behind it."""
    notes: dict[str, Note] = {}
    for finding in findings(draft.profile, catalogue):
        name = place_of(finding, draft.profile)
        if name and name not in notes:
            mend = "" if finding.mend is None else f" {mend_words(finding.mend, finding.flag)} (ctrl+t)"
            notes[name] = Note(
                f"{KINDS.get(finding.kind, finding.kind)} · {finding.text}{mend}", level_of(finding, catalogue)
            )
    return notes


def changed_names(draft: Draft) -> list[str]:
    """Name the form's rows whose value is another one than what runs."""
    names = [
        "model",
        "image",
        "served_name",
        "port",
        "gpus",
        "ipc",
        "shm_size",
        "memory",
        "cpus",
        "restart",
        "user",
        "network",
    ]
    names += ["mounts", "ulimits", "options", "labels", "env", "api_key", "in_image", *shown_flags()]
    names += [ALL + flag for flag in draft.flags]
    return [name for name in names if draft.is_changed(name)]


def change_words(draft: Draft) -> str:
    """Say how much was changed and what can be done about it."""
    keys = _("ctrl+l recreate · ctrl+z undo")
    count = len({change.field for change in changes(draft.base, draft.profile)} | set(draft.errors))
    if not count:
        return _("as it runs now · / any flag")
    counted = ngettext("{count} change", "{count} changes", count).format(count=count)
    return f"{counted} · {keys}"


def failure_words(why: str) -> str:
    """Say that what stands in the form was tried, and why it did not come about; "" for nothing."""
    return _("✖ Not recreated: {why}").format(why=why) if why else ""


def recreate_facts(plan: Plan, server: Server) -> list[RecreateDialog.Fact]:
    """Say what a recreate brings about: what ends, how long it is away, the way back."""
    facts = []
    if plan.running and server.running:
        text = ngettext("{count} running request is cut off", "{count} running requests are cut off", server.running)
        facts.append(RecreateDialog.Fact(_("ends"), text.format(count=server.running)))
    if plan.needs_pull:
        facts.append(RecreateDialog.Fact(_("first"), _("the image is pulled, while the old one still runs")))
    if plan.running and server.boot_seconds is not None:
        text = _("about {seconds:.0f} s, as its last start").format(seconds=server.boot_seconds)
        facts.append(RecreateDialog.Fact(_("away"), text))
    if plan.auto_remove:
        back = _("made again from its saved configuration if the new one does not answer")
    else:
        back = _("the old container is kept until the new one has answered, and brought back if it does not")
    facts.append(RecreateDialog.Fact(_("way back"), back))
    return facts


def absent(server: Server | None, known: bool) -> str:
    """Say why there is no form to show; "" when there is one."""
    if server is None:
        return _("No server is chosen.")
    if server.kind == "process":
        told = _("{name} runs without a container, so what it was started with can be read here and not be changed:")
        return f"{told.format(name=server.name)}\n\n{shlex.join(server.arguments)}"
    if server.kind != "container":
        return _("{name} is known by its address alone: how it was started cannot be seen from here.").format(
            name=server.name
        )
    return "" if known else _("Asking how {name} was started …").format(name=server.name)


def _short(text: str, name: str) -> str:
    if flag_of(name) and text in {"", ON}:
        return _("on") if text else NOTHING
    lines = [line for line in text.splitlines() if line]
    if len(lines) > 1:
        return ngettext("{count} entry", "{count} entries", len(lines)).format(count=len(lines))
    return lines[0] if lines else NOTHING
