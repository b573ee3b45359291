"""Recreating a container with other settings: the old one is kept until the new one has answered, and a kill can be mended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from gettext import gettext as _

from tui.services.answer import Ask, one_token
from tui.services.answer_wait import CalledOffError, Waiting, wait_for_answer
from tui.services.docker_records import stop_seconds
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.journal_engine import entries_here, kept_here
from tui.services.launch_pull import pulled
from tui.services.launch_step import Step
from tui.services.recreate_back import Back, think_back
from tui.services.recreate_kept import check_undo, follow, keep, kept_names, let_go, prune, tidy
from tui.services.recreate_plan import Edit, Plan, check_fresh, make_plan
from tui.services.recreate_recover import Recovered, failed, is_sound, recover_launch, roll_back, settle, stop_new
from tui.services.recreate_steps import Say, Work, free_name
from tui.services.timeline import Way, as_data, forget_gone, saved_lines, version_of

__all__ = ["Plan", "Recovered", "Recreator", "Step"]

LIMIT_SECONDS = 1800.0
"""How long a new server may take until it answers."""


class Recreator:
    """Recreates containers on one host, undoes it, and mends what a killed run left behind.

    Args:
        host: Where.
        journal: Keeps the way back on disk.
        ask: Proves that a server works; `one_token`, or a stand-in.
        limit: Seconds that a new server may take until it answers.
    """

    def __init__(self, host: Host, journal: Journal, ask: Ask = one_token, limit: float = LIMIT_SECONDS) -> None:
        self.host = host
        self._journal = journal
        self._ask = ask
        self._limit = limit
        self._cancels: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.saved: frozenset[str] = frozenset()
        """The servers of which earlier or later configurations are written down, as of the last change or `recover`."""

    async def plan(self, container: str, edit: Edit | None = None) -> Plan:
        """Think a recreate through; nothing is changed. `edit` gets the create body and gives the new one."""
        return await make_plan(self.host, container, edit)

    async def recreate(self, plan: Plan, start: bool | None = None) -> AsyncGenerator[Step, None]:
        """Do it, and say each step. Leaving the iteration does not stop it: `cancel` does, and brings the old one back.

        Args:
            plan: What to do.
            start: Start the new one; None starts it when the old one runs.

        Raises:
            ServiceError: It failed; the old container is back, and the error says so and quotes the cause.
        """
        said: asyncio.Queue[Step | None] = asyncio.Queue()
        task = asyncio.ensure_future(self._run(plan, start, said.put_nowait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: _end(done, said))
        while (step := await said.get()) is not None:
            yield step
        await task

    def cancel(self, name: str) -> bool:
        """Call a recreate off: it rolls back and ends with a ServiceError; False when none is under way."""
        event = self._cancels.get(name)
        if event is not None:
            event.set()
        return event is not None

    async def step(self, name: str, way: Way) -> Back | None:
        """Think a step to an earlier or later configuration through; None where there is none. Nothing is changed."""
        return await think_back(self.host, self._journal, name, way)

    async def undo(self, name: str, way: Way = "undo") -> str:
        """Bring back the container that the last recreate set aside; give a sentence.

        `way` says whether that is a step back or, after one, the step forward again.

        Raises:
            ServiceError: There is nothing to bring back, or it could not be brought back.
        """
        with await self._journal.hold(self.host.name, name):
            kept = await kept_here(self.host, self._journal, name)
            if kept is None:
                raise ServiceError(_("There is no earlier {name} to bring back").format(name=name))
            await prune(self.host.engine, self._journal, kept)
            work = Work(self.host.engine, self._journal, replace(kept, kind="recreate"))
            await check_undo(work)
            new = await work.find_new()
            left = as_data(version_of(new) if new is not None else None)
            await work.note("undo", undo=True, way=way, left=left, target=work.data["old"])
            await stop_new(work)
            said = await roll_back(work)
            await self._look()
            return said

    async def kept(self) -> frozenset[str]:
        """Name the servers of this engine that `undo` can bring back; cheap where nothing is kept.

        Raises:
            ServiceError: Something is kept, and the engine does not say whether it is this one's.
        """
        return await kept_names(self.host, self._journal)

    async def let_go(self, name: str) -> None:
        """Remove what the last recreate set aside and all that is written down of it: there is no way back after this."""
        with await self._journal.hold(self.host.name, name):
            await let_go(self.host, self._journal, name)
            await self._look()

    async def kept_as(self, name: str) -> str:
        """Name the container that is kept aside for a server; "" when there is none."""
        kept = await kept_here(self.host, self._journal, name)
        return "" if kept is None or kept.data.get("auto_remove") else str(kept.data.get("aside") or "")

    async def renamed(self, old: str, new: str) -> None:
        """Let what is kept aside follow a server that has just been renamed."""
        with await self._journal.hold(self.host.name, old), await self._journal.hold(self.host.name, new):
            await follow(self.host, self._journal, old, new)
            await self._look()

    async def recover(self) -> list[Recovered]:
        """Finish or undo what a killed run left unfinished on this engine, and say what became of each.

        What another llmtui does is left alone.

        Raises:
            ServiceError: Something is unfinished, and the engine does not answer.
        """
        entries = await entries_here(self.host, self._journal)
        broken = [Recovered("", text) for text in self._journal.broken]
        names = dict.fromkeys(entry.name for entry in entries)
        done = await asyncio.gather(*(self._recover_all([e for e in entries if e.name == name]) for name in names))
        await forget_gone(self._journal, self.host)
        await self._look()
        return [*broken, *(one for some in done for one in some)]

    async def _look(self) -> None:
        self.saved = frozenset(await saved_lines(self._journal, self.host))

    async def _recover_all(self, entries: list[Entry]) -> list[Recovered]:
        entries = sorted(entries, key=lambda entry: entry.kind == "kept")  # what is under way first
        return [one for entry in entries if (one := await self._recover(entry)) is not None]

    async def _recover(self, entry: Entry) -> Recovered | None:
        try:
            hold = await self._journal.hold(self.host.name, entry.name)
        except ServiceError:
            return None
        with hold:
            if not is_sound(entry):
                text = _("The journal's entry on {name} is damaged; remove {file}.")
                return Recovered(
                    entry.name, text.format(name=entry.name, file=self._journal.folder / f"{entry.key}.json")
                )
            try:
                text = await self._judged(entry)
            except ServiceError as error:
                text = _("{name} was left in the middle of a recreate and could not be mended: {why}")
                text = text.format(name=entry.name, why=error)
        return Recovered(entry.name, text) if text else None

    async def _judged(self, entry: Entry) -> str:
        engine = self.host.engine
        fresh = [one for one in await self._journal.entries() if one.key == entry.key]
        if not fresh:
            return ""  # another llmtui was quicker
        entry = fresh[0]
        work = Work(engine, self._journal, entry)
        if entry.kind == "launch":
            await asyncio.sleep(max(0.0, min(2.0, entry.time + 2.0 - time.time())))
            return await recover_launch(engine, self._journal, entry)
        if entry.kind == "kept":
            await tidy(self.host, self._journal, entry)
            return ""
        await settle(work)
        return await self._finished_or_undone(work)

    async def _finished_or_undone(self, work: Work) -> str:
        new = await work.find_new() if work.entry.step in ("start", "wait") else None
        if new is None or not (new.get("State") or {}).get("Running"):
            text = await roll_back(work)
            return _("The recreate of {name} was cut off. {text}").format(name=work.name, text=text)
        try:
            await self._proven(work, str(new["Id"]), asyncio.Event())
        except ServiceError as error:
            text = await roll_back(work)
            said = _("The recreate of {name} was cut off and then failed ({why}). {text}")
            return said.format(name=work.name, why=error.detail or error.title, text=text)
        await keep(work)
        return _("The recreate of {name} was cut off while it started; it is finished now.").format(name=work.name)

    async def _run(self, plan: Plan, start: bool | None, say: Say) -> None:
        cancelled = asyncio.Event()
        with await self._journal.hold(self.host.name, plan.name):
            self._cancels[plan.name] = cancelled
            try:
                work = await self._begun(plan, start, say, cancelled)
                try:
                    await self._replaced(work, cancelled)
                except Exception as error:  # whatever it was, the old container comes back first
                    raise await failed(work, error) from error
                await keep(work)
                await self._look()
            finally:
                self._cancels.pop(plan.name, None)
        say(Step("done", _("{name} is recreated").format(name=plan.name), 1.0))

    async def _begun(self, plan: Plan, start: bool | None, say: Say, cancelled: asyncio.Event) -> Work:
        """Do all that can be done while the old one still runs, and write the way back into the journal."""
        engine = self.host.engine
        record = await engine.inspect(plan.id)
        check_fresh(plan, record)
        for unfinished in await entries_here(self.host, self._journal, plan.name):
            if unfinished.kind != "kept":
                raise ServiceError(await self._judged(unfinished), mend=_("Look again, then retry."))
        entry = Entry("recreate", self.host.name, plan.name, "plan", engine=(await engine.info()).identity)
        if plan.needs_pull:
            await self._pull(plan, say, cancelled)
        running = bool((record.get("State") or {}).get("Running"))
        policy = (record.get("HostConfig") or {}).get("RestartPolicy") or {}
        work = Work(engine, self._journal, entry, say)
        await work.note(
            "plan",
            _("Saving the present configuration"),
            old=plan.id,
            aside=await free_name(engine, plan.name),
            running=running,
            start=running if start is None else start,
            auto_remove=plan.auto_remove,
            policy=str(policy.get("Name") or "no"),
            retries=int(policy.get("MaximumRetryCount") or 0),
            grace=stop_seconds(record),
            old_body=plan.old.body,
            old_networks=plan.old.networks,
            body=plan.body,
            networks=plan.old.networks if plan.networks is None else plan.networks,
            way=plan.way,
            target=plan.target,
            left=as_data(replace(version_of(record), body=plan.old.body)),
        )
        return work

    async def _pull(self, plan: Plan, say: Say, cancelled: asyncio.Event) -> None:
        async with aclosing(pulled(self.host.engine, str(plan.body["Image"]))) as progress:
            async for step in progress:
                say(step)
                if cancelled.is_set():
                    raise ServiceError(_("The recreate of {name} was cancelled").format(name=plan.name))

    async def _replaced(self, work: Work, cancelled: asyncio.Event) -> None:
        _check(cancelled)
        await work.set_aside()
        _check(cancelled)
        new = await work.put_new()
        _check(cancelled)
        if work.data["start"]:
            await work.start_new(new)
            await self._proven(work, new, cancelled)

    async def _proven(self, work: Work, new: str, cancelled: asyncio.Event) -> None:
        await work.note("wait")

        def told(text: str, fraction: float | None) -> None:
            work.say(Step("wait", text, fraction))

        model = await wait_for_answer(self.host, new, self._ask, Waiting(self._limit, cancelled, told))
        if model:
            work.say(Step("wait", _("{model} answers").format(model=model), 1.0))


def _check(cancelled: asyncio.Event) -> None:
    if cancelled.is_set():
        raise CalledOffError


def _end(done: asyncio.Task[None], said: asyncio.Queue[Step | None]) -> None:
    if not done.cancelled():
        done.exception()  # nobody may be listening any more; the journal and the list of containers tell the rest
    said.put_nowait(None)
