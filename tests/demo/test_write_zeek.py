"""The demo's Zeek logs: tables and JSON, on the day of their folder."""

import json

from tests.demo.reading import Built, files_of_sort, whole_lines


def test_every_row_of_zeek_tsv_has_the_columns_its_header_names(built: Built) -> None:
    seen = set()
    for path in files_of_sort(built, "*/zeek/*/*.log*"):
        lines = whole_lines(path)
        columns = [row.split("\t")[1:] for row in lines if row.startswith("#fields")]
        assert len(columns) == 1
        seen.add((path.name.partition(".")[0], len(columns[0])))
        rows = [row.split("\t") for row in lines if not row.startswith("#")]
        assert rows
        assert {len(row) for row in rows} == {len(columns[0])}
    # One site has fewer columns than the others.
    assert len([log for log, _ in seen if log == "conn"]) == 2


def test_zeek_json_comes_with_dots_with_underscores_and_with_iso_times(built: Built) -> None:
    forms = set()
    for path in files_of_sort(built, "*/zeek-json/*/dns.log*"):
        for line in whole_lines(path):
            one = json.loads(line)
            forms.add((isinstance(one["ts"], str), "id.orig_h" in one, "id_orig_h" in one))
    assert forms == {(False, True, False), (False, False, True), (True, True, False)}
