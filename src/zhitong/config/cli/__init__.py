"""The ``zhitong`` command.

One module here per group.  A module ``territory.py`` holds a click command or group called ``territory``; it is
imported when it is asked for, after Django is set up; those named in ``PLAIN`` set it up themselves, where they need it.
"""

import os
import pkgutil
from importlib import import_module

import click


def _environment() -> None:
    """What the environment says; where it names no database, the demo of this checkout."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")
    if os.environ.get("DATABASE_URL"):
        return
    from zhitong.config.environment import read_environment

    for name, value in read_environment().items():
        os.environ.setdefault(name, value)


def setup() -> None:
    """Set Django up once; says what the environment lacks."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if not apps.ready:
        _environment()
        try:
            django.setup()
        except ImproperlyConfigured as error:
            raise click.ClickException(str(error)) from error


# Groups of which some commands need no installation: the others call `setup` themselves.
PLAIN = frozenset({"dispatch", "surveys"})


class Modules(click.Group):
    """Finds its commands as modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        found = {module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__) if module.name[0] != "_"}
        return sorted(found | set(self.commands))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.commands or cmd_name not in self.list_commands(ctx):
            return super().get_command(ctx, cmd_name)
        if cmd_name not in PLAIN:
            setup()
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"{__name__}.{name}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"zhitong.config.cli.{name} must hold a click command called {name}")
        return command


@click.group(cls=Modules, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Zhitong: set up, load, check and run a district."""


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own management commands."""
    _environment()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zhitong manage", *arguments])


@main.command()
@click.option("--once", is_flag=True, help="Run everything once and stop; fails if anything failed.")
def worker(once: bool) -> None:
    """Run background work: deadlines, notices, seals."""
    setup()
    from zhitong.config.worker import work

    if not work(once=once):
        raise SystemExit(1)


@main.command()
@click.option("--demo", is_flag=True, help="Load the demo district too, if there is none yet.")
@click.option("--static", is_flag=True, help="Static files only; the database is left alone.")
@click.pass_context
def prepare(ctx: click.Context, demo: bool, static: bool) -> None:
    """Bring the database and the static files up to date."""
    setup()
    from zhitong.config.prepare import collect_static, migrate

    if not static:
        migrate()
    command = main.get_command(ctx, "demo") if demo else None
    if isinstance(command, click.Group):
        ctx.invoke(command.commands["load"])
    collect_static()
