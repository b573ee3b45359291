"""Which addresses are near: a proxy from the environment has no business with those."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_near(url: str) -> bool:
    """Say whether an address is this machine or its own network.

    Near are loopback, link-local and private addresses, names under `.local` and `.localhost`, and names without a dot.

    Args:
        url: An address with its scheme; one without a host is not near.
    """
    try:
        name = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith((".local", ".localhost")))
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_private or address.is_loopback or address.is_link_local
