"""TAR streams agree with Python's own reader, at every size of the pieces they come in."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.containers.bounds import Member
from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode
from quetsach.containers.tar import members
from tests.containers.samples import LOG, WIDE, code_of, tarred

LENIENT = replace(WIDE, any_name=True)


def walked(content: bytes, bounds=WIDE, step: int = 10_000) -> Iterator[Member]:
    slices = (content[place : place + step] for place in range(0, len(content), step))
    return members(slices, bounds)


def read(content: bytes, step: int = 10_000) -> dict[str, bytes]:
    return {member.name: b"".join(member.content) for member in walked(content, LENIENT, step)}


def refusals(content: bytes, bounds=WIDE) -> list[RefusalCode | None]:
    return [member.refusal and member.refusal.code for member in walked(content, bounds)]


@given(
    files=st.dictionaries(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/"), min_size=1),
        st.binary(max_size=2_000),
        max_size=6,
    ),
    form=st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    step=st.integers(1, 3_000),
)
def test_it_reads_what_python_reads(files: dict[str, bytes], form: int, step: int) -> None:
    content = tarred(files, form=form)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        judge = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    names = {member.name: member.refusal for member in walked(content, LENIENT, step)}
    unique = {name: content for name, content in judge.items() if names[name] is None}
    assert {name: read(content, step)[name] for name in unique} == unique
    assert list(names) == list(judge)


def test_files_left_unread_do_not_hide_those_behind() -> None:
    content = tarred({"a": b"1" * 3000, "b": b"2"})
    assert [member.name for member in members(iter([content]), WIDE)] == ["a", "b"]


def test_empty_pieces_are_no_end() -> None:
    content = tarred({"a": b"1" * 3000, "b": b"2"})
    pieces = (piece for half in (content[:700], content[700:]) for piece in (b"", half))
    assert [b"".join(member.content) for member in members(pieces, WIDE)] == [b"1" * 3000, b"2"]


def test_a_header_that_does_not_add_up_is_damage() -> None:
    content = bytearray(tarred({"a": b"1", "b": b"2"}))
    content[1024 + 3] ^= 1
    stream = members(iter([bytes(content)]), WIDE)
    assert next(stream).name == "a"
    with pytest.raises(DamagedDataError):
        next(stream)


def test_an_archive_that_breaks_off_gives_what_it_holds_and_says_so() -> None:
    content = tarred({"a.log": LOG, "b.log": LOG})
    stream = walked(content[:4096])
    assert b"".join(next(stream).content) == LOG
    last = next(stream)
    with pytest.raises(DamagedDataError) as caught:
        list(last.content)
    assert caught.value.code is RefusalCode.CUT_OFF


def test_what_lies_behind_the_end_of_the_archive_is_not_lost_unnoticed() -> None:
    """No reader looked there: `cat a.tar b.tar` lost the files of the second."""
    first, second = tarred({"a.log": LOG}), tarred({"b.log": LOG})
    assert read(first + bytes(20_000)) == {"a.log": LOG}
    stream = walked(first + second)
    assert next(stream).name == "a.log"
    with pytest.raises(DamagedDataError, match="behind"):
        next(stream)


def test_times_are_read() -> None:
    (member,) = walked(tarred({"a.log": LOG}))
    assert member.when == 1_788_225_322


@pytest.mark.asvs("V5.2.5")
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (tarfile.SYMTYPE, RefusalCode.LINK),
        (tarfile.LNKTYPE, RefusalCode.LINK),
        (tarfile.CHRTYPE, RefusalCode.SPECIAL_FILE),
        (tarfile.BLKTYPE, RefusalCode.SPECIAL_FILE),
        (tarfile.FIFOTYPE, RefusalCode.SPECIAL_FILE),
        (tarfile.GNUTYPE_SPARSE, RefusalCode.SPECIAL_FILE),
    ],
)
def test_links_and_devices_are_refused_one_by_one(kind: bytes, code: RefusalCode) -> None:
    assert refusals(tarred({"a.log": LOG}, special=[("odd", kind), ("b", kind)])) == [
        *(None, code, code)
    ]


def test_a_sparse_file_of_the_pax_form_is_refused() -> None:
    """Its bytes are a map and the parts that are no holes: read as a log they would be wrong."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("GNUSparseFile.0/a.log")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.name": "a.log"}
        info.size = len(LOG)
        archive.addfile(info, io.BytesIO(LOG))
        info = tarfile.TarInfo("b.log")
        archive.addfile(info)
    assert refusals(out.getvalue()) == [RefusalCode.SPECIAL_FILE, None]


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "C:\\x", "a\nb", "a\u202eb", "a" * 1100, "..."]
)
def test_unsafe_names_are_refused_but_for_a_reader_that_only_shows_them(name: str) -> None:
    assert refusals(tarred({name: LOG})) == [RefusalCode.UNSAFE_NAME]
    assert read(tarred({name: LOG})) == {name: LOG}


