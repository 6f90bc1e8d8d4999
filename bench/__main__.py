"""``python -m bench NAME``; see README.md."""

import sys
from importlib import import_module

from . import setting

NAMES = (
    "intake",
    "imports",
    "pages",
    "search",
    "figures",
    "locate",
    "map",
    "coverage",
    "acceptance",
    "catalogue",
    "hall",
    "register",
    "drives",
    "classes",
    "dispatch",
    "same",
    "hot",
    "start",
)


def main() -> None:
    """Run one benchmark."""
    name = {"import": "imports"}.get(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[1] if len(sys.argv) > 1 else "")
    if name not in NAMES:
        raise SystemExit(f"usage: script/bench {'|'.join('import' if n == 'imports' else n for n in NAMES)}")
    module = import_module(f"bench.{name}")
    if getattr(module, "NEEDS_DISTRICT", True):
        with setting.running():
            module.main()
    else:
        module.main()


if __name__ == "__main__":
    main()
