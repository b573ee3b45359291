"""A conversation in the words of the screen: entries, figures, settings."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext

from tui.panes.chat_choice import Choice
from tui.services import chat_cut
from tui.services.chat_records import ChatMessage, ChatSettings, Figures
from tui.services.chat_snippets import snippets
from tui.services.server import Server, State
from widgets.answer import Entry


def entry(message: ChatMessage, name: str, running: bool = False, waiting: str = "") -> Entry:
    """A message as the conversation shows it.

    Args:
        message: The message.
        name: The server's name, for its answers.
        running: Whether it is still growing.
        waiting: What stands below it while nothing has come.
    """
    if message.role == "user":
        return Entry("you", _("you"), message.text)
    return Entry(
        "model",
        name,
        message.text.lstrip("\n"),
        message.reasoning.lstrip("\n"),
        message.figures.thought,
        message.figures.thought_tokens,
        figures_line(message.figures, running, name) or waiting,
        message.note,
        running,
    )


def figures_line(figures: Figures, running: bool = False, name: str = "") -> str:
    """`ttft 118 ms · 46.2 tok/s · 212 tokens · stop`."""
    parts: list[str] = []
    if figures.ttft is not None:
        parts.append("ttft " + (f"{figures.ttft * 1000:.0f} ms" if figures.ttft < 10 else f"{figures.ttft:.1f} s"))
    if figures.rate is not None:
        parts.append(f"{figures.rate:.1f} tok/s")
    if figures.tokens:
        parts.append(ngettext("{count} token", "{count} tokens", figures.tokens).format(count=figures.tokens))
    if running:
        return " · ".join(parts) + " …" if parts else ""
    if figures.finish and (parts or figures.finish == "stopped"):
        parts.append(_finish(figures.finish, name))
    return " · ".join(parts)


def _finish(finish: str, name: str) -> str:
    words = {
        "length": _("cut at max tokens"),
        "stopped": _("stopped"),
        "broken": _("broke off"),
        "stop": _("stop"),
        "abort": _("{name} ended while answering"),
        chat_cut.RESTARTED: _("{name} was restarted while answering"),
        chat_cut.HALTED: _("{name} was stopped while answering"),
        chat_cut.KILLED: _("{name} was killed while answering"),
        chat_cut.FAILED: _("{name} failed while answering"),
        chat_cut.REMOVED: _("{name} was removed while answering"),
    }
    return words.get(finish, finish).format(name=name)


def settings_line(settings: ChatSettings) -> str:
    """`temp 0.7 · max 1024 · thinking on`."""
    parts = [_("system prompt")] if settings.system.strip() else []
    if settings.temperature is not None:
        parts.append(_("temp {value}").format(value=f"{settings.temperature:g}"))
    if settings.top_p is not None:
        parts.append(f"top-p {settings.top_p:g}")
    if settings.max_tokens is not None:
        parts.append(_("max {value}").format(value=settings.max_tokens))
    parts.append(_("thinking on") if settings.thinking else _("thinking off"))
    return " · ".join(parts)


def code_blocks(text: str) -> list[str]:
    """The fenced code of an answer."""
    blocks: list[str] = []
    current: list[str] | None = None
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            if current is not None:
                blocks.append("\n".join(current))
                current = None
            else:
                current = []
        elif current is not None:
            current.append(line)
    return [block for block in blocks if block.strip()]


def as_markdown(messages: Sequence[ChatMessage], name: str) -> str:
    """A whole conversation as Markdown."""
    parts = [
        f"## {_('you') if message.role == 'user' else name}\n\n{message.text.strip()}\n"
        for message in messages
        if message.text
    ]
    return "\n".join(parts)


def waiting_line(server: Server) -> str:
    """What the server is busy with while it keeps us waiting; empty when it does not say.

    Our own question counts among them, so that nothing at all was counted before it came.
    """
    if (doubt := doubt_line(server)) or server.running is None or server.waiting is None:
        return doubt
    if not server.running + server.waiting:
        return ""
    words = _("on the server: running {running} · waiting {waiting} · esc stops")
    return words.format(running=server.running, waiting=server.waiting)


def doubt_line(server: Server) -> str:
    """Say that a server may never answer, to whom asks it nevertheless; empty when nothing is wrong."""
    words = {
        State.HUNG: _("{name} is hung: it gives no token. Your question stands; esc stops."),
        State.HALF: _("Some engines of {name} do not work: the answer may never come. esc stops."),
        State.BROKEN: _("{name} is broken: it answers with errors."),
    }
    return words.get(server.state, "").format(name=server.name)


def editing_line(later: int) -> str:
    """What sending an edited question does to the messages after it."""
    if not later:
        return _("Editing: enter replaces the question, esc gives up.")
    words = ngettext(
        "Editing: enter replaces the question and drops the {count} message after it, esc gives up.",
        "Editing: enter replaces the question and drops the {count} messages after it, esc gives up.",
        later,
    )
    return words.format(count=later)


def copies(messages: Sequence[ChatMessage], name: str) -> list[Choice]:
    """What can be copied of a conversation, the likeliest first."""
    answer = next(
        (message.text.strip() for message in reversed(messages) if message.role == "assistant" and message.text), ""
    )
    question = next((message.text for message in reversed(messages) if message.role == "user"), "")
    found = [Choice(_("The last answer"), answer, _("the answer"))] if answer else []
    for number, code in enumerate(code_blocks(answer)[:9], 1):
        first = code.strip().splitlines()[0][:48]
        found.append(Choice(_("Code {number}: {line}").format(number=number, line=first), code, _("the code")))
    if question:
        found.append(Choice(_("The last question"), question, _("the question")))
    found.append(Choice(_("The whole conversation"), as_markdown(messages, name), _("the conversation")))
    return found


def snippet_choices(server: Server, asked: Sequence[ChatMessage], settings: ChatSettings) -> list[Choice]:
    """The last question as a program, by language."""
    made = snippets(server, asked, settings)
    return [Choice(language, text, language) for language, text in made.items()]
