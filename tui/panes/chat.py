"""The chat tab: one conversation, one draft and one running answer for each server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from gettext import gettext as _

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static, TextArea
from textual.worker import Worker

from tui.messages import CopyAsked, ServiceFailed
from tui.panes.chat_choice import Choice, ChoiceScreen
from tui.panes.chat_conversations import ConversationsScreen
from tui.panes.chat_settings import ChatSettingsScreen
from tui.panes.chat_words import as_markdown, code_blocks, entry, settings_line
from tui.services.chat import Chat
from tui.services.chat_dialogue import Dialogue, why_not
from tui.services.chat_records import ChatMessage, ChatSettings
from tui.services.chat_snippets import snippets
from tui.services.errors import ServiceError
from tui.services.history import History, Key
from tui.services.server import Server
from widgets.conversation import Conversation
from widgets.prompt import Prompt
