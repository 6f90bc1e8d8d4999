"""``python -m zhitong.config.cli`` is the ``zhitong`` command."""

from . import main

if __name__ == "__main__":  # processes that are started for it read this file too
    main(prog_name="zhitong")
