"""What a recorder writes lies in the files and folders that it is told to keep."""

from datetime import date, datetime

from tests.demo.reading import VIETNAM, Built, files_of_sort, whole_lines


def test_zeek_rows_lie_on_the_day_of_their_folder(built: Built) -> None:
    for path in files_of_sort(built, "*/zeek/*/conn.log*"):
        day = date.fromisoformat(path.parent.name)
        for row in whole_lines(path):
            if not row.startswith("#"):
                when = datetime.fromtimestamp(float(row.partition("\t")[0]), VIETNAM)
                assert when.date() == day
