"""A million matters from a thousand: the demo's year, made by the engine itself, copied by SQL.

Each copy has ids, a number, people and a place of its own and lies some whole weeks earlier, so that two years are
covered; of what is still open there are as many copies as make one matter in a hundred.  Clocks, tasks, records, words,
events, facts and letters go along, with the references between them.  Event hashes are those of the original.
"""

from collections.abc import Mapping

from django.db import connection

SEEDS = 1_000
OPEN_SHARE = 0.01
WEEKS = 52
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_id(old uuid, copy int, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(d, 1, 3) || 'b'
          || substr(d, 4, 15))::uuid FROM md5(old::text || copy) AS d $$;
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
       1 + floor(chance * g.n)::int AS at, p.area_id AS area
FROM placed p LEFT JOIN bench_grid g ON g.area = p.area_id
"""
OF_MATTER = "JOIN bench_copy k ON k.old = t.matter_id"
OF_EVENT = "JOIN events_event e ON e.id = t.event JOIN bench_copy k ON k.old = e.stream"
PEOPLE = "CROSS JOIN (SELECT DISTINCT copy, interval '0' AS shift FROM bench_copy) k"
EVENT = "bench_id(t.event, k.copy, e.at + k.shift)"
PERSON = "(SELECT bench_id(p.id, k.copy, p.created_at) FROM register_person p WHERE p.id = t.{})"
# Where each row comes from, and the columns that differ; moments are moved by themselves.
TABLES: dict[str, tuple[str, Mapping[str, str]]] = {
    "register_person": (
        PEOPLE,
        {
            "id": "bench_id(t.id, k.copy, t.created_at)",
            "identity": "substring(sha256(t.identity || k.copy::text::bytea), 1, 20)",
        },
    ),
    "register_contact": (
        PEOPLE,
        {
            "id": "bench_id(t.id, k.copy, t.created_at)", "person_id": PERSON.format("person_id"),
            "blind": "substring(sha256(t.blind || k.copy::text::bytea), 1, 20)",
        },
    ),
    "matters_matter": (
        "JOIN bench_copy k ON k.old = t.id LEFT JOIN bench_grid g ON g.area = k.area "
        "LEFT JOIN territory_division d ON d.id = g.ids[k.at]",
        {
            "id": "k.new", "number": "bench_number(t.opened_at + k.shift, k.serial)", "reporter_id": PERSON.format("reporter_id"),
            "division_id": "coalesce(d.id, t.division_id)", "path": "coalesce(d.path, t.path)",
            "lon": "coalesce(g.lons[k.at] + (random() - 0.5) / 1000, t.lon)",
            "lat": "coalesce(g.lats[k.at] + (random() - 0.5) / 1000, t.lat)",
        },
    ),
    "matters_matterwords": (
        OF_MATTER,
        {"matter_id": "k.new", "words": "t.words || ('''' || (1000 + power(random(), 3) * 90000)::int || ''':900')::tsvector"},
    ),
    "appeals_appeal": (OF_MATTER, {"matter_id": "k.new"}),
    "matters_task": (OF_MATTER, {"id": "bench_id(t.id, k.copy, t.sent_at + k.shift)", "matter_id": "k.new"}),
    "matters_clock": (OF_MATTER, {"id": "bench_id(t.id, k.copy, t.started_at + k.shift)", "matter_id": "k.new"}),
    "matters_participant": (
        OF_MATTER,
        {
            "id": "bench_id(t.id, k.copy, t.joined_at + k.shift)", "matter_id": "k.new",
            "person_id": PERSON.format("person_id"),
        },
    ),
    "matters_record": (
        OF_MATTER,
        {
            "id": "bench_id(t.id, k.copy, t.at + k.shift)", "matter_id": "k.new",
            "event": "bench_id(t.event, k.copy, t.at + k.shift)",
        },
    ),
    "events_event": (
        "JOIN bench_copy k ON k.old = t.stream LEFT JOIN bench_grid g ON g.area = k.area",
        {
            "id": "bench_id(t.id, k.copy, t.at + k.shift)", "stream": "k.new",
            "data": "jsonb_set(t.data, '{dims,division}', coalesce(to_jsonb(g.ids[k.at]), 'null'), false)",
        },
    ),
    "events_notice": (
        OF_EVENT,
        {
            "id": "bench_id(t.id, k.copy, e.at + k.shift)", "event": EVENT, "subject": "k.new",
            "to_contact": "(SELECT bench_id(c.id, k.copy, c.created_at) FROM register_contact c WHERE c.id = t.to_contact)",
        },
    ),
    "indicators_fact": (
        f"{OF_EVENT} LEFT JOIN bench_grid g ON g.area = k.area",
        {
            "event": EVENT, "stream": "k.new", "day": "(t.day + k.shift)::date",
            "division": "coalesce(g.ids[k.at], t.division)",
        },
    ),
}  # fmt: skip
ROLLUPS = ("rollupday", "rollupmonth", "rolledday", "rolledmonth", "staleday")


def seed() -> None:
    """The originals: a year of the demo, by the engine."""
    from django.utils import timezone

    from zhitong.config.demo import loading

    loading.live(SEEDS, loading.SEED, timezone.now())


def fill(total: int) -> None:
    """Copies until there are about ``total`` matters, then rollups and statistics."""
    from zhitong.kernel.indicators.public import fold_finished

    run("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
    run("SET work_mem = '256MB'")
    run(FUNCTIONS)
    run(GRIDS)
    run(COPIES, {"total": total, "open": OPEN_SHARE, "weeks": WEEKS})
    run("ANALYZE bench_copy, bench_grid")
    indexes = _indexes()
    for name, _definition in indexes:
        run(f'DROP INDEX "{name}"')
    for table, (source, changed) in TABLES.items():
        _copy(table, source, changed)
    for _name, definition in indexes:
        run(definition)
    run("DROP TABLE bench_copy, bench_grid")
    run("TRUNCATE " + ", ".join(f"indicators_{name}" for name in ROLLUPS))
    while fold_finished(most=10_000, seconds=3600):
        pass
    run("VACUUM ANALYZE")
    run("SET session_replication_role = DEFAULT; RESET synchronous_commit; RESET work_mem")


def run(statement: str, params: Mapping[str, object] | None = None) -> None:
    """One statement, or several."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _indexes() -> list[tuple[str, str]]:
    """Indexes of these tables that belong to no constraint: made again at the end, which is quicker than keeping them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = ANY("
            "SELECT name::regclass FROM unnest(%s::text[]) AS name) AND NOT EXISTS "
            "(SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [list(TABLES)],
        )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def _copy(table: str, source: str, changed: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        columns = cursor.fetchall()
    values = [
        changed.get(name) or (f"t.{name} + k.shift" if "timestamp" in type_ else f"t.{name}") for name, type_ in columns
    ]
    names = ", ".join(f'"{name}"' for name, _type in columns)
    run(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM "{table}" t {source}')  # noqa: S608 - own names
