"""The scoreboard's section of docs/formats.md: products and counts, from the committed table."""

from collections.abc import Iterator

from tools.scoreboard.board import by_product, read_table, total

HEAD = ("product", "fields", "right", "absent", "wrong", "otherwise defined")


def rows(table: str) -> Iterator[tuple[str, ...]]:
    """Yield a row for each product and the sum, from the text of `docs/scoreboard.tsv`."""
    figures = read_table(table)
    for product, one in (*by_product(figures), ("all", total(figures))):
        counts = (one.all, one.right, one.absent, one.wrong, one.definitional)
        yield product, *map(str, counts)


def words(table: str) -> str:
    """Return what stands above the rows: how many pairs, of which day, and what the words mean."""
    told = dict(
        line.removeprefix("# ").split(": ", 1)
        for line in table.splitlines()
        if line.startswith("# ")
    )
    return (
        f"What is read in {told['pairs']} messages, tables and captures of other projects' tests, "
        f"held against what those tests expect, on {told['date']}: who, whom, which name, when, "
        "which verdict. Absent: they read a value, quetsach gives none. Wrong: it gives another. "
        "Otherwise defined: both are right, and the word means two things; each is listed with "
        "its reason in `tests/real/definitional.toml`. The data are not part of the repository. "
        "`make scoreboard` prints the figures by field."
    )
