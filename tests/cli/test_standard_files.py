"""`-` is standard input and output wherever one file is meant, and refused where it is not."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from quetsach.cli import standard_files
from quetsach.cli import terminal as shared
from quetsach.errors.exceptions import QuetsachError
from tests.cli.running import quetsach_here
from tests.cli.test_help_texts import CONTEXTS
from tests.sweeping.evidence import HEADER, conn, write

LIST = b"203.0.113.77\n"
FROM_INPUT = {
    ("sweep", "evidence"),
    ("sweep", "lists"),
    ("trace", "notices"),
    ("report verify", "path"),
    ("report verify-acts", "path"),
    ("report verify-pdf", "path"),
    ("report sign", "path"),
    ("indicators check", "lists"),
    ("indicators take-in", "lists"),
    ("indicators release", "lists"),
    ("indicators diff", "before"),
    ("indicators diff", "after"),
    ("indicators try", "lists"),
    ("indicators would-hit", "lists"),
    ("indicators convert", "lists"),
    ("indicators compile", "lists"),
    ("indicators columns", "file"),
    ("letter read", "file"),
    ("letter answer", "request_file"),
    ("avreport read", "path"),
    ("exam grade", "evidence"),
}
"""Evidence given with -e may be `-` as well."""

TO_OUTPUT = {
    ("export", "out"),
    ("report page", "out"),
    ("report sign", "out"),
    ("indicators take-in", "out"),
    ("indicators convert", "out"),
    ("indicators compile", "out"),
    ("indicators columns", "save"),
    ("indicators fetch", "target"),
    ("indicators sheet", "out"),
    ("avreport export", "out"),
}


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    for path, context in CONTEXTS.items():
        yield from ((path, parameter) for parameter in context.command.params)


def test_the_table_of_what_reads_and_writes_a_stream_is_whole() -> None:
    reads, writes = set(), set()
    for path, parameter in parameters():
        place = (path, parameter.name or "")
        if isinstance(parameter.type, click.Path) and parameter.type.allow_dash:
            is_output = parameter.type in (shared.OUTPUT, shared.PATH_OR_DASH)
            (writes if is_output else reads).add(place)
        elif parameter.type is shared.EVIDENCE and isinstance(parameter, click.Argument):
            reads.add(place)
    assert (reads, writes) == (FROM_INPUT, TO_OUTPUT)


def test_every_other_path_refuses_it_and_makes_no_file_of_that_name() -> None:
    for path, parameter in parameters():
        if isinstance(parameter.type, click.Path) and not parameter.type.allow_dash:
            with pytest.raises(click.BadParameter):
                parameter.type.convert("-", parameter, CONTEXTS[path])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    write(tmp_path / "list.txt", LIST.decode())
    return tmp_path


def _same(words: tuple[str, ...], content: bytes) -> None:
    """Check that a run with `-` answers as one with the file of that content, but for its name."""
    plain = quetsach_here(*words)
    name = next(
        word for word in words if Path(word).is_file() and Path(word).read_bytes() == content
    )
    streamed = quetsach_here(*["-" if word == name else word for word in words], stdin=content)
    assert plain.returncode == streamed.returncode != 2, (plain.stderr, streamed.stderr)
    assert streamed.stdout.replace(b"stdin", name.encode()) == plain.stdout


def test_a_list_may_come_from_standard_input(office: Path) -> None:
    _same(("indicators", "check", "list.txt"), LIST)
    other = b"192.0.2.1\n"
    write(office / "other.txt", other.decode())
    _same(("indicators", "diff", "list.txt", "other.txt"), other)
    _same(("indicators", "convert", "list.txt", "--to", "plain"), LIST)
    _same(("indicators", "try", "list.txt", "-e", "conn.log", "--zone", "UTC"), LIST)
    run = quetsach_here("sweep", "conn.log", "-i", "-", "-o", "out", "--json", stdin=LIST)
    assert (run.returncode, json.loads(run.stdout)["devices"][0]["device"]) == (1, "10.0.0.5")


def test_a_letter_and_notices_may_come_from_standard_input(office: Path) -> None:
    letter = quetsach_here("letter", "read", "-", "--text", stdin=LIST)
    assert b"Letter: stdin" in letter.stdout
    notices = quetsach_here(
        *("trace", "-", "-e", "conn.log", "--public", "203.0.113.0/24", "--json"),
        stdin=b"timestamp,ip,port\n2026-09-01T08:00:00+07:00,203.0.113.5,4000\n",
    )
    assert notices.returncode != 2, notices.stderr


def test_only_one_thing_reads_standard_input(office: Path) -> None:
    for words in (
        ("sweep", "-", "-i", "-", "-o", "out"),
        ("indicators", "check", "-", "-"),
        ("indicators", "diff", "-", "-"),
    ):
        run = quetsach_here(*words, stdin=LIST)
        said = b"Standard input can be read once" in run.stderr
        # The same word twice is one argument, whose second `-` is empty.
        assert (run.returncode, said) == (2, True), words
    assert not (office / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("indicators", "compile", "list.txt"),
        ("report", "page", "findings", "--for", "organisation"),
    ],
)
def test_what_is_written_to_standard_output_is_the_file_and_nothing_else(
    words: tuple[str, ...], office: Path
) -> None:
    quetsach_here("sweep", "conn.log", "-i", "list.txt", "-o", "findings")
    plain = quetsach_here(*words, "-o", "written")
    streamed = quetsach_here(*words, "-o", "-")
    assert plain.returncode == streamed.returncode == 0, streamed.stderr
    assert len(streamed.stdout) == len((office / "written").read_bytes())
    assert streamed.stdout[:200] == (office / "written").read_bytes()[:200]
    assert streamed.stderr


def test_a_run_that_failed_prints_no_file(office: Path) -> None:
    run = quetsach_here("report", "page", "no-findings", "--for", "public", "-o", "-")
    assert (run.returncode, run.stdout) == (2, b"")


def test_an_input_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standard_files, "MOST_BYTES", 10)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))
    with pytest.raises(QuetsachError) as caught, click.Context(click.Command("x")) as context:
        standard_files.input_as_file(context)
    assert caught.value.problem.code == "E601"


def test_a_closed_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(QuetsachError) as caught, click.Context(click.Command("x")) as context:
        standard_files.input_as_file(context)
    assert caught.value.problem.code == "E104"
