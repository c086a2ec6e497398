"""DuckDB doing the same match: one log and one list in, the lines that meet it out, as Parquet.

Written as somebody would who knows DuckDB well: the schema is given, the log is read once and only
the columns needed are kept, each different host name is taken apart once, and the rest is joins.
Run as `python -m bench.duck KIND LOG LIST OUT`.
"""

import os
import sys

import duckdb

from bench.logs import ZEEK_COLUMNS

_ZEEK = ", ".join(f"'{name}': 'VARCHAR'" for name in ZEEK_COLUMNS)

EVENTS = {
    "zeek": f"""
        SELECT uid AS number, query AS host, answers, "id.orig_h" AS source,
            "id.resp_h" AS destination
        FROM read_csv($log, delim = '\t', header = false, quote = '', escape = '', skip = 8,
            nullstr = '-', auto_detect = false, columns = {{{_ZEEK}}})
    """,
    "eve": """
        SELECT flow_id::VARCHAR AS number, coalesce(dns.rrname, tls.sni, http.hostname) AS host,
            array_to_string(list_transform(dns.answers, lambda one: one.rdata), ',') AS answers,
            src_ip AS source, dest_ip AS destination
        FROM read_json($log, format = 'newline_delimited', columns = {
            flow_id: 'UBIGINT', src_ip: 'VARCHAR', dest_ip: 'VARCHAR',
            dns: 'STRUCT(rrname VARCHAR, answers STRUCT(rdata VARCHAR)[])',
            tls: 'STRUCT(sni VARCHAR)', http: 'STRUCT(hostname VARCHAR)'})
    """,
    "zeek-json": """
        SELECT uid AS number, query AS host, array_to_string(answers, ',') AS answers,
            "id.orig_h" AS source, "id.resp_h" AS destination
        FROM read_json($log, format = 'newline_delimited', columns = {uid: 'VARCHAR',
            query: 'VARCHAR', answers: 'VARCHAR[]', "id.orig_h": 'VARCHAR', "id.resp_h": 'VARCHAR'})
    """,
    "syslog": """
        SELECT regexp_extract(line, '(?:\\w\\[|: \\[)(\\d+)', 1) AS number,
            nullif(regexp_extract(line, ' (?:query\\[[A-Z]+\\]|reply) (\\S+) ', 1), '') AS host,
            nullif(regexp_extract(line, ' is (\\S+)$', 1), '') AS answers,
            regexp_extract(line, ' (?:SRC=|from )([0-9.]+)', 1) AS source,
            regexp_extract(line, ' DST=([0-9.]+)', 1) AS destination
        FROM read_csv($log, delim = '\x01', header = false, quote = '', escape = '',
            auto_detect = false, columns = {'line': 'VARCHAR'})
    """,
    "fortigate": """
        SELECT regexp_extract(line, ' sessionid=(\\d+)', 1) AS number,
            nullif(regexp_extract(line, ' hostname="([^"]*)"', 1), '') AS host,
            NULL::VARCHAR AS answers, regexp_extract(line, ' srcip=([0-9.]+)', 1) AS source,
            regexp_extract(line, ' dstip=([0-9.]+)', 1) AS destination
        FROM read_csv($log, delim = '\x01', header = false, quote = '', escape = '',
            auto_detect = false, columns = {'line': 'VARCHAR'})
    """,
}
"""How each kind of log is read: number of the line, host names, addresses."""

STEPS = (
    """
    CREATE TEMP TABLE listed AS SELECT indicator FROM read_csv($list, header = false,
        auto_detect = false, columns = {'indicator': 'VARCHAR'})
    """,
    """
    CREATE TEMP MACRO suffixes(labels) AS list_transform(range(1, len(labels) + 1),
        lambda first: array_to_string(labels[first:], '.'))
    """,
    "CREATE TEMP TABLE event AS {events}",
    # Each different value is taken apart once: a name into itself and all that it lies below.
    """
    CREATE TEMP TABLE host_met AS
    WITH host AS (SELECT DISTINCT host FROM event WHERE host IS NOT NULL),
    suffix AS (SELECT host, unnest(suffixes(string_split(lower(host), '.'))) AS indicator FROM host)
    SELECT DISTINCT host, indicator FROM suffix SEMI JOIN listed USING (indicator)
    """,
    """
    CREATE TEMP TABLE answers_met AS
    WITH answers AS (SELECT DISTINCT answers FROM event WHERE answers IS NOT NULL),
    answer AS (SELECT answers, unnest(string_split(answers, ',')) AS host FROM answers),
    host AS (SELECT DISTINCT host FROM answer),
    suffix AS (SELECT host, unnest(suffixes(string_split(lower(host), '.'))) AS indicator
        FROM host),
    met AS (SELECT DISTINCT host, indicator FROM suffix SEMI JOIN listed USING (indicator))
    SELECT DISTINCT answers, indicator FROM answer JOIN met USING (host)
    """,
    """
    COPY (
        SELECT number, indicator FROM event JOIN host_met USING (host)
        UNION SELECT number, indicator FROM event JOIN answers_met USING (answers)
        UNION SELECT number, source FROM event SEMI JOIN listed ON source = indicator
        UNION SELECT number, destination FROM event SEMI JOIN listed ON destination = indicator
    ) TO '{out}' (FORMAT parquet)
    """,
)


def main(kind: str, log: str, listed: str, out: str) -> None:
    """Match `log` against `listed` and write (number, indicator) to `out`."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": len(os.sched_getaffinity(0)),
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=settings) as database:
        for step in STEPS:
            query = step.replace("{events}", EVENTS[kind]).replace("{out}", out)
            values = {"log": log, "list": listed}
            database.execute(
                query, {name: one for name, one in values.items() if f"${name}" in query}
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
