"""Profiles of every sound kind, for tests that must hold for all of them."""

from __future__ import annotations

import shlex

from hypothesis import strategies as st

from profiles.flags import SECRET_FLAGS, SEVERAL, is_secret
from profiles.profile import Mount, Profile

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
LINES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
NAMES = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,20}", fullmatch=True)
ENV_NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,10}", fullmatch=True).filter(lambda name: not is_secret(name))
FOLDER = st.lists(
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="/\\:"), min_size=1, max_size=8
    ).filter(lambda part: part.strip(".") != "" and not part.startswith("models--")),
    min_size=1,
    max_size=3,
).map("/".join)
SOURCES = st.one_of(FOLDER.map("/srv/{}".format), FOLDER.map("/mnt/d/{}".format), NAMES)
HUB_IDS = st.from_regex(r"[A-Z][a-zA-Z0-9]{1,8}/[A-Z][a-zA-Z0-9.]{0,8}[a-z]", fullmatch=True)
FLAG_NAMES = st.from_regex(r"[a-z]{2,8}(-[a-z]{2,6}){0,2}", fullmatch=True).filter(
    lambda name: (
        name not in SECRET_FLAGS and name not in SEVERAL | {"model", "port", "host"} and not name.startswith("no-")
    )
)
SIZES = st.sampled_from(["", "512m", "16g", "1048576k"])


@st.composite
def flag_lists(draw: st.DrawFn) -> tuple[tuple[str, str | None], ...]:
    """Give flags by different names, some bare, some with several values."""
    plain = draw(st.dictionaries(FLAG_NAMES, st.one_of(st.none(), TEXT), max_size=4))
    names = draw(st.lists(TEXT.filter(lambda word: word != "" and not word.startswith("-")), max_size=2))
    several = {"lora-modules": shlex.join(names)} if names else {}
    return tuple((plain | several).items())


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Give a profile that Docker would take."""
    targets = draw(st.lists(FOLDER.map("/data/{}".format), max_size=3, unique=True))
    return Profile(
        name=draw(NAMES),
        model=draw(st.one_of(HUB_IDS, FOLDER.map("/srv/{}".format))),
        image=draw(st.sampled_from(["vllm/vllm-openai:latest", "rocm/vllm", "localhost:5000/a/b:c"])),
        served_name=draw(st.one_of(st.just(""), TEXT.filter(lambda word: not word.startswith("-")))),
        bind=draw(st.sampled_from(["127.0.0.1", "0.0.0.0", "::1"])),
        port=draw(st.integers(1, 65535)),
        gpus=draw(st.sampled_from(["all", "none", "2", "device=0", "device=0,1", "device=GPU-1a/2"])),
        flags=draw(flag_lists()),
        env=tuple(draw(st.dictionaries(ENV_NAMES, LINES, max_size=3)).items()),
        env_names=draw(st.sampled_from([(), ("HF_TOKEN",), ("HF_TOKEN", "VLLM_API_KEY")])),
        mounts=tuple(Mount(draw(SOURCES), target, draw(st.booleans())) for target in targets),
        ipc=draw(st.sampled_from(["host", "private", "shareable"])),
        shm_size=draw(SIZES),
        memory=draw(SIZES),
        cpus=draw(st.sampled_from(["", "2", "1.5"])),
        restart=draw(st.sampled_from(["no", "always", "unless-stopped", "on-failure:3"])),
        user=draw(st.sampled_from(["", "1000", "1000:1000"])),
        network=draw(st.sampled_from(["", "host", "none", "llm"])),
        labels=tuple(draw(st.dictionaries(st.from_regex(r"[a-z.]{1,8}", fullmatch=True), LINES, max_size=2)).items()),
        ulimits=draw(st.sampled_from([(), ("memlock=-1",), ("nofile=1024:2048", "memlock=-1")])),
        options=draw(st.sampled_from([(), ("--init",), ("--device=/dev/null:/dev/x:rw", "--cap-add=SYS_NICE")])),
        note=draw(LINES),
    )
