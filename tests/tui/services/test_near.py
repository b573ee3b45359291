"""Which addresses no proxy is asked for."""

from __future__ import annotations

import pytest

from tui.services.near import is_near


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://localhost.:8000",
        "http://api.localhost:8000",
        "http://10.1.2.3",
        "http://192.168.1.7:8000",
        "http://172.17.0.3:8000",
        "http://169.254.1.1",
        "http://[::1]:8000",
        "http://[fd00::7]:8000",
        "http://[fe80::1%25eth0]:8000",
        "http://[::ffff:10.0.0.1]:8000",
        "http://gpu1:8000",
        "http://GPU1.LOCAL:8000",
    ],
)
def test_this_machine_and_its_own_network_are_near(url: str) -> None:
    assert is_near(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8:8000",
        "https://api.example.com",
        "http://local.example.com",
        "http://[2606:4700::1]",
        "http://[",
        "",
        "nonsense",
    ],
)
def test_everything_else_is_far(url: str) -> None:
    assert not is_near(url)
