"""The demo's moments lie in its week, and on the day that their file is named after."""

from datetime import UTC, datetime

from tests.demo.reading import VIETNAM, Built, files_of_sort, whole_lines


def test_squid_and_conntrack_times_lie_in_the_week(built: Built) -> None:
    start = datetime(2022, 9, 12, tzinfo=VIETNAM).astimezone(UTC).timestamp()
    for path in [
        *files_of_sort(built, "*/proxy/access.log*"),
        *files_of_sort(built, "*/router/conntrack*"),
    ]:
        for line in whole_lines(path):
            when = float(line.split()[0].strip("[]"))
            assert start <= when < start + 7 * 86_400
