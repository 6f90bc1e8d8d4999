"""A million matters from a thousand: a year made by the engine itself, copied by SQL.

Each copy has ids, a number, people and a place of its own and lies some whole weeks earlier, so that two years are
covered; of what is still open there are as many copies as make one matter in a hundred.  Clocks, tasks, records, words,
materials, papers, events, facts and letters go along, with the references between them.  Event hashes are those of the original.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import psycopg
from django.db import connection

SEEDS = 1_000
CHANCE = 0.370103  # what PostgreSQL's random() begins with
OPEN_SHARE = 0.01
WEEKS = 52
AT_ONCE = 2  # tables that are filled at the same time, each by a connection of its own
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_id(old uuid, copy int, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT overlay(overlay(md5(old::text || copy) PLACING 'b' FROM 17 FOR 1) PLACING
    lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' FROM 1 FOR 13)::uuid $$;
CREATE OR REPLACE FUNCTION bench_number(at timestamptz, serial bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE digits text := to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || lpad((serial % 1000000)::text, 6, '0');
        product int := 10; total int;
BEGIN
  FOR place IN 1..14 LOOP
    total := (substr(digits, place, 1)::int + product) % 10;
    product := (CASE total WHEN 0 THEN 10 ELSE total END) * 2 % 11;
  END LOOP;
  RETURN digits || (11 - product) % 10;
END $$;
"""
GRIDS = """
CREATE UNLOGGED TABLE bench_grid AS
SELECT a.id AS area, count(*)::int AS n, array_agg(d.id) AS ids, array_agg(s.lon) AS lons, array_agg(s.lat) AS lats
FROM territory_division d JOIN territory_divisionshape s ON s.division_id = d.id AND s.valid_to IS NULL
JOIN territory_division a ON a.id = ANY(d.path) AND a.level = 'street'
WHERE d.level = 'grid' GROUP BY a.id
"""
# In the order in which they came in, as the rows of a district lie that has worked for two years.
COPIES = """
CREATE UNLOGGED TABLE bench_copy AS
WITH counted AS (SELECT count(*) FILTER (WHERE closed_at IS NULL) AS open, count(*) AS all FROM matters_matter),
copies AS (
  SELECT m.id, m.area_id, m.opened_at, m.closed_at, c FROM counted k, matters_matter m, LATERAL generate_series(1, CASE
    WHEN m.closed_at IS NULL THEN greatest(1, %(total)s * %(open)s / k.open)::int
    ELSE greatest(1, (%(total)s * (1 - %(open)s)) / (k.all - k.open))::int END) AS c),
placed AS (
  SELECT *, CASE WHEN closed_at IS NULL THEN interval '0' ELSE -floor(random() * %(weeks)s) * interval '7 days' END AS shift,
         random() AS chance FROM copies)
SELECT p.id AS old, p.c AS copy, p.shift, bench_id(p.id, p.c, p.opened_at + p.shift) AS new,
       row_number() OVER (PARTITION BY ((p.opened_at + p.shift) AT TIME ZONE 'Asia/Shanghai')::date) + 10000 AS serial,
       g.ids[at] AS grid, g.lons[at] AS lon, g.lats[at] AS lat
FROM placed p LEFT JOIN bench_grid g ON g.area = p.area_id CROSS JOIN LATERAL (SELECT 1 + floor(chance * g.n)::int AS at)
ORDER BY p.opened_at + p.shift
"""
OF_MATTER = "JOIN bench_copy k ON k.old = t.matter_id"
OF_EVENT = "JOIN seed_events_event e ON e.id = t.event JOIN bench_copy k ON k.old = e.stream"
PEOPLE = "CROSS JOIN (SELECT DISTINCT copy, interval '0' AS shift FROM bench_copy) k"
EVENT = "bench_id(t.event, k.copy, e.at + k.shift)"
OF_PERSON = "LEFT JOIN seed_register_person p ON p.id = t.{}"
PERSON = "CASE WHEN p.id IS NOT NULL THEN bench_id(p.id, k.copy, p.created_at) END"
# Where each row comes from, and the columns that differ; moments are moved by themselves.  The longest first.
TABLES: dict[str, tuple[str, Mapping[str, str]]] = {
    "events_event": (
        "JOIN bench_copy k ON k.old = t.stream",
        {
            "id": "bench_id(t.id, k.copy, t.at + k.shift)", "stream": "k.new",
            "data": "jsonb_set(t.data, '{dims,division}', coalesce(to_jsonb(k.grid), 'null'), false)",
        },
    ),
    "indicators_fact": (
        OF_EVENT,
        {"event": EVENT, "stream": "k.new", "day": "(t.day + k.shift)::date", "division": "coalesce(k.grid, t.division)"},
    ),
    "matters_record": (
        OF_MATTER,
        {
            "id": "bench_id(t.id, k.copy, t.at + k.shift)", "matter_id": "k.new",
            "event": "bench_id(t.event, k.copy, t.at + k.shift)",
        },
    ),
    "events_notice": (
        f"{OF_EVENT} LEFT JOIN seed_register_contact c ON c.id = t.to_contact",
        {
            "id": "bench_id(t.id, k.copy, e.at + k.shift)", "event": EVENT, "subject": "k.new",
            "to_contact": "CASE WHEN c.id IS NOT NULL THEN bench_id(c.id, k.copy, c.created_at) END",
        },
    ),
    "matters_matter": (
        f"JOIN bench_copy k ON k.old = t.id LEFT JOIN territory_division d ON d.id = k.grid {OF_PERSON.format('reporter_id')}",
        {
            "id": "k.new", "number": "bench_number(t.opened_at + k.shift, k.serial)", "reporter_id": PERSON,
            "division_id": "coalesce(k.grid, t.division_id)", "path": "coalesce(d.path, t.path)",
            "lon": "coalesce(k.lon + (random() - 0.5) / 1000, t.lon)",
            "lat": "coalesce(k.lat + (random() - 0.5) / 1000, t.lat)",
        },
    ),
    "matters_matterwords": (
        OF_MATTER,
        {"matter_id": "k.new", "words": "t.words || ('''' || (1000 + power(random(), 3) * 90000)::int || ''':900')::tsvector"},
    ),
    "matters_clock": (OF_MATTER, {"id": "bench_id(t.id, k.copy, t.started_at + k.shift)", "matter_id": "k.new"}),
    "matters_task": (OF_MATTER, {"id": "bench_id(t.id, k.copy, t.sent_at + k.shift)", "matter_id": "k.new"}),
    "matters_participant": (
        f"{OF_MATTER} {OF_PERSON.format('person_id')}",
        {"id": "bench_id(t.id, k.copy, t.joined_at + k.shift)", "matter_id": "k.new", "person_id": PERSON},
    ),
    "appeals_appeal": (OF_MATTER, {"matter_id": "k.new"}),
    "hall_application": (OF_MATTER, {"matter_id": "k.new"}),
    "hall_handed": (
        "JOIN bench_copy k ON k.old = t.application_id",
        {"id": "bench_id(t.id, k.copy, t.at + k.shift)", "application_id": "k.new"},
    ),
    "papers_paper": (
        f"{OF_MATTER} JOIN seed_matters_matter m ON m.id = t.matter_id",
        {
            "id": "bench_id(t.id, k.copy, t.issued_at + k.shift)", "matter_id": "k.new",
            "number": "bench_number(m.opened_at + k.shift, k.serial) || substr(t.number, 16)",
            "code": "sha256(t.code || k.copy::text::bytea)",
        },
    ),
    "register_person": (
        PEOPLE,
        {
            "id": "bench_id(t.id, k.copy, t.created_at)",
            "identity": "substring(sha256(t.identity || k.copy::text::bytea), 1, 20)",
            "citizen_id_blind": "substring(sha256(t.citizen_id_blind || k.copy::text::bytea), 1, 20)",
        },
    ),
    "register_contact": (
        f"{PEOPLE} {OF_PERSON.format('person_id')}",
        {
            "id": "bench_id(t.id, k.copy, t.created_at)", "person_id": PERSON,
            "blind": "substring(sha256(t.blind || k.copy::text::bytea), 1, 20)",
        },
    ),
}  # fmt: skip
SEEDED = ", ".join(f"seed_{table}" for table in TABLES)
ROLLUPS = ("rollupday", "rollupmonth", "rolledday", "rolledmonth", "staleday")
COLUMNS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
# Indexes are made anew once the rows are in, which is quicker than keeping them, and goes for those of constraints too.
WITHOUT_INDEXES = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = %s::regclass"


