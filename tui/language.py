"""Which language the texts are in; set before anything of ours that holds texts is imported."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "llmtui"
LANGUAGES = ("en", "zh", "zh_CN")
"""What `--lang` and the setting `language` accept."""
_LOCALE = Path(__file__).parent / "locale"
_SIMPLIFIED = ("zh", "zh_cn", "zh_sg", "zh_my", "zh_hans")


def set_language(name: str) -> None:
    """Bind the texts to "en" or "zh" for the life of this process.

    The functions of `gettext` itself are replaced by those of one catalogue: the stock ones look for the catalogue's file again
    on every call (30 us each, and a screen asks for hundreds of texts). Whoever imports `gettext` later gets the new ones,
    argparse among them.
    """
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    if name == "zh":
        catalogue = gettext.translation(DOMAIN, _LOCALE, ["zh_CN"], fallback=True)
    gettext.bindtextdomain(DOMAIN, str(_LOCALE))
    gettext.textdomain(DOMAIN)
    gettext.gettext = catalogue.gettext
    gettext.ngettext = catalogue.ngettext


def chosen(asked: str, settings: Path, environ: Mapping[str, str]) -> str:
    """Choose "en" or "zh": what is asked for, else the settings file's `language`, else the environment."""
    return _known(asked) or _known(_kept(settings)) or _known(_of(environ)) or "en"


def _kept(settings: Path) -> str:
    if not settings.exists():
        return ""
    import tomllib

    try:
        value = tomllib.loads(settings.read_text("utf-8")).get("language", "")
    except (OSError, ValueError):
        return ""
    return value if isinstance(value, str) else ""


def _of(environ: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return environ[name]
    return ""


def _known(locale: str) -> str:
    """Give "zh" for Simplified Chinese, "" where nothing is said, "en" for all the rest."""
    place = locale.split(".", maxsplit=1)[0].split("@", maxsplit=1)[0].replace("-", "_").lower()
    if not place:
        return ""
    return "zh" if place in _SIMPLIFIED or place.startswith("zh_hans_") else "en"
