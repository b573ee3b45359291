"""The tables of the history, and how an older file comes to have them."""

from __future__ import annotations

import sqlite3

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE conversation (id INTEGER PRIMARY KEY, host TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,"
        " changed REAL NOT NULL)",
        "CREATE INDEX conversation_server ON conversation (host, name, changed)",
        "CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,"
        " place INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL, figures TEXT NOT NULL,"
        " note TEXT NOT NULL)",
        "CREATE INDEX message_conversation ON message (conversation, place)",
        "CREATE TABLE desk (host TEXT NOT NULL, name TEXT NOT NULL, conversation INTEGER REFERENCES conversation (id) ON DELETE SET NULL,"
        " draft TEXT NOT NULL, settings TEXT NOT NULL, PRIMARY KEY (host, name))",
    ),
    (
        # AUTOINCREMENT: another llmtui may still hold the id of what was deleted, so no id is ever given twice
        "CREATE TABLE conversation_new (id INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT NOT NULL, name TEXT NOT NULL,"
        " title TEXT NOT NULL, changed REAL NOT NULL)",
        "INSERT INTO conversation_new SELECT id, host, name, title, changed FROM conversation",
        "DROP TABLE conversation",
        "ALTER TABLE conversation_new RENAME TO conversation",
        "CREATE INDEX conversation_server ON conversation (host, name, changed)",
        "CREATE TABLE message_new (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, place INTEGER NOT NULL,"
        " role TEXT NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL, figures TEXT NOT NULL, note TEXT NOT NULL)",
        "INSERT INTO message_new SELECT id, conversation, place, role, text, reasoning, figures, note FROM message",
        "DROP TABLE message",
        "ALTER TABLE message_new RENAME TO message",
        "CREATE INDEX message_conversation ON message (conversation, id)",
    ),
    (
        "CREATE TABLE boot (id INTEGER PRIMARY KEY, model TEXT NOT NULL, gpu TEXT NOT NULL, version TEXT NOT NULL,"
        " settings TEXT NOT NULL, card TEXT NOT NULL, printed TEXT NOT NULL, at REAL NOT NULL,"
        " UNIQUE (model, gpu, version, settings))",
        "CREATE INDEX boot_model ON boot (model, at)",
    ),
)
"""What each version adds; the file's `user_version` says how many it has had."""


def brought_up_to_date(database: sqlite3.Connection) -> None:
    """Give a database every table of this version.

    Raises:
        sqlite3.DatabaseError: If a newer llmtui wrote it, or it is none.
    """
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    _migrated(database)
    database.execute("PRAGMA foreign_keys = ON")


def _migrated(database: sqlite3.Connection) -> None:
    """Run what the file lacks, without foreign keys: dropping a table would empty those that point at it."""
    database.execute("PRAGMA foreign_keys = OFF")
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise sqlite3.DatabaseError(f"written by a newer llmtui (version {version})")
    if version == len(MIGRATIONS):
        return
    database.execute("BEGIN IMMEDIATE")
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    database.execute("COMMIT")
