"""What a unit declares of its log sources: checked, dated, changed with a reason, and used."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.intake import log_sources
from quetsach_portal.intake.boundary import SourceDeclared, SweepTask
from quetsach_portal.intake.log_sources import SourceWords, declare, declared_in, end, said_words
from quetsach_portal.intake.models import LogSource, Submission
from quetsach_portal.intake.submission_page import declared_words
from quetsach_portal.intake.sweep_task import _request
from quetsach_portal.intake.sweeping import _declared
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake import rows
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

WORDS = SourceWords(
    name="Tường lửa",
    pattern="fw*.log\nchi-nhanh.zip/**",
    zone="UTC",
    clock_offset="90",
    inside="10.20.0.0/16",
)
DECLARED = SourceDeclared(
    path=("fw*.log", "chi-nhanh.zip/**"),
    name="Tường lửa",
    zone="UTC",
    clock_offset=90.0,
    inside=("10.20.0.0/16",),
)


def _made(world: World, words: SourceWords = WORDS, **more: Any) -> LogSource:
    actor = world.user("TC01", Role.TECHNICIAN)
    return declare(world.units["TC01"], words, actor=actor, **more)


def test_what_is_declared_goes_to_the_sweeps_of_the_unit_alone(world: World) -> None:
    _made(world)
    assert declared_in(world.units["TC01"].pk) == (DECLARED,)
    assert declared_in(world.units["TC02"].pk) == ()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("zone", "Hanoi"),
        ("zone", "+25:00"),
        ("pattern", "fw[.log"),
        ("pattern", "C:\\logs\\fw.log"),
        ("clock_offset", "nhanh"),
        ("clock_offset", "nan"),
        ("inside", "10.20.0.0/99"),
        ("taken", "2026-13-01"),
    ],
)
def test_what_sources_toml_could_not_hold_is_refused_beside_its_field(
    world: World, field: str, text: str
) -> None:
    words = SourceWords(**{**{name: getattr(WORDS, name) for name in _NAMES}, field: text})
    with pytest.raises(Refused) as refused:
        _made(world, words)
    assert refused.value.field == field
    assert refused.value.told.startswith("E267: ")
    assert not LogSource.objects.exists()


_NAMES = ("name", "pattern", "zone", "clock_offset", "year", "taken", "inside")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (SourceWords(name=" ", pattern="x", zone="UTC"), "name"),
        (SourceWords(name="x", pattern=" ", zone="UTC"), "pattern"),
        (SourceWords(name="x", pattern="x"), "zone"),
        (SourceWords(name="x", pattern="x", year=2025, taken="2025-12-01"), ""),
    ],
)
def test_a_declaration_has_a_name_a_file_and_says_something(
    world: World, words: SourceWords, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _made(world, words)
    assert refused.value.field == field


def test_a_change_keeps_what_held_before_with_its_reason_and_the_trail(world: World) -> None:
    old = _made(world)
    with pytest.raises(Refused):
        _made(world, SourceWords(name="Tường lửa", pattern="fw*.log", zone="+07:00"), old=old)
    new = _made(
        world,
        SourceWords(name="Tường lửa", pattern="fw*.log", zone="+07:00", clock_offset="-1h 30s"),
        old=LogSource.objects.get(),
        reason="nhầm múi giờ",
    )
    old.refresh_from_db()
    assert (old.end_reason, old.ended_by_id) == ("nhầm múi giờ", new.declared_by_id)
    assert (new.follows_id, new.clock_offset) == (old.pk, -3630.0)
    assert [one.zone for one in declared_in(old.unit_id)] == ["+07:00"]
    with pytest.raises(Refused):
        end(old, actor=new.declared_by, reason="lần nữa")
    end(new, actor=new.declared_by, reason="bỏ thiết bị")
    assert declared_in(old.unit_id) == ()
    acts = AuditEvent.objects.filter(object_kind="log_source").order_by("pk")
    assert [act.action for act in acts] == ["source.declared", "source.changed", "source.ended"]


def test_the_sweep_gets_it_and_the_submission_keeps_what_was_declared_then(
    world: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = rows.make_done(world, "TC01")
    source = _made(world)
    sources = _declared(row, keep=True)
    end(source, actor=source.declared_by, reason="đã bỏ")
    row = Submission.objects.get(pk=row.pk)
    with translation.override("en"):
        assert declared_words(row) == [
            (
                "Tường lửa",
                "fw*.log, chi-nhanh.zip/**",
                "zone UTC, clock 90 seconds ahead, own networks 10.20.0.0/16",
            )
        ]
    (tmp_path / "evidence").mkdir()
    (tmp_path / "list.txt").write_text("203.0.113.7\n")
    request, flaws = _request(SweepTask(release="list.txt", release_sha256="", sources=sources))
    assert flaws == []
    (declared,) = request.options.sources
    assert (declared.zone, declared.clock_offset_s, declared.inside) == (
        "UTC",
        90.0,
        ("10.20.0.0/16",),
    )
    page = signed_in(world.user("TC01", Role.FOCAL_POINT)).get(
        reverse("intake:submission", args=[row.pk])
    )
    assert "đồng hồ nhanh 90 giây" in page.content.decode()


def test_a_submission_whose_zone_was_assumed_leads_to_the_form(world: World) -> None:
    row = rows.make_done(world, "TC01")
    row.summary["sources"] = [
        {**one, "zone_assumed": True, "year_guessed": True} for one in row.summary["sources"]
    ]
    row.summary["sources"] = row.summary["sources"] or [_SEEN]
    row.save()
    page = signed_in(world.user("TC01", Role.TECHNICIAN)).get(
        reverse("intake:submission", args=[row.pk])
    )
    assert reverse("intake:sources", args=[row.node.unit_id]) in page.content.decode()
    assert "Múi giờ của nhật ký, khai báo một lần" in page.content.decode()
    assert "Năm của nhật ký không ghi năm" in page.content.decode()


_SEEN = {
    "path": "evidence/fw.log", "format": "fortigate", "kinds": ["connection"], "lines": 1,
    "rejects": 0, "sightings": 0, "days": 1, "first": None, "last": None, "zone_assumed": True,
    "year_guessed": True,
}  # fmt: skip


def test_the_form_declares_changes_and_removes(world: World) -> None:
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    unit = world.units["TC01"]
    add = reverse("intake:add_source", args=[unit.pk])
    fields = {"name": "Tường lửa", "pattern": "fw*.log", "zone": "Hanoi", "taken": "05/12/2026"}
    page = client.post(add, fields).content.decode()
    assert "E267" in page
    assert client.post(add, {**fields, "zone": "UTC"}).status_code == 302
    row = LogSource.objects.get()
    assert (row.zone, row.taken) == ("UTC", "2026-12-05")
    change = reverse("intake:change_source", args=[row.pk])
    assert "05/12/2026" in client.get(change).content.decode()
    assert client.post(change, {**fields, "zone": "+07:00"}).status_code == 200
    assert client.post(change, {**fields, "zone": "+07:00", "reason": "x"}).status_code == 302
    row = LogSource.objects.get(ended_at=None)
    gone = reverse("intake:end_source", args=[row.pk])
    days = client.get(reverse("intake:unit", args=[rows.node_of(world, "TC01").pk]))
    assert "Đơn vị đang khai báo cho lần quét tới:" in days.content.decode()
    assert client.post(gone, {"reason": "bỏ"}).status_code == 302
    page = client.get(reverse("intake:sources", args=[unit.pk])).content.decode()
    assert page.count("+07:00") == 1
    assert "lấy ngày 05/12/2026" in page
    assert not log_sources.declared_in(unit.pk)


def test_words_of_a_declaration_are_short() -> None:
    with translation.override("en"):
        assert said_words(SourceDeclared(path=("x",), clock_offset=-1.5, year=2025)) == [
            "clock 1.5 seconds behind",
            "year 2025",
        ]
