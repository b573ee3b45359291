"""Profiles with all that makes quoting hard, and what each form carries of them."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from profiles.arguments import several
from profiles.catalogue import bundled
from profiles.flags import SEVERAL, is_flag
from profiles.lint.flags import judge
from profiles.profile import Mount, Profile
from profiles.render import Form

HARD = "ab0 大模 '\"$`%!^&|<>()\\#~*{}[]=,;:@-._/?"
TEXT = st.text(HARD, max_size=9)
LINES = st.text(HARD + "\n\t", max_size=9)
FOLDERS = st.lists(
    st.text("ab0大$'%&!^`-. (){}#;=", min_size=1, max_size=6).filter(
        lambda one: one.strip(". '\"") == one.strip() == one
    ),
    min_size=1,
    max_size=3,
).map("/".join)
SOURCES = st.one_of(FOLDERS.map("/srv/{}".format), FOLDERS.map("/mnt/d/{}".format), st.just("volume.1"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.just(0.5) | LINES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b c", "$x", "%P%", "模"]), JSON, max_size=2).map(
    lambda value: json.dumps(value, ensure_ascii=False)
)
VALUES: dict[str, st.SearchStrategy[str | None]] = {
    "chat-template": TEXT,
    "response-role": LINES,
    "revision": TEXT,
    "hf-overrides": OBJECTS,
    "override-generation-config": OBJECTS,
    "max-model-len": st.sampled_from(["4096", "8k", "-1"]),
    "gpu-memory-utilization": st.sampled_from(["0.9", "0.90", ".5"]),
    "lora-modules": st.lists(TEXT.filter(lambda one: bool(one) and one[0] not in "-{["), min_size=1, max_size=3).map(
        shlex.join
    ),
    "enforce-eager": st.none(),
    "no-enable-prefix-caching": st.none(),
    "disable-access-log-for-endpoints": st.just("/health,/metrics"),
}
OPTIONS = [
    "--init", "--privileged", "--device=/dev/dri:/dev/dri:rw", "--cap-add=SYS_NICE", "--security-opt=seccomp=unconfined",
    "--add-host=h:1.2.3.4", "--dns=1.1.1.1", "--dns-search=a.b", "--dns-option=ndots:2", "--tmpfs=/run:rw,size=1g",
    "--sysctl=net.core.somaxconn=9", "--log-driver=local", "--log-opt=max-size=10m", "--hostname=h", "--workdir=/w $x",
    "--stop-signal=SIGINT", "--stop-timeout=90", "--tty", "--interactive", "--pid=host", "--uts=host", "--userns=host",
    "--cpuset-cpus=0-3", "--cpu-shares=512", "--pids-limit=-1", "--memory-reservation=1g", "--memory-swap=-1",
    "--oom-score-adj=-5", "--read-only", "--runtime=nvidia", "--group-add=video", "--cgroup-parent=/x",
    "--volumes-from=other", "--device-cgroup-rule=c 1:3 mr", "--cpu-period=1000", "--cpu-quota=500", "--cap-drop=ALL",
]  # fmt: skip
NATIVE = ("model", "served_name", "bind", "port", "flags")
"""Fields that vLLM's own arguments carry."""


