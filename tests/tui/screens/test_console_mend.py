"""`x` prepares the change that ends a warning."""

from __future__ import annotations

from pathlib import Path

from tests.world import World, shows, text_of

OPEN = {"8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8123"}]}


async def test_x_puts_the_own_address_before_the_port_and_leaves_the_recreate_to_the_user(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    world.engine.record("smol")["HostConfig"]["PortBindings"] = OPEN
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "published on all interfaces, no key", "x prepares", "x Mend")
        await pilot.press("x")
        await shows(pilot, "Parameters · smol", "0.0.0.0:8123 → 127.0.0.1:8123", "1 change")
        await pilot.press("ctrl+l")
        await shows(pilot, "way back", "127.0.0.1")
        assert "create" not in {call[0] for call in world.engine.asked}


async def test_under_host_network_x_gives_the_server_an_address_to_listen_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8000)
    world.engine.record("smol")["HostConfig"].update(PortBindings={}, NetworkMode="host")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol", "x Mend")
        await pilot.press("x")
        await shows(pilot, "— → 127.0.0.1", "1 change")


async def test_without_such_a_warning_there_is_nothing_to_mend(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "s Stop/start")
        await pilot.press("x")
        assert "Mend" not in text_of(world.app) and "Parameters · smol" not in text_of(world.app)
