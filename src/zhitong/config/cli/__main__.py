"""``python -m zhitong.config.cli`` is the ``zhitong`` command."""

from . import main

main(prog_name="zhitong")
