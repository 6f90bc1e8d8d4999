"""The demo district."""

import click


@click.group()
def demo() -> None:
    """A district with real places, invented people and a year of life."""


@demo.command()
@click.option("--appeals", type=click.IntRange(0), help="How many appeals the year has.")
@click.option("--seed", type=int, help="Another seed, another year.")
def load(appeals: int | None, seed: int | None) -> None:
    """Load the demo district, once."""
    from zhitong.config import demo as loader
    from zhitong.config.demo import loading

    if loader.is_loaded():
        loader.go_on()
        told = (
            "a district is loaded already"
            if loader.is_whole()
            else "loading was broken off before the end: script/demo --fresh starts over"
        )
        click.echo(told)
        return
    loader.load(loading.APPEALS if appeals is None else appeals, loading.SEED if seed is None else seed)
    click.echo("the demo district is loaded")
