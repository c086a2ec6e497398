"""Which texts about a person stay when the rest is erased, and on which legal ground.

Beside the retention table, which says until when a field is kept: what is named here stays as it
is, units' names are no data of a person, and in every other text the person's name and address are
replaced. Law 91/2025/QH15 on the protection of personal data, in force since 1 January 2026: a
person may ask for a copy and for erasure (Articles 4 and 14), not against the law or the legal
duties of the office (Article 4, clause 3). Decree 356/2025/NĐ-CP, Article 5: an answer within two
working days, the erasure within twenty days.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.lifecycle.retention_table import RETENTION

ANSWER_WORKING_DAYS = 2
ERASE_DAYS = 20


class Ground(StrEnum):
    """Why a text that names somebody stays as it is."""

    SIGNED = "signed"
    DECISION = "decision"
    TRAIL = "trail"
    EVIDENCE = "evidence"
    UNITS = "units"


GROUND_WORDS: Mapping[Ground, Any] = {
    Ground.SIGNED: _lazy(
        "Signed or issued documents and reports: they stay as they were signed, for as long as the "
        "Law on Archives 33/2024/QH15 asks (Law 91/2025/QH15, Article 4, clause 3)."
    ),
    Ground.DECISION: _lazy(
        "Decisions of the office with their reasons: who proposed and decided stays in the record, "
        "as long as the Law on Archives 33/2024/QH15 asks."
    ),
    Ground.TRAIL: _lazy(
        "The audit trail: each row is chained to the one before it, so that nobody can change what "
        "was done; it proves how personal data was handled (Law 91/2025/QH15, Article 4, clause 3)."
    ),
    Ground.EVIDENCE: _lazy(
        "Evidence of a campaign that is not archived: it is destroyed when its retention ends, at "
        "the latest at the archiving."
    ),
    Ground.UNITS: _lazy("Names of units and places: no data of a person."),
}

_STAYS: Mapping[Ground, str] = {
    Ground.SIGNED: "reports.ReportDocument reports.SignerCertificate reports.DocumentSignature "
    "reports.ReportVersion reports.ReportFigure reports.ReportInput reports.ReportEvent "
    "reports.SignedChange reports.CampaignForm letters.Letter letters.LetterSignature "
    "publishing.PublicFigures publishing.TextReview",
    Ground.DECISION: "campaigns.Campaign campaigns.CampaignCorrection campaigns.RunningChange "
    "campaigns.PublicPage publishing.PageChange publishing.PublicTool units.OrgEvent "
    "register.RegisterUpload lists.ListVersion lists.OfficeRow lists.ListHold lists.DoubtfulRow "
    "reports.OnePersonUnit reports.ReportReturn reports.ChangeNotice reports.ReportLook",
    Ground.TRAIL: "audit.AuditEvent",
    Ground.EVIDENCE: "cases.Sighting cases.Device cases.NoticeItem cases.CaseEvent "
    "cases.AddressRequest cases.AskedAddress "
    "cases.FolderRead cases.Finding cases.CaseContact cases.CoveredDay intake.Submission.told "
    "intake.Submission.summary intake.Submission.declared intake.StreamPart sensors.Sensor "
    "sensors.SensorSource sensors.SensorTrouble planted.PlantedName looks.MachineLook alerts.Alert "
    "ranges.AllottedNotice",
    Ground.UNITS: "units.OrgUnit units.OrgName units.Headcount campaigns.CampaignNode "
    "register.AreaShape",
}
"""Models, or single fields of them."""

STAYING: Mapping[str, Ground] = {
    name: ground for ground, names in _STAYS.items() for name in names.split()
}

_TEXTS = (models.CharField, models.TextField, models.JSONField)
_OWN_ACCOUNT = "people.User"


def ground_of(field_name: str) -> Ground | None:
    """Return why a field (app.Model.field) stays as it is; None where persons are erased in it."""
    return STAYING.get(field_name) or STAYING.get(field_name.rpartition(".")[0])


def text_fields() -> Mapping[type[models.Model], Mapping[str, Any]]:
    """Return, by model, every text of the retention table that may name a person, by its name.

    Shapes: names are app.Model.field. Fields with bytes and names of units are not looked into; the
    account itself stands apart.
    """
    texts: dict[type[models.Model], dict[str, Any]] = {}
    for name in RETENTION:
        model_name, _dot, field_name = name.rpartition(".")
        model = apps.get_model(model_name)
        field = model._meta.get_field(field_name)
        is_searched = ground_of(name) is not Ground.UNITS and model_name != _OWN_ACCOUNT
        if isinstance(field, _TEXTS) and is_searched:
            texts.setdefault(model, {})[name] = field
    return texts


def link_fields() -> Iterator[tuple[str, type[models.Model], Any]]:
    """Yield name, model and field of every link to an account."""
    for name in RETENTION:
        model_name, _dot, field_name = name.rpartition(".")
        model = apps.get_model(model_name)
        field = model._meta.get_field(field_name)
        if field.is_relation:
            yield name, model, field