def test_the_unsafe_name_of_a_folder_is_refused_like_in_zip() -> None:
    """The readers of TAR passed over folders, the strict reader of ZIP did not."""
    folders = [("../out", tarfile.DIRTYPE), ("in", tarfile.DIRTYPE), ("in", tarfile.DIRTYPE)]
    assert refusals(tarred({"./": b"", "./a.log": LOG}, special=folders)) == [
        *(None, None, RefusalCode.UNSAFE_NAME)
    ]
    assert refusals(tarred({}, special=folders), LENIENT) == []


def test_a_second_file_of_the_same_name_is_refused() -> None:
    content = tarred([("a.log", LOG), ("./a.log", b"x"), ("A.log", b"y")])
    assert refusals(content) == [None, RefusalCode.DUPLICATE, None]
    strict = replace(WIDE, fold_case=True)
    assert refusals(content, strict) == [None, RefusalCode.DUPLICATE, RefusalCode.DUPLICATE]


def test_files_and_folders_are_counted() -> None:
    few = replace(WIDE, entries=10)
    info = tarfile.TarInfo("f")
    info.type = tarfile.DIRTYPE
    for content in (info.tobuf() * 20_000, tarred({str(n): b"" for n in range(11)})):
        with pytest.raises(ContainerRefused) as caught:
            list(walked(content, few))
        assert caught.value.code is RefusalCode.TOO_MANY
        assert caught.value.facts == {"limit": 10}


def test_a_header_that_asks_for_much_memory_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    assert code_of(lambda: list(walked(info.tobuf() + bytes(2048)))) == "damaged"


def test_headers_without_end_that_describe_no_file_are_refused() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = b"L", 1
    endless = (info.tobuf() + b"a".ljust(512, b"\0")) * 1_000
    assert code_of(lambda: list(walked(endless))) == "damaged"


def test_the_size_of_the_pax_header_counts() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.log")
        info.size, info.pax_headers = len(LOG), {"size": str(len(LOG))}
        archive.addfile(info, io.BytesIO(LOG))
    assert read(out.getvalue()) == {"a.log": LOG}
    greedy = out.getvalue().replace(b"size=%d" % len(LOG), b"size=9999")
    assert code_of(lambda: list(walked(greedy))) in ("cut-off", "damaged")


def test_the_size_of_a_hard_link_is_not_that_of_bytes_behind_it() -> None:
    info = tarfile.TarInfo("link")
    info.type, info.linkname, info.size = tarfile.LNKTYPE, "a", 5_000
    assert refusals(info.tobuf() + tarred({"b.log": LOG})) == [RefusalCode.LINK, None]


@pytest.mark.parametrize("step", range(0, 100, 7))
def test_a_damaged_archive_is_refused_and_never_fails_otherwise(step: int) -> None:
    import random

    chance = random.Random(step)
    whole = tarred({"a.log": LOG * 3, "b/c.log": LOG}, form=tarfile.PAX_FORMAT)
    for _turn in range(30):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        code_of(lambda: [list(member.content) for member in walked(bytes(content))])  # noqa: B023 - called at once


def with_header(kind: bytes, content: bytes) -> bytes:
    info = tarfile.TarInfo("header")
    info.type, info.size = kind, len(content)
    return info.tobuf() + content.ljust(-(-len(content) // 512) * 512, b"\0")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (b"g", b"24 path=../../evil.exe.\n"),
        (b"g", b"12 size=1234\n"),
        (b"x", b"2 2 2 2 2 2 "),
        (b"x", b"0 a=b\n"),
        (b"x", b"12"),
        (b"x", b"6 a=b\n" * 12_000),
        (b"L", b"a" * 70_000),
    ],
)
def test_a_header_that_programs_read_differently_or_that_has_no_end_is_damage(
    kind: bytes, content: bytes
) -> None:
    with pytest.raises(DamagedDataError):
        read(with_header(kind, content) + tarred({"a.log": LOG}))


def test_a_comment_for_all_files_changes_none() -> None:
    raw = with_header(b"g", b"19 comment=0123456\n") + tarred({"a.log": LOG})
    assert read(raw) == {"a.log": LOG}
