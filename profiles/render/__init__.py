"""Out again: a profile as a command for three shells, as compose, as vLLM's own arguments or file, or as TOML to share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from profiles import document
from profiles.paths import LINUX, Place
from profiles.profile import Profile
from profiles.render import shells
from profiles.render.compose import compose
from profiles.render.native import argv, config
from profiles.render.public import public
from profiles.render.record import Form, Rendered, Setting

__all__ = ["Form", "Rendered", "Setting", "docker_run", "render"]

Write = Callable[[Profile, Setting, Rendered], str]


def render(profile: Profile, form: Form, setting: Setting | None = None) -> Rendered:
    """Write a profile in a form, secrets by their names alone, with notes about what the form cannot carry."""
    done = Rendered()
    done.text = WRITERS[form](public(profile, done), setting or Setting(), done)
    return done


def docker_run(profile: Profile, place: Place = LINUX, entrypoint: Sequence[str] | None = None) -> str:
    """Give the `docker run` line for bash, one flag on each line."""
    return render(profile, Form.BASH, Setting(place, entrypoint)).text


def _shell(form: Form) -> Write:
    return lambda profile, setting, done: shells.docker_run(profile, form, setting, done)


def _toml(profile: Profile, _setting: Setting, _done: Rendered) -> str:
    import tomlkit

    table = tomlkit.document()
    document.write(table, profile)
    return tomlkit.dumps(table)


WRITERS: dict[Form, Write] = {
    **{form: _shell(form) for form in shells.SHELLS},
    Form.COMPOSE: compose,
    Form.ARGV: argv,
    Form.YAML: config,
    Form.TOML: _toml,
}
