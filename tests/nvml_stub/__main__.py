"""`python -m tests.nvml_stub DIR CARD`: compile the stub, put cards beside it, print the environment that shows them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.nvml_stub.build import LIBRARY, build, environment, put
from tests.nvml_stub.cards import CARDS


def main(arguments: list[str]) -> int:
    """Build and print; 2 when it was not asked properly."""
    if len(arguments) != 2 or arguments[1] not in CARDS:
        print(f"usage: python -m tests.nvml_stub DIR CARD\nCARD: {', '.join(CARDS)}", file=sys.stderr)
        return 2
    folder = Path(arguments[0]).resolve()
    if not (folder / LIBRARY).exists():
        build(folder)
    put(folder, CARDS[arguments[1]])
    for name, value in environment(folder).items():
        print(f"export {name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
