"""Is the model where the profile says, and is it whole."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path

from profiles.container import HF_HOME
from profiles.flags import HUB_TOKENS
from profiles.paths import Kind, Place, hub_folder, is_folder, is_hub_id, is_slow, is_windows, to_local
from profiles.profile import Profile
from tui.services.models_on_disk import hub_cache, newest_snapshot
from tui.services.models_on_disk_look import look
from tui.services.preflight_check import Check


def check_model(profile: Profile, environ: Mapping[str, str], place: Place, local: bool) -> Check:
    """Look at the model, blocking (a dead mount hangs here, so give it a thread of its own)."""
    if profile.in_image:
        return Check("model", None, _("The model is said to lie in the image itself; it cannot be looked at before."))
    if not profile.model:
        return Check(
            "model", False, _("No model is chosen."), _("Choose one from the list, or write a hub id or a folder.")
        )
    if is_hub_id(profile.model):
        return _hub(profile, environ, place, local)
    if not is_folder(profile.model):
        return _neither(profile)
    if not local:
        return Check("model", None, _("The folder lies on another machine and cannot be looked at from here."))
    return _folder(profile, place)


def model_folder(profile: Profile, place: Place) -> Path | None:
    """Give the folder of this machine that the server would read its model from, blocking; None where there is none."""
    if profile.in_image or not profile.model:
        return None
    return _snapshot(profile, place) if is_folder(profile.model) else _mounted(profile, place)


def check_drive(profile: Profile, place: Place) -> Check | None:
    """Warn of a model on a Windows drive; None where that is no question."""
    if profile.in_image or not is_folder(profile.model) or not is_slow(profile.model):
        return None
    if place.kind is Kind.LINUX and not is_windows(profile.model):
        return None
    text = _("The model lies on a Windows drive: it loads very slowly from there (some 20 MB/s).")
    mend = _("Copy it into the Linux disk, or set --safetensors-load-strategy prefetch.")
    return Check("drive", None, text, mend)


def _neither(profile: Profile) -> Check:
    text = _("{model} is neither a hub id (owner/name) nor a folder.").format(model=profile.model)
    return Check("model", False, text, _("Write Qwen/Qwen3-0.6B, or a full path."))


def _folder(profile: Profile, place: Place) -> Check:
    if is_windows(profile.model) and place.kind is Kind.LINUX and not Path("/mnt/c").exists():
        text = _("{model} is a Windows path, and this machine is not WSL.").format(model=profile.model)
        return Check("model", False, text, _("Write the path as this machine has it."))
    folder = _snapshot(profile, place)
    cached = hub_folder(str(folder))
    model = look(folder)
    if model.problem:
        return Check(
            "model", False, model.problem, _("Choose another model, or mend the folder {folder}.").format(folder=folder)
        )
    text = _("{name}: {architecture}, {size:.2f} GB").format(
        name=model.name if cached is None else cached[1], architecture=model.architecture or "?", size=model.size / 1e9
    )
    return Check("model", True, text)


def _snapshot(profile: Profile, place: Place) -> Path:
    """Give the folder that a profile names; of a whole model in the HF cache its newest snapshot."""
    folder = Path(to_local(profile.model, place))
    cached = hub_folder(str(folder))
    return (newest_snapshot(folder) or folder) if cached is not None and cached[2] is None else folder


def _mounted(profile: Profile, place: Place) -> Path | None:
    """Give the newest snapshot of a hub's model in a cache that the server is shown."""
    caches = (Path(to_local(source, place)) / subfolder for source, subfolder in _caches(profile))
    return next((found for cache in caches if (found := newest_snapshot(cache / _repo(profile))) is not None), None)


def _repo(profile: Profile) -> str:
    return f"models--{profile.model.replace('/', '--')}"


def _hub(profile: Profile, environ: Mapping[str, str], place: Place, local: bool) -> Check:
    if local and _mounted(profile, place) is not None:
        return Check("model", True, _("{model} is in the mounted Hugging Face cache.").format(model=profile.model))
    token = next((name for name in HUB_TOKENS if name in profile.env_names and environ.get(name)), "")
    text = _("{model} is downloaded by the server itself.").format(model=profile.model)
    if token:
        text = _("{model} is downloaded by the server itself, with the token in {token}.").format(
            model=profile.model, token=token
        )
    own = hub_cache(environ) / _repo(profile)
    if local and newest_snapshot(own) is not None:
        mend = _("It is on this machine already: write {folder} as the model to use it from there.").format(folder=own)
        return Check("model", None, text, mend)
    mend = "" if token else _("A gated model needs HF_TOKEN among the variables taken by name.")
    return Check("model", None, text, mend)


def _caches(profile: Profile) -> list[tuple[str, str]]:
    """Give (folder of the host, where the hub lies in it) for the mounts that show the server a HF cache."""
    home = dict(profile.env).get("HF_HOME") or HF_HOME
    places = {home: "hub", f"{home}/hub": "", home.rpartition("/")[0]: "huggingface/hub"}
    return [(m.source, places[m.target.rstrip("/")]) for m in profile.mounts if m.target.rstrip("/") in places]
