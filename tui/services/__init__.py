"""The outside world: engines, servers, chats, files. Knows no terminal."""
