"""The API: every value is checked before anything is read, and its errors name the option."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quetsach import api
from quetsach.errors import QuetsachError
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.pipeline.job import INSIDE
from tests.documents.drafts import LAUNCH
from tests.documents.sheets import code_on, page_text
from tests.letters.texts import sample
from tests.oracles import qr
from tests.run.evidence import HEADER, conn, swept, write


def _request(tmp_path: Path, **more: Any) -> api.SweepRequest:
    listed = write(tmp_path / "list.txt", "bad.example\n192.0.2.1\n10.9.9.9\n")
    return api.sweep_request(evidence=["x.log"], lists=[listed], **more)


@pytest.mark.parametrize(
    ("more", "option"),
    [
        ({"zone": "Mars/Base"}, "--zone"),
        ({"zone": "../../etc/passwd"}, "--zone"),
        ({"zone": ""}, "--zone"),
        ({"inside": ["10.0.0.0/33"]}, "--inside"),
        ({"inside": ["office"]}, "--inside"),
        ({"since": "yesterday"}, "--since"),
        ({"until": "2022-13-01"}, "--until"),
    ],
)
def test_a_wrong_value_is_an_error_of_its_option(
    more: dict[str, Any], option: str, tmp_path: Path
) -> None:
    with pytest.raises(QuetsachError) as caught:
        _request(tmp_path, **more)
    assert (caught.value.problem.code, caught.value.problem.where) == ("E601", option)


def test_a_time_without_offset_is_meant_in_the_zone_of_the_sweep(tmp_path: Path) -> None:
    second_us = 1_000_000
    local = _request(tmp_path, since="2022-09-12T07:00", until="2022-09-12T07:00:00+00:00")
    assert local.options.since_us == 1_662_940_800 * second_us
    assert local.options.until_us == (1_662_940_800 + 7 * 3600) * second_us
    assert _request(tmp_path, since="2022-09-12", zone="UTC").options.since_us == (
        1_662_940_800 * second_us
    )


def test_own_networks_take_the_place_of_the_private_ranges(tmp_path: Path) -> None:
    assert _request(tmp_path).options.inside == INSIDE
    assert _request(tmp_path, inside=["192.0.2.7/24"]).options.inside == ("192.0.2.0/24",)


def test_own_and_private_addresses_are_no_indicators_unless_they_are_meant(tmp_path: Path) -> None:
    def keys(**more: Any) -> set[str]:
        return {one.key for one in _request(tmp_path, **more).indicators.indicators}

    assert keys() == {"bad.example", "192.0.2.1"}
    assert keys(inside=["192.0.2.0/24"]) == {"bad.example"}
    assert keys(accept_private=True) == {"bad.example", "192.0.2.1", "10.9.9.9"}


def test_findings_get_a_folder_of_their_own_unless_one_is_named(tmp_path: Path) -> None:
    assert _request(tmp_path, out=tmp_path / "x").target == tmp_path / "x"
    assert _request(tmp_path).target.name.startswith("findings-2")


def test_what_is_listed_can_be_used(tmp_path: Path) -> None:
    assert all(hasattr(api, name) for name in api.__all__)
    found = api.check_indicators([write(tmp_path / "list.txt", "bad.example\ncom.vn\n")])
    assert sum(found.kinds.values()) == 1


def test_the_same_findings_give_the_same_documents(tmp_path: Path) -> None:
    swept(tmp_path, write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77")))
    written = []
    for name in ("one", "two"):
        papers = api.report(
            tmp_path / "findings",
            form="phu-luc-2022",
            unit="UBND xã Hàm Giang",
            out=tmp_path / name,
        )
        written.append([(path.name, path.read_bytes()) for path in papers.files])
    assert written[0] == written[1]
    assert len(written[0]) == 2


def test_two_sweeps_at_once_get_folders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lists = tmp_path / "list.txt"
    lists.write_text("bad.example\n")
    targets = []
    for _ in range(3):
        request = api.sweep_request(evidence=["x.log"], lists=[lists])
        request.target.mkdir()
        targets.append(request.target)
    assert len(set(targets)) == 3


def test_a_letter_is_read_with_the_forms_and_the_lists_that_the_program_knows(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "cv.txt", sample("district-letter"))
    letter = api.read_letter(path)
    assert [one.known_form for one in letter.appendices] == ["phu-luc-2022"]
    assert letter.indicators is not None
    assert letter.indicators.count == len(read_lists([path], ListOptions()).indicators)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_letter_that_we_drafted_is_read_back_as_it_was_meant(kind: str, tmp_path: Path) -> None:
    draft = api.draft_letter("trien-khai-chien-dich", LAUNCH)
    body = api.letter_body_from_plain(api.letter_body_as_plain(draft.text.body))
    assert body == draft.text.body
    capacity = api.Standing(api.Capacity.FOR_SUPERIOR, "Chủ tịch")
    letter = api.OfficialLetter(
        replace(
            api.letterhead_of("Ủy ban nhân dân huyện Trà Cú"),
            code="UBND-TH",
            number=12,
            place="Trà Cú",
            signed_on=date(2022, 9, 12),
            addressees=("Phòng Nội vụ", "Ủy ban nhân dân các xã"),
        ),
        draft.text,
        signer=api.Signer("Phó Chủ tịch", "Tăng Thị Thắm", (capacity,)),
        annexes=(api.form_annex("phu-luc-2022"),),
    )
    written = api.letter_document(letter, tmp_path, paper=True)
    read = api.read_letter(next(one for one in written.files if one.suffix == f".{kind}"))
    assert (read.number.value, read.code.value, read.date.value) == ("12", "UBND-TH", "2022-09-12")
    assert read.subject.value == draft.text.subject
    assert read.addressees.value == ("Phòng Nội vụ", "Ủy ban nhân dân các xã")
    assert read.basis[0].code.value == "STTTT-BCVTCNTT"
    assert read.due.value == "2022-09-28T23:59:59+07:00"
    assert read.campaign_page.value == LAUNCH["page"]
    assert read.signer.name.value == "Tăng Thị Thắm"
    assert [one.known_form for one in read.appendices] == ["phu-luc-2022"]
    assert len(read.tasks) == 4


def test_the_example_of_the_page_on_letters_runs(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "docs/letters-out.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {"folder": tmp_path})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cong-van.docx", "cong-van.pdf"]


def test_templates_say_which_fields_they_ask_for() -> None:
    (launch,) = [one for one in api.letter_templates() if one.code == "trien-khai-chien-dich"]
    asked = {field.id for field in launch.fields}
    assert set(LAUNCH) <= asked


def test_one_card_is_made_of_plain_values() -> None:
    device = {"device": "PC-01", "host_name": "PC-01", "grade": "likely", "sightings": 3}
    link = "https://portal.example/cases/42"
    made = api.card(device, case_url=link)
    assert qr.read(code_on(made)) == link
    assert "PC-01" in page_text(made)
    assert made == api.card(device, case_url=link)
    with pytest.raises(QuetsachError) as caught:
        api.card(device, case_url="javascript:x")
    assert caught.value.problem.code == "E409"
    with pytest.raises(QuetsachError) as caught:
        api.card(device, case_url=link, zone="Mars/Base")
    assert caught.value.problem.code == "E601"


def test_sheets_are_pdf_pages() -> None:
    link = "https://portal.example/n/abc"
    for made in (
        api.join_sheet(api.JoinSheet("Phòng Nội vụ", "Chiến dịch", link)),
        api.receipt_sheet(api.ReceiptSheet("Phòng Nội vụ", link, "UBND huyện", "triển khai")),
    ):
        assert qr.read(code_on(made)) == link
        assert "Phòng Nội vụ" in page_text(made)
    english = api.join_sheet(api.JoinSheet("A", "B", link), language="en")
    assert "For staff of the unit" in page_text(english)


def test_a_letter_larger_than_any_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(QuetsachError) as caught:
        api.read_letter(path)
    assert caught.value.problem.code == "E413"


def test_the_shipped_forms_are_listed_with_their_versions() -> None:
    forms = {one.code: one for one in api.report_forms()}
    assert forms["phu-luc-2022"].version
    assert forms["phu-luc-2022"].title_vi != forms["phu-luc-2022"].title_en
