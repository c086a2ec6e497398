"""What the server of an exam saw becomes notices that tell neither mark nor machine."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.drawing import draw_exam
from quetsach.exams.server_log import notices_csv, read_server_log
from tests.exams.test_drawing import MACHINES, SEED, WISHES

TRUTH = draw_exam(MACHINES, WISHES, SEED)
FIRST, SECOND, THIRD, *_REST = (one.mark for one in TRUTH.occasions)


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "server.csv"
    path.write_text(text)
    return path


def test_the_first_contact_of_each_mark_counts(tmp_path: Path) -> None:
    log = read_server_log(
        _written(
            tmp_path,
            "time,address,port,mark\n"
            f"2026-11-20T08:15:00+07:00,198.51.100.5,40112,{FIRST}.exam.example\n"
            f"2026-11-20T09:15:00+07:00,198.51.100.6,40113,{FIRST}\n"
            f"1795137300.250;2001:db8::5;40114;GET /{SECOND.upper()} HTTP/1.1\n"
            "2026-11-20T08:15:00+07:00,198.51.100.9,1,/favicon.ico\n\n,,\n",
        ),
        TRUTH,
    )
    assert {mark: (one.address, one.port) for mark, one in log.contacts.items()} == {
        FIRST: ("198.51.100.5", 40112),
        SECOND: ("2001:db8::5", 40114),
    }
    assert log.problems == ()
    notices = notices_csv(log.contacts, TRUTH)
    assert notices.splitlines()[1].startswith("2026-11-20T01:15:00+00:00,198.51.100.5,40112,")
    assert FIRST not in notices


@pytest.mark.parametrize(
    "row",
    [
        f"2026-11-20T08:15:00,198.51.100.5,40112,{THIRD}",
        f"20/11/2026 08:15,198.51.100.5,40112,{THIRD}",
        f"2026-11-20T08:15:00Z,office,40112,{THIRD}",
        f"2026-11-20T08:15:00Z,198.51.100.5,0,{THIRD}",
        f"2026-11-20T08:15:00Z,198.51.100.5,99999999,{THIRD}",
        f"2026-11-20T08:15:00Z,198.51.100.5,-,{THIRD}",
    ],
)
def test_a_row_with_a_mark_that_cannot_be_used_is_told(row: str, tmp_path: Path) -> None:
    log = read_server_log(_written(tmp_path, row + "\n"), TRUTH)
    assert not log.contacts
    assert [(one.code, one.facts["row"]) for one in log.problems] == [("E326", 1)]


def test_a_log_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E101"):
        read_server_log(tmp_path / "none.csv", TRUTH)
