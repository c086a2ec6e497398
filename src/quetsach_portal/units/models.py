"""The register of units: everything with its days, nothing ever overwritten."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


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


class Line(models.TextChoices):
    """A line on which units report; a unit may stand on several."""

    TERRITORY = "territory", _lazy("Government")
    SECTOR = "sector", _lazy("Sector")
    PARTY = "party", _lazy("Party")
    MASS_ORG = "mass_org", _lazy("Front and mass organisations")


class OrgUnit(models.Model):
    """An office in the tree.

    Shapes: `code` never changes. `path` is that of today on the first line it stands on,
    "/1/34/567/" by ids with both slashes, kept by the tree events; `name` is today's full name;
    `search` its letters without marks, lower case.
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

    def __str__(self) -> str:
        return self.name


class OrgName(models.Model):
    """A name in its time; `valid_to` is exclusive, None while it holds."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="names")
    full_name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=120, blank=True)
    doc_code = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One open name a unit."""

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
    """A parent in its time: one a child, line and day."""

    child = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="parent_edges")
    parent = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="child_edges")
    line = models.CharField(max_length=10, choices=Line.choices, default=Line.TERRITORY)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """One open parent a child and line."""

        constraints = [
            models.UniqueConstraint(
                fields=["child", "line"],
                condition=Q(valid_to__isnull=True),
                name="one_parent_a_line_today",
            ),
        ]


class Contact(models.Model):
    """Where a unit is reached; a bounced address stays off until a person puts it right."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=12, default="receiver")
    person = models.CharField(max_length=120, blank=True)
    mail = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=10, default="manual")
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)
    disabled_reason = models.CharField(max_length=200, blank=True)


class Headcount(models.Model):
    """How many people work in a unit, as of a day and by which document."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="headcounts")
    staff_count = models.PositiveIntegerField()
    as_of = models.DateField()
    source_doc = models.CharField(max_length=200, blank=True)
