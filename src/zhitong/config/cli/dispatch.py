"""Help for the dispatcher: what it learns from, how good it is.

``evaluate`` and ``hotspots`` work on files alone: no database, no keys.  The others call `setup` first.
"""

import click


@click.group()
def dispatch() -> None:
    """Categories and organs suggested, hot spots found."""
