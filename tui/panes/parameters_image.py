"""Another image for a server: what its vLLM takes differently, told before the container is made anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from gettext import gettext as _
from gettext import ngettext
from typing import Any, TypeVar

from textual.app import App

from profiles.catalogue import Catalogue, Source
from profiles.catalogue.difference import Difference
from profiles.lint.image_change import Affected, affected, compared, mended
from profiles.profile import Profile
from tui.panes.parameters_drafts import Drafts
from tui.panes.parameters_editing import Editing
from tui.services.catalogue import Catalogues
from tui.services.host import Host
from tui.services.launch_pull import pulled
from tui.services.server import Server
from widgets.dialog import ConfirmDialog
from widgets.dialog_image import ImageDialog

Result = TypeVar("Result")


def changes_image(editing: Editing) -> bool:
    """Say whether another image is to run, whose vLLM may take other flags."""
    return editing.vllm and editing.draft.profile.image != editing.draft.base.image


async def image_agreed(app: App[object], host: Host, catalogues: Catalogues, drafts: Drafts, server: Server) -> bool:
    """Where the image changes, show what that means for this server, and put the wanted mends into its draft; False for no.

    An image that is not there is pulled first, when the user wants it.

    Raises:
        ServiceError: The engine does not answer, or the image cannot be pulled.
    """
    before = drafts.of(server)
    if before is None or not changes_image(before):
        return True
    after = await _asked(app, host, catalogues, server, before)
    if after is not None:
        drafts.change(server, lambda known: after if known.says(before) else known)
    return after is not None


async def _asked(
    app: App[object], host: Host, catalogues: Catalogues, server: Server, editing: Editing
) -> Editing | None:
    profile, image = editing.draft.profile, editing.draft.profile.image
    missing = await host.engine.image(image) is None
    if missing and not await _may_pull(app, image):
        return None
    dialog = ImageDialog(f"{editing.draft.base.image} → {image}", _looking(image))
    answer: asyncio.Future[tuple[int, ...] | None] = asyncio.ensure_future(app.push_screen_wait(dialog))
    try:
        await dialog.ready.wait()
        if missing and not await _unless(answer, _pull(host, image, dialog.say)):
            return None
        dialog.say(_looking(image))
        known = await _unless(answer, _compared(host, catalogues, server, image))
        if known is None:
            return None
        found = affected(profile, known)
        dialog.fill(lines_about(known, found), rows_of(found))
        chosen = await answer
    except BaseException:
        if not answer.done() and dialog.is_current:
            dialog.dismiss(None)
        raise
    return None if chosen is None else with_mends(editing, [found[index] for index in chosen], known.new)


def with_mends(editing: Editing, chosen: list[Affected], catalogue: Catalogue) -> Editing:
    """Give the editing with these mends in it, and with what the new image accepts."""
    profile: Profile = mended(editing.draft.profile, chosen)
    return editing.edited(editing.draft.mended(profile)).knowing(catalogue, profile.image)


def lines_about(change: Difference, found: tuple[Affected, ...]) -> list[str]:
    """Say what differs on the whole, and how much of it this server uses."""
    if not change.known:
        unknown = change.new if change.new.source is Source.BUNDLED else change.old
        side = _("the new image") if unknown is change.new else _("the image that runs")
        return [_("{side} could not be asked for its flags: what it takes differently is not known.").format(side=side)]
    versions = f"vLLM {change.old.version or '?'} → {change.new.version or '?'}"
    if change.same:
        return [versions, _("Both take the same flags.")]
    counts = [
        (len(change.died), ngettext("{n} flag dies", "{n} flags die", len(change.died))),
        (len(change.renamed), _("{n} renamed")),
        (len(change.fresh), _("{n} new")),
        (len(change.moved), ngettext("{n} default moved", "{n} defaults moved", len(change.moved))),
        (len(change.choices), ngettext("{n} value refused", "{n} values refused", len(change.choices))),
        (len(change.variables), ngettext("{n} variable not read", "{n} variables not read", len(change.variables))),
    ]
    told = " · ".join(words.format(n=count) for count, words in counts if count)
    lines = [f"{versions}: {told}"]
    if not change.whole:
        lines.append(_("One of them told its help text alone: values and defaults are not compared."))
    if not found:
        return [*lines, _("This server uses nothing of that.")]
    own = sum(one.refused for one in found)
    if own:
        text = ngettext(
            "{n} thing that this server uses is refused:", "{n} things that this server uses are refused:", own
        )
        return [*lines, text.format(n=own)]
    return [*lines, _("What this server uses is taken; this changes for it:")]


def rows_of(found: tuple[Affected, ...]) -> list[ImageDialog.Row]:
    """Give a row for each; what the image would refuse is mended unless the user says otherwise, a moved default only on his word."""
    rows = []
    for one in found:
        text = one.text
        if one.kind == "default" and one.mend is not None:
            text = _("{text} Marked, the old one is kept.").format(text=text)
        rows.append(ImageDialog.Row(text, one.mend is not None, one.refused, one.refused))
    return rows


def _looking(image: str) -> str:
    return _("Asking both images for their flags … the first time it takes up to a minute for {image}.").format(
        image=image
    )


async def _may_pull(app: App[object], image: str) -> bool:
    body = [
        _("{image} is not on the disk.").format(image=image),
        _("It is pulled now, while the server goes on running; then its flags are compared."),
    ]
    sure: bool | None = await app.push_screen_wait(
        ConfirmDialog(_("Pull {image}?").format(image=image), body, _("Pull"))
    )
    return sure is True


async def _pull(host: Host, image: str, say: Callable[[str], None]) -> bool:
    async with aclosing(pulled(host.engine, image)) as steps:
        async for step in steps:
            say(step.text if step.fraction is None else f"{step.text}  {step.fraction:.0%}")
    return True


async def _compared(host: Host, catalogues: Catalogues, server: Server, image: str) -> Difference:
    record = await host.engine.inspect(server.id)
    # The tag may have moved on since: what counts is the very image that runs.
    old = await catalogues.of_image(str(record.get("Image") or server.image))
    return compared(old, await catalogues.of_image(image))


async def _unless(answer: asyncio.Future[tuple[int, ...] | None], work: Awaitable[Result]) -> Result | None:
    """Do it, unless the user leaves before it is done."""
    task = asyncio.ensure_future(work)
    try:
        both: tuple[asyncio.Future[Any], ...] = (task, answer)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return None if answer.done() else await task
    finally:
        if not task.done():
            task.cancel()
