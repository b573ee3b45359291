"""Where llmtui keeps its things."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Folders(NamedTuple):
    """The four folders; none is created before something is written there."""

    config: Path
    """settings.toml and profiles/."""
    data: Path
    """Conversations and boots."""
    state: Path
    """The app's own log, crash reports, the journal."""
    cache: Path
    """What can be made again."""

    @classmethod
    def of(cls, home: Path | None) -> Folders:
        """The user's own folders, or the four under one folder."""
        if home is not None:
            return cls(home / "config", home / "data", home / "state", home / "cache")
        from platformdirs import PlatformDirs

        places = PlatformDirs("llmtui", appauthor=False)
        return cls(places.user_config_path, places.user_data_path, places.user_state_path, places.user_cache_path)

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"
