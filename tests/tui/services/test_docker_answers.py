"""What an engine says when it refuses, in plain words with what to do next."""

from __future__ import annotations

import re

import pytest

from tui.services.docker_answers import ANSWERS, refused

REFUSALS = {
    "Error starting userland proxy: listen tcp4 10.9.9.9:8111: bind: cannot assign requested address": "The engine's machine has no address 10.9.9.9",
    "Unknown runtime specified nvidia": "This engine cannot give a container a GPU",
    "configured logging driver does not support reading": "This container keeps no log that can be read",
    "can't create 'AutoRemove' container with restart policy": "What is deleted when it stops cannot restart by itself",
    "unable to find user nobodyx: no matching entries in passwd file": "The image knows no user nobodyx",
    'error gathering device information while adding custom device "/dev/nope": no such file or directory': "There is no device /dev/nope on the engine's machine",
    "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available": "The machine does not have these CPUs",
    "Minimum memory limit allowed is 6MB": "The memory limit is too small",
    "Mounts denied: The path /data/x is not shared from the host and is not known to Docker.": "Docker Desktop does not share this folder with containers",
    "error while creating mount source path '/nope/x': mkdir /nope: read-only file system": "The folder /nope/x is not there and cannot be made",
    "Container 5e is paused. Unpause the container before stopping or killing": "The container is paused",
    "driver failed programming external connectivity on endpoint a (1): Bind for 0.0.0.0:8000 failed: port is already allocated": "The port 8000 is taken",
    "Error starting userland proxy: listen tcp4 127.0.0.1:8000: bind: address already in use": "The port 8000 is taken",
    'Conflict. The container name "/smol" is already in use by container "5e". You have to remove (or rename)': "The name smol is in use",
    'could not select device driver "" with capabilities: [[gpu]]': "This engine cannot give a container a GPU",
    "nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown": "The NVIDIA driver does not work",
    "nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.9, please update your driver": "The NVIDIA driver is too old for this image: it wants cuda>=12.9",
    "nvidia-container-cli: device error: 7: unknown device: unknown": "There is no such GPU on this machine",
    "No such image: vllm/vllm-openai:v9": "The image is not on this machine",
    "No such container: smol": "The container is not there any more",
    "write /var/lib/docker/tmp/x: no space left on device": "The engine's disk is full",
    "failed to register layer: Error processing tar file(exit status 1): write /x: no space left on device": "The engine's disk is full",
    "pull access denied for private/x, repository does not exist or may require 'docker login'": "The registry does not give this image to you",
    "unauthorized: authentication required": "The registry does not give this image to you",
    "toomanyrequests: You have reached your pull rate limit.": "The registry lets nobody pull that often",
    "manifest for vllm/vllm-openai:nope not found: manifest unknown: manifest unknown": "The registry has no such image or tag",
    "no matching manifest for linux/arm64/v8 in the manifest list entries": "The image does not exist for this machine (linux/arm64/v8)",
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host': "The engine cannot find the registry registry-1.docker.io",
    'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded)': "The engine does not reach the registry registry-1.docker.io",
    'Get "https://r:5000/v2/": http: server gave HTTP response to HTTPS client': "The engine does not trust the registry",
    'invalid mount config for type "bind": bind source path does not exist: /models/x y': "There is no folder /models/x y on the engine's machine",
    "removal of container 5e is already in progress": "The container is just being removed",
    "Cannot kill container: smol: Container 5e is not running": "The container is not running",
    'OCI runtime create failed: exec: "vllm": executable file not found in $PATH: unknown': "The image has no program vllm",
}


@pytest.mark.parametrize(("message", "title"), REFUSALS.items())
def test_refusals_are_known(message: str, title: str) -> None:
    error = refused(message, "Docker could not start smol")
    assert error.title == title
    assert error.mend
    assert error.detail == message


def test_an_unknown_refusal_says_what_was_tried_and_what_was_said() -> None:
    error = refused("the moon is in the way\n" * 100, "Docker could not start smol")
    assert error.title == "Docker could not start smol"
    assert len(error.detail) <= 400


def test_every_word_in_the_texts_is_a_group_of_the_pattern() -> None:
    for answer in ANSWERS:
        for name in re.findall(r"\{(\w+)\}", answer.title):
            assert name in answer.pattern.groupindex