@st.composite
def carried(draw: st.DrawFn) -> Profile:
    """Give a sound profile."""
    targets = draw(st.lists(FOLDERS.map("/data/{}".format), max_size=2, unique=True))
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True))
    flags = [(name, draw(VALUES[name])) for name in names]
    return Profile(
        name=draw(st.sampled_from(["q8", "A.b-c_d"])),
        model=draw(st.one_of(st.just("Qwen/Qwen3-8B"), FOLDERS.map("/srv/{}".format), FOLDERS.map("/mnt/d/{}".format))),
        served_name=draw(TEXT.filter(lambda one: one[:1] not in ("-", "{", "["))),
        bind=draw(st.sampled_from(["127.0.0.1", "0.0.0.0", "::1"])),
        port=draw(st.sampled_from([8000, 9123])),
        gpus=draw(st.sampled_from(["all", "none", "2", "device=0", "device=0,1"])),
        flags=tuple(flag for flag in flags if is_taken(*flag)),
        env=tuple(draw(st.dictionaries(st.sampled_from(["A", "B_2", "VLLM_USE_V1X"]), LINES, max_size=2)).items()),
        env_names=draw(st.sampled_from([(), ("HF_TOKEN",), ("HF_TOKEN", "MINE")])),
        mounts=tuple(Mount(draw(SOURCES), target, draw(st.booleans())) for target in targets),
        ipc=draw(st.sampled_from(["host", "private", ""])),
        shm_size=draw(st.sampled_from(["", "16g"])),
        memory=draw(st.sampled_from(["", "32g"])),
        cpus=draw(st.sampled_from(["", "1.5"])),
        restart=draw(st.sampled_from(["no", "on-failure:3", "always"])),
        user=draw(st.sampled_from(["", "1000:1000"])),
        network=draw(st.sampled_from(["", "host", "llm", "container:db"])),
        labels=tuple(draw(st.dictionaries(st.sampled_from(["x.y", "z"]), LINES, max_size=2)).items()),
        ulimits=draw(st.sampled_from([(), ("memlock=-1",), ("nofile=1024:2048", "stack=67108864")])),
        options=tuple(draw(st.lists(st.sampled_from(OPTIONS), max_size=3, unique_by=lambda one: one.split("=")[0]))),
    )


def is_taken(name: str, value: str | None) -> bool:
    """Say whether a reader that leaves out what vLLM refuses keeps this flag."""
    if value is not None and value[:1] in ("{", "[") and name not in ("hf-overrides", "override-generation-config"):
        return False  # a text that looks like JSON cut off is joined with what follows it
    values = [] if value is None else several(value) if name in SEVERAL else [value]
    return not any(finding.refused for finding in judge(bundled(), name, values))


def plain(profile: Profile, form: Form) -> dict[str, Any]:
    """Give what a form carries of a profile, as values that can be compared."""
    fields = {name: getattr(profile, name) for name in profile.__slots__ if name not in ("note", "builtin", "in_image")}
    fields["flags"] = {name: meaning(name, value, form) for name, value in profile.flags}
    fields["options"] = sorted(profile.options)
    fields["env"] = dict(profile.env)
    fields["labels"] = dict(profile.labels)
    if form is Form.YAML:  # vLLM would take such a value of its file for a flag
        fields["flags"] = {name: value for name, value in fields["flags"].items() if not looks_like_flag(value)}
    if form in (Form.ARGV, Form.YAML):
        kept = {name: fields[name] for name in NATIVE}
        return kept | ({name: fields[name] for name in ("env", "env_names")} if form is Form.ARGV else {})
    if profile.network not in ("", "llm"):  # no port is published there
        del fields["port"], fields["bind"]
    return fields


def looks_like_flag(value: Any) -> bool:
    """Say whether vLLM would take a text of its file for a flag."""
    return isinstance(value, str) and is_flag(value)


def meaning(name: str, value: str | None, form: Form) -> Any:
    """Give a flag's value: JSON as what it says, several texts one by one."""
    if value is None or name not in ("hf-overrides", "override-generation-config"):
        return several(value) if value is not None and name in SEVERAL else value
    return json.loads(value)


def without_breaks(profile: Profile) -> Profile:
    """Give what cmd can carry: blanks in place of line breaks."""

    def one(text: str) -> str:
        return text.replace("\n", " ")

    return replace(
        profile,
        env=tuple((name, one(value)) for name, value in profile.env),
        labels=tuple((name, one(value)) for name, value in profile.labels),
        flags=tuple((name, None if value is None else one(value)) for name, value in profile.flags),
    )