def seed() -> None:
    """The originals: a year of the demo, by the engine."""
    from django.utils import timezone

    from zhitong.config.demo import loading

    loading.live(SEEDS, loading.SEED, timezone.now())


def fill(total: int, changes: Mapping[str, tuple[str, Mapping[str, str]] | None] = MappingProxyType({})) -> None:
    """Copies until there are about ``total`` matters, with rollups and statistics.  ``changes`` to ``TABLES``; None leaves one out."""
    tables = {name: source for name, source in {**TABLES, **changes}.items() if source}
    for statement in (FUNCTIONS, GRIDS, *(f"CREATE UNLOGGED TABLE seed_{table} AS TABLE {table}" for table in TABLES)):
        run(statement)
    run("SELECT setseed(%(seed)s)", {"seed": CHANCE})
    run(COPIES, {"total": total, "open": OPEN_SHARE, "weeks": WEEKS})
    run(f"ANALYZE bench_copy, bench_grid, {SEEDED}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        filling = {table: pool.submit(_copy, table, *source) for table, source in tables.items()}
        filling["indicators_fact"].result()
        _fold()
        for table in filling.values():
            table.result()
    run(f"DROP TABLE bench_copy, bench_grid, {SEEDED}")


def _fold() -> None:
    """Rollups, as soon as there are facts, while other tables are filled."""
    from zhitong.kernel.indicators.public import fold_finished

    run("TRUNCATE " + ", ".join(f"indicators_{name}" for name in ROLLUPS))
    while fold_finished(most=10_000, seconds=3600):
        pass
    run(f"VACUUM ANALYZE {', '.join(f'indicators_{name}' for name in ROLLUPS)}")


def run(statement: str, params: Mapping[str, float] | None = None) -> None:
    """One statement, or several."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _copy(table: str, source: str, changed: Mapping[str, str]) -> None:
    """Fill one table, on a connection of its own."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        own.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        own.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'")
        columns = own.execute(COLUMNS, [table]).fetchall()
        values = [
            changed.get(name) or (f"t.{name} + k.shift" if "timestamp" in type_ else f"t.{name}")
            for name, type_ in columns
        ]
        names = ", ".join(f'"{name}"' for name, _type in columns)
        with own.transaction():
            own.execute(WITHOUT_INDEXES, [table])
            own.execute(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM "seed_{table}" t {source}')  # noqa: S608 - own names
            own.execute(f'REINDEX TABLE "{table}"')
        own.execute(f'VACUUM ANALYZE "{table}"')
