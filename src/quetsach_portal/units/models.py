"""The register of units: everything with its days, nothing ever overwritten."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach.instructions.steps import MachinePlace
from quetsach_portal.units.contact_rows import ContactRows, settle

_CLINICS = ("bệnh viện", "trạm y tế", "trung tâm y tế", "phòng khám", "bệnh xá")


class UnitKind(models.TextChoices):
    """What kind of body a unit is."""

    MINISTRY = "ministry", _lazy("Ministry or central body")
    PROVINCE = "province", _lazy("Province")
    DEPARTMENT = "department", _lazy("Department of a province")
    DISTRICT = "district", _lazy("District")
    OFFICE = "office", _lazy("Office of a district")
    COMMUNE = "commune", _lazy("Commune, ward or town")
    SCHOOL = "school", _lazy("School")
    PARTY = "party", _lazy("Party body")
    MASS_ORG = "mass_org", _lazy("Front or mass organisation")
    AGENCY = "agency", _lazy("Other body")


class ReportingLine(models.TextChoices):
    """A line on which units report; a unit may be on several."""

    TERRITORY = "territory", _lazy("Government")
    SECTOR = "sector", _lazy("Sector")
    PARTY = "party", _lazy("Party")
    MASS_ORG = "mass_org", _lazy("Front and mass organisations")


LINE_OF_KIND = {
    UnitKind.PARTY.value: ReportingLine.PARTY.value,
    UnitKind.MASS_ORG.value: ReportingLine.MASS_ORG.value,
}
"""The default line by kind of unit; all others are on the line of government."""


def line_of(kind: str) -> str:
    """Return the default line of a unit of `kind`."""
    return LINE_OF_KIND.get(kind, ReportingLine.TERRITORY.value)


LINES = tuple(line.value for line in ReportingLine)
"""In this order: the first line of a unit determines its path."""


class OrgUnit(models.Model):
    """An office in the tree.

    Shapes: `code` never changes. `path` is today's path on its first line, "/1/34/567/" by ids with
    both slashes, kept by the tree events; `name` is today's full name; `search` its letters without
    marks, lower case; `has_old_name` where it may have had another name. What its contacts say is
    kept by `contact_rows.settle`: `no_contact` that none is open, the other three what is wrong
    with the open ones (`contact_since`: the oldest that is used); `is_reached` that mail gets there
    on any day from now on, `reach_asked` that this depends on the day, so that only the contacts
    can tell.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=UnitKind.choices, default=UnitKind.AGENCY)
    name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=120, blank=True)
    search = models.CharField(max_length=255, db_index=True, blank=True)
    doc_code = models.CharField(max_length=40, blank=True)
    id_old = models.CharField(max_length=13, blank=True)
    id_new = models.CharField(max_length=35, blank=True)
    area_code = models.CharField(max_length=5, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=255, db_index=True)
    depth = models.PositiveSmallIntegerField(default=0)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True)
    has_old_name = models.BooleanField(default=False)
    no_contact = models.BooleanField(default=True)
    has_bounced = models.BooleanField(default=False)
    shares_address = models.BooleanField(default=False)
    contact_since = models.DateField(null=True)
    is_reached = models.BooleanField(default=False)
    reach_asked = models.BooleanField(default=False)

    class Meta:
        """Most questions are about the open units below one, or the few with a problem."""

        indexes = [
            models.Index(fields=["path"], condition=Q(closed_on__isnull=True), name="unit_open"),
            *(
                models.Index(
                    fields=["path"], condition=Q(closed_on__isnull=True, **{flag: True}), name=name
                )
                for flag, name in (
                    ("no_contact", "unit_no_contact"),
                    ("has_bounced", "unit_bounced"),
                    ("shares_address", "unit_shares"),
                )
            ),
            models.Index(
                fields=["path", "contact_since"],
                condition=Q(closed_on__isnull=True, contact_since__isnull=False),
                name="unit_contact_since",
            ),
            models.Index(
                fields=["path", "id", "reach_asked"],
                condition=Q(is_reached=False),
                name="unit_not_reached",
            ),
            models.Index(fields=["id"], condition=Q(has_old_name=True), name="unit_old_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def machine_place(self) -> MachinePlace:
        """Return which steps an infected machine of the unit needs; clinics are known by name."""
        if self.kind == UnitKind.SCHOOL:
            return MachinePlace.SCHOOL
        is_clinic = self.name.casefold().startswith(_CLINICS)
        return MachinePlace.CLINIC if is_clinic else MachinePlace.OFFICE


class OrgName(models.Model):
    """A name in its time; `valid_to` is exclusive, None while it holds."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="names")
    full_name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=120, blank=True)
    doc_code = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One open name per unit."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="one_name_today"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="name_ends_after_it_begins",
            ),
        ]


class OrgEdge(models.Model):
    """A parent in its time: one per child, line and day."""

    child = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="parent_edges")
    parent = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="child_edges")
    line = models.CharField(
        max_length=10, choices=ReportingLine.choices, default=ReportingLine.TERRITORY
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One open parent per child and line; none is its own parent."""

        constraints = [
            models.UniqueConstraint(
                fields=["child", "line"],
                condition=Q(valid_to__isnull=True),
                name="one_parent_a_line_today",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="edge_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="no_unit_above_itself"),
        ]


class DeskRole(models.TextChoices):
    """What a desk does for a unit in a campaign."""

    COMPILER = "compiler", _lazy("Compiles the report")
    RECEIVER = "receiver", _lazy("Receives letters")
    SIGNER = "signer", _lazy("Signs documents")
    CLERK = "clerk", _lazy("Numbers and sends (clerk)")


class Desk(models.Model):
    """Which unit does a part of the work for `unit`: Phòng VH&TT compiles for UBND huyện."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="desks")
    role = models.CharField(max_length=10, choices=DeskRole.choices)
    served_by = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="serves")

    class Meta:
        """One per unit and role."""

        constraints = [models.UniqueConstraint(fields=["unit", "role"], name="desk_once")]


class ContactSource(models.TextChoices):
    """Where an address came from."""

    IMPORT = "import", _lazy("Loaded from a file")
    MANUAL = "manual", _lazy("Typed by the office above")
    UNIT = "unit", _lazy("Typed by the unit itself")


class UnitContact(models.Model):
    """Where a unit is reached; a bounced address stays disabled until a person corrects it.

    Shapes: `role` is a DeskRole; `disabled_reason` is "" while the address is used.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=12, choices=DeskRole.choices, default=DeskRole.RECEIVER)
    person = models.CharField(max_length=120, blank=True)
    mail = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    source = models.CharField(
        max_length=10, choices=ContactSource.choices, default=ContactSource.MANUAL
    )
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    objects = ContactRows.as_manager()

    class Meta:
        """One open contact per unit, role and address."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit", "role", "mail"],
                condition=Q(valid_to__isnull=True) & ~Q(mail=""),
                name="contact_once",
            )
        ]
        indexes = [
            models.Index(fields=["mail"]),
            # Whether a unit can be reached is told by these alone, without the row.
            models.Index(
                fields=["unit", "disabled_reason", "valid_from", "valid_to", "mail"],
                name="contact_usable",
            ),
            models.Index(
                fields=["mail", "unit", "disabled_reason", "valid_from"],
                condition=Q(valid_to__isnull=True),
                name="contact_open",
            ),
        ]

    def save(self, *args: Any, **named: Any) -> None:
        """Write it, and settle its unit and the one that it was of."""
        with transaction.atomic():
            before = list(
                UnitContact.objects.filter(pk=self.pk).values_list("unit_id", "mail")
                if self.pk
                else ()
            )
            super().save(*args, **named)
            units = {self.unit_id, *(unit for unit, _mail in before)}
            settle(units, {mail for _unit, mail in before})

    def delete(self, *args: Any, **named: Any) -> tuple[int, dict[str, int]]:
        """Delete it, and settle its unit."""
        return UnitContact.objects.filter(pk=self.pk).delete()


class Headcount(models.Model):
    """How many people work in a unit, as of a day and by which document."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="headcounts")
    staff_count = models.PositiveIntegerField()
    as_of = models.DateField()
    source_doc = models.CharField(max_length=200, blank=True)

    class Meta:
        """One per unit and day."""

        constraints = [models.UniqueConstraint(fields=["unit", "as_of"], name="headcount_once")]


class EventKind(models.TextChoices):
    """What can happen to units by law."""

    RENAME = "rename", _lazy("Rename a unit")
    MOVE = "move", _lazy("Move units to another parent")
    MERGE = "merge", _lazy("Merge units into one")
    SPLIT = "split", _lazy("Split a unit")
    CLOSE = "close", _lazy("Dissolve units")
    ABOLISH = "abolish", _lazy("Abolish a level")
    OPEN = "open", _lazy("Set up a unit")


class EventState(models.TextChoices):
    """The state of an event of the tree."""

    PROPOSED = "proposed", _lazy("Waits for the second approval")
    REFUSED = "refused", _lazy("Not approved")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn by its proposer")
    APPLIED = "applied", _lazy("Done")
    REVERSED = "reversed", _lazy("Undone")


class OrgEvent(models.Model):
    """A change of the tree by a legal document: proposed by one person, approved by another.

    Shapes: `plan` is `tree_plan.TreePlan` as JSON; `undo` what reversing needs.
    """

    kind = models.CharField(max_length=8, choices=EventKind.choices)
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.PROPOSED)
    effective_on = models.DateField()
    legal_doc = models.CharField(max_length=255)
    plan = models.JSONField(default=dict)
    undo = models.JSONField(default=dict)
    path = models.CharField(max_length=255, db_index=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        """The person who proposed an event cannot approve it."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(state="applied")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="event_needs_second_person",
            )
        ]


class EventSide(models.TextChoices):
    """The side of an event that a unit is on."""

    BEFORE = "before", _lazy("Before the change")
    AFTER = "after", _lazy("After the change")


class EventUnit(models.Model):
    """A unit that an applied event ended or changed, or that it led to.

    Shapes: `group` ties predecessors to their successors where one event does many merges.
    """

    event = models.ForeignKey(OrgEvent, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="events")
    side = models.CharField(max_length=6, choices=EventSide.choices)
    group = models.PositiveIntegerField(default=0)

    class Meta:
        """Once an event, group and side."""

        constraints = [
            models.UniqueConstraint(
                fields=["event", "group", "unit", "side"], name="event_unit_once"
            )
        ]
