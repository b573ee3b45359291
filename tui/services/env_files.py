"""The variables of `--env-file`: read where docker's own command line reads them, on this machine, when a profile is launched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path

from profiles import env_file, options, paths
from profiles.paths import Place
from profiles.profile import Profile
from tui.services.errors import ServiceError
from tui.services.preflight_check import Check


def with_files(profile: Profile, environ: Mapping[str, str], place: Place) -> Profile:
    """Give the profile with the variables of its files in it; its own come after them, and win. Blocks for as long as the disk does.

    Raises:
        ServiceError: A file is not there, or is none of variables.
    """
    found: dict[str, str] = {}
    for path in _files(profile):
        try:
            found |= dict(_read(path, environ, place))
        except (OSError, ValueError) as error:
            raise ServiceError(_words(path, error)) from error
    own = {*dict(profile.env), *profile.env_names}
    rest = tuple(option for option in profile.options if options.named(option)[0] != "env-file")
    env = (*((name, value) for name, value in found.items() if name not in own), *profile.env)
    return replace(profile, env=env, options=rest)


def check_files(profile: Profile, environ: Mapping[str, str], place: Place) -> list[Check]:
    """Say which files of variables cannot be read; blocks for as long as the disk does."""
    checks = []
    for path in _files(profile):
        try:
            _read(path, environ, place)
        except (OSError, ValueError) as error:
            mend = _("Give another --env-file, or take it out of the options.")
            checks.append(Check("env-file", False, f"{_words(path, error)}.", mend))
    return checks


def _files(profile: Profile) -> list[str]:
    return [value for name, value in map(options.named, profile.options) if name == "env-file"]


def _read(path: str, environ: Mapping[str, str], place: Place) -> tuple[tuple[str, str], ...]:
    return env_file.variables(Path(paths.to_local(path, place)).read_text(encoding="utf-8"), environ)


def _words(path: str, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return _("The file of variables {path} is no text in UTF-8").format(path=path)
    reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return _("The file of variables {path} cannot be read: {reason}").format(path=path, reason=reason)
