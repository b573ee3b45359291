"""Secrets in commands and records, told by what they are called or how they look, and hidden where somebody reads along."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "•••"
SECRET = re.compile(r"key|token|secret|passw|passphrase|credential", re.IGNORECASE)
"""What names a variable, a label or a field that is not shown; rather one too many."""
_FLAG = r"(?:[^\s=]*[-_.])?(?:key|token|secret|credentials?|auth)|[^\s=]*(?<!by)pass(?:w\w*|phrase)?|masterauth"
SECRET_FLAG = re.compile(_FLAG, re.IGNORECASE)
"""What names a flag that is not shown: `--hf-token` or `--requirepass`, but not `--tokenizer` or `--max-num-batched-tokens`."""
_IN_TEXT = (
    (re.compile(r"(\w://)[^\s/@'\"]+@"), rf"\g<1>{MASK}@"),
    (re.compile(r"\b(Bearer\s+)[^\s'\"]+", re.IGNORECASE), rf"\g<1>{MASK}"),
    (re.compile(r"\b(?:hf_|sk-|ghp_|glpat-)[\w-]{6,}"), MASK),
)
"""Secrets that are known by their looks, wherever they stand."""
_ASSIGNED = re.compile(
    r"\b(\w*(?:key|token|secret|passw\w*|credentials?)(?:_[a-z0-9]+)?=)(?:'[^']*'|\"[^\"]*\"|[^\s;&|'\"]+)",
    re.IGNORECASE,
)
_FLAGGED = re.compile(rf"((?<!\S)--?(?:{_FLAG}))(?:=\S+|(?:\s+(?![-;&|])[^\s;&|]+)+)", re.IGNORECASE)


def masked_text(text: str) -> str:
    """Hide what looks like a secret, whatever it is called."""
    for pattern, shown in _IN_TEXT:
        text = pattern.sub(shown, text)
    return text


def masked_line(line: str) -> str:
    """Hide the secrets in a command that is one line, what a shell in it gets included."""
    return masked_text(_ASSIGNED.sub(rf"\g<1>{MASK}", _FLAGGED.sub(rf"\g<1> {MASK}", line)))


def masked_words(words: Iterable[str]) -> tuple[str, ...]:
    """Hide the secrets in a command of single words; a flag hides all the values that follow it."""
    shown: list[str] = []
    hide = False
    for word in words:
        flag, sign, _value = word.partition("=")
        secret = flag.startswith("-") and SECRET_FLAG.fullmatch(flag.lstrip("-")) is not None
        hide = secret or (hide and not word.startswith("-"))
        if secret:
            shown.append(f"{flag}={MASK}" if sign else word)
        else:
            shown.append(MASK if hide else masked_text(_ASSIGNED.sub(rf"\g<1>{MASK}", word)))
        hide = hide and not (secret and sign)
    return tuple(shown)
