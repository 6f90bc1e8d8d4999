"""The machine interface: its document."""

from pathlib import Path

import click

LANGUAGE = "en"


def text_of() -> str:
    """The OpenAPI in English as it is committed."""
    import json

    from zhitong.gateway.web.views import document

    return json.dumps(document(LANGUAGE), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@click.group()
def api() -> None:
    """Other systems: the document of the interface."""


@api.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where the file is not what the code says.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("docs/api/openapi.json"))
def document(file: Path, check: bool) -> None:
    """Write the OpenAPI document to FILE (docs/api/openapi.json)."""
    now = text_of()
    if not check:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    elif not file.exists() or file.read_text(encoding="utf-8") != now:
        raise click.ClickException(
            f"{file} is not what the code says: run zhitong api document, and look at the change"
        )
