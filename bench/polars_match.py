"""Polars doing the same match as `bench.duck`: one log and one list in, the pairs out, as Parquet.

Written as somebody would who knows Polars well: only the columns needed are read, each different
name is taken apart once, and the rest is joins. Run as `python -m bench.polars_match KIND LOG LIST
OUT`; needs the package `polars`.
"""

import sys
from typing import Any

from bench.logs import ZEEK_COLUMNS

WANTED = ("number", "host", "answers", "source", "destination")


def events(kind: str, log: str) -> Any:
    """Return the log as a lazy frame of WANTED, all text; `answers` is a list."""
    return {"zeek": _zeek, "zeek-json": _zeek_json, "eve": _eve}.get(kind, _lines(kind))(log)


def _zeek(log: str) -> Any:
    import polars as pl

    frame = pl.scan_csv(
        log,
        separator="\t",
        has_header=False,
        quote_char=None,
        skip_rows=8,
        null_values="-",
        schema=dict.fromkeys(ZEEK_COLUMNS, pl.String),
    )
    return frame.select(
        pl.col("uid").alias("number"),
        pl.col("query").alias("host"),
        pl.col("answers").str.split(","),
        pl.col("id.orig_h").alias("source"),
        pl.col("id.resp_h").alias("destination"),
    )


def _zeek_json(log: str) -> Any:
    import polars as pl

    text = dict.fromkeys(("uid", "query", "id.orig_h", "id.resp_h"), pl.String)
    frame = pl.scan_ndjson(log, schema={**text, "answers": pl.List(pl.String)})
    return frame.select(
        pl.col("uid").alias("number"),
        pl.col("query").alias("host"),
        "answers",
        pl.col("id.orig_h").alias("source"),
        pl.col("id.resp_h").alias("destination"),
    )


def _eve(log: str) -> Any:
    import polars as pl

    answer = pl.List(pl.Struct({"rdata": pl.String}))
    schema = {
        "flow_id": pl.UInt64,
        "src_ip": pl.String,
        "dest_ip": pl.String,
        "dns": pl.Struct({"rrname": pl.String, "answers": answer}),
        "tls": pl.Struct({"sni": pl.String}),
        "http": pl.Struct({"hostname": pl.String}),
    }
    frame = pl.scan_ndjson(log, schema=schema)
    dns = pl.col("dns").struct
    return frame.select(
        pl.col("flow_id").cast(pl.String).alias("number"),
        pl.coalesce(
            dns.field("rrname"),
            pl.col("tls").struct.field("sni"),
            pl.col("http").struct.field("hostname"),
        ).alias("host"),
        dns.field("answers").list.eval(pl.element().struct.field("rdata")).alias("answers"),
        pl.col("src_ip").alias("source"),
        pl.col("dest_ip").alias("destination"),
    )


PATTERNS = {
    "fortigate": (
        r" sessionid=(\d+)",
        r' hostname="([^"]+)"',
        None,
        r" srcip=([0-9.]+)",
        r" dstip=([0-9.]+)",
    ),
    "syslog": (
        r"(?:\w\[|: \[)(\d+)",
        r" (?:query\[[A-Z]+\]|reply) (\S+) ",
        r" is (\S+)$",
        r" (?:SRC=|from )([0-9.]+)",
        r" DST=([0-9.]+)",
    ),
}
"""What is cut out of a line, in the order of WANTED."""


def _lines(kind: str) -> Any:
    import polars as pl

    def read(log: str) -> Any:
        frame = pl.scan_csv(
            log, separator="\x01", has_header=False, quote_char=None, schema={"line": pl.String}
        )
        line = pl.col("line").str
        texts = [
            line.extract(pattern, 1) if pattern else pl.lit(None, pl.String)
            for pattern in PATTERNS[kind]
        ]
        texts[2] = texts[2].str.split(",")
        return frame.select(text.alias(name) for name, text in zip(WANTED, texts, strict=True))

    return read


def _suffixes_met(hosts: Any, rows: Any) -> Any:
    """Return (host, indicator) for each of `hosts` that is a row or lies below one."""
    import polars as pl

    labels = hosts.with_columns(labels=pl.col("host").str.to_lowercase().str.split("."))
    most = labels.select(pl.col("labels").list.len().max()).item() or 0
    met = [
        labels.filter(pl.col("labels").list.len() > depth)
        .select("host", indicator=pl.col("labels").list.slice(depth).list.join("."))
        .join(rows, on="indicator", how="semi")
        for depth in range(most)
    ]
    return pl.concat(met) if met else pl.DataFrame(schema={"host": str, "indicator": str})


def main(kind: str, log: str, listed: str, out: str) -> None:
    """Match `log` against `listed` and write (number, indicator) to `out`."""
    import polars as pl

    rows = pl.read_csv(listed, has_header=False, new_columns=["indicator"])
    frame = events(kind, log).collect(engine="streaming")
    answers = frame.select("number", host="answers").explode("host").drop_nulls()
    asked = pl.concat([frame.select("number", "host").drop_nulls(), answers])
    names = _suffixes_met(asked.select("host").unique(), rows)
    met = [asked.join(names, on="host").select("number", "indicator")]
    for column in ("source", "destination"):
        address = frame.select("number", indicator=column).drop_nulls()
        met.append(address.join(rows, on="indicator", how="semi"))
    pl.concat(met).unique().write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
