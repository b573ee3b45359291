"""How PowerShell, cmd and a Windows program read a line, written anew from their documents and used by nothing but tests.

PowerShell: about_Parsing, about_Quoting_Rules, about_Special_Characters, and the arguments' passing of 5.1 (a word with
blanks outside double quotes is put in quotes, everything else is pasted as it is). cmd: percent signs first, then carets
and quotes, as `cmd /?` and "How does the Windows Command Interpreter parse scripts" tell. Programs: CommandLineToArgvW.
"""

from __future__ import annotations

SINGLE, DOUBLE = "'‘’‚‛", '"“”„'
SPECIAL = set("$@#,;|&<>(){}" + SINGLE + DOUBLE)
ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "e": "\x1b"}


def powershell_words(line: str) -> list[str]:
    """Cut a command of PowerShell into words; whatever PowerShell would read in another way is an error."""
    line = line.replace("`\n", " ")
    words: list[str] = []
    at = 0
    while at < len(line):
        if line[at] in " \t":
            at += 1
            continue
        assert line[at] != "\n", "the command ends here"
        word, at = _quoted(line, at) if line[at] in SINGLE + DOUBLE else _bare(line, at)
        assert at == len(line) or line[at] in " \t", f"two words in one: {line[at - 5 : at + 5]!r}"
        words.append(word)
    return words


def _quoted(line: str, at: int) -> tuple[str, int]:
    family = SINGLE if line[at] in SINGLE else DOUBLE
    found: list[str] = []
    at += 1
    while True:
        char = line[at]
        following = line[at + 1 : at + 2]
        if char in family:
            if not following or following not in family:
                return "".join(found), at + 1
            found.append(char)
            at += 2
        elif family is DOUBLE and char == "`":
            found.append(ESCAPES.get(following, following))
            at += 2
        else:
            assert family is SINGLE or char != "$", "a variable is put in"
            found.append(char)
            at += 1


def _bare(line: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(line) and line[end] not in " \t\n":
        assert line[end] not in SPECIAL | {"`"}, f"{line[end]!r} is PowerShell's own"
        end += 1
    word = line[at:end]
    assert word != "--%" and not (word.startswith("-") and any(char in word for char in ".:")), word
    return word, end


def passed_by_5(words: list[str], last_doubled: bool) -> str:
    """Give the command line that Windows PowerShell makes; `last_doubled`: PowerShell 7 in the same mode doubles a last backslash."""
    parts = []
    for word in words:
        if _needs_quotes(word):
            parts.append(f'"{word}' + ("\\" if last_doubled and word.endswith("\\") else "") + '"')
        elif word:
            parts.append(word)
    return " ".join(parts)


def _needs_quotes(word: str) -> bool:
    quotes, slash = 0, False
    for char in word:
        if char == '"' and not slash:
            quotes += 1
        elif char.isspace() and quotes % 2 == 0:
            return True
        slash = char == "\\"
    return False


def cmd_line(text: str, environ: dict[str, str]) -> str:
    """Give what cmd hands to the program from a line typed at its prompt; a sign of cmd's own in it is an error."""
    text = _percents(text, environ)
    done: list[str] = []
    quoted = False
    at = 0
    while at < len(text):
        char = text[at]
        if char == "^" and not quoted:
            at += 1
            if text[at : at + 1] == "\n":  # the line goes on, and the first character of the next is taken as it is
                at += 1
            done.append(text[at : at + 1])
        elif char == "\n":
            raise AssertionError("the command ends here")
        else:
            quoted = quoted != (char == '"')
            assert quoted or char not in "&|<>", f"{char!r} is cmd's own"
            done.append(char)
        at += 1
    return "".join(done)


def _percents(text: str, environ: dict[str, str]) -> str:
    known = {name.lower(): value for name, value in environ.items()}
    done, at = "", 0
    while (start := text.find("%", at)) >= 0:
        end = text.find("%", start + 1)
        name = text[start + 1 : end].partition(":")[0].lower() if end >= 0 else ""
        if end >= 0 and name in known:
            done += text[at:start] + known[name]
            at = end + 1
        else:
            done += text[at : start + 1]
            at = start + 1
    return done + text[at:]


def program_words(line: str) -> list[str]:
    """Cut a command line as CommandLineToArgvW does."""
    words: list[str] = []
    at = 0
    while at < len(line):
        if line[at] in " \t":
            at += 1
            continue
        word, quoted = "", False
        while at < len(line) and (quoted or line[at] not in " \t"):
            slashes = 0
            while line[at : at + 1] == "\\":
                slashes += 1
                at += 1
            if line[at : at + 1] != '"':
                word += "\\" * slashes
                if not slashes:
                    word += line[at]
                    at += 1
                continue
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            elif quoted and line[at + 1 : at + 2] == '"':
                word += '"'
                at += 1
            else:
                quoted = not quoted
            at += 1
        words.append(word)
    return words
