"""How long each field that can name a person or a machine is kept: one table for the whole portal.

A test walks all models: each text, JSON, file or address field, and each link to an account, is in
the table, and data to be blanked or deleted at the archiving is gone afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a field."""

    KEEP = "keep"
    BLANK = "blank"
    DELETE = "delete"


@dataclass(frozen=True)
class FieldRetention:
    """What becomes of one field, and when; `after` is empty for what is kept."""

    fate: Fate
    after: str = ""


ARCHIVE = "the archiving, at the earliest 90 days after the campaign's close"


@dataclass(frozen=True)
class _Rows:
    """The fields of one model, by names parted by blanks; `rows` says when whole rows go."""

    keep: str = ""
    blank: str = ""
    rows: str = ""

    def fields(self) -> Mapping[str, FieldRetention]:
        if self.rows:
            names = f"{self.keep} {self.blank}".split()
            return dict.fromkeys(names, FieldRetention(Fate.DELETE, self.rows))
        return {
            **dict.fromkeys(self.keep.split(), FieldRetention(Fate.KEEP)),
            **dict.fromkeys(self.blank.split(), FieldRetention(Fate.BLANK, ARCHIVE)),
        }


_TABLE: Mapping[str, _Rows] = {
    "api.ApiToken": _Rows(keep="name digest begins scopes made_by"),
    "intake.Submission": _Rows(
        keep="manifest_digest release_sha256 declared created_by withdrawn_by withdrawal_asked_by",
        blank="note told findings prints summary withdrawn_reason",
    ),
    "lists.ListVersion": _Rows(
        keep="title sha256 facts checked changes trial problem shrink_reason by proposed_by "
        "approved_by ended_by",
        blank="end_reason",
    ),
    "lists.Feed": _Rows(keep="title url digest etag problem made_by"),
    "lists.DoubtfulRow": _Rows(
        keep="key shown kind classes warning_lists list_name decided_by", blank="reason"
    ),
    "lists.ListHold": _Rows(keep="key by decided_by", blank="reason"),
    "lists.OfficeRow": _Rows(
        keep="text effect by approved_by end_asked_by ended_by", blank="reason"
    ),
    "lists.VersionNode": _Rows(blank="told"),
    "intake.LogSource": _Rows(
        keep="name pattern zone taken inside", blank="end_reason declared_by ended_by"
    ),
    "intake.OwnTable": _Rows(keep="added_by"),
    "intake.UnitKey": _Rows(keep="key_id owner pem added_by"),
    "intake.SourceDay": _Rows(keep="source_digest kind"),
    "intake.UnitStream": _Rows(keep="kind head chain", blank="name"),
    "intake.StreamPart": _Rows(keep="chain digest numbers list_version", blank="path"),
    "intake.CoverageDay": _Rows(keep="kind"),
    "publishing.PublicFigures": _Rows(
        keep="content kept sha256 text prepared_by published_by withdrawn_by reason"
    ),
    "publishing.LiveFigures": _Rows(keep="bases steps grouped days said questioned content"),
    "publishing.PageChange": _Rows(keep="says proposed_by decided_by"),
    "publishing.WriterRun": _Rows(keep="writer said problem"),
    "publishing.TakenFile": _Rows(keep="name"),
    "publishing.RefusedFile": _Rows(keep="name reason"),
    "publishing.SetAsideCount": _Rows(keep="code act"),
    "publishing.PublicList": _Rows(
        keep="name country problem sha256 handed_in_by decided_by", blank="left_out doubts examples"
    ),
    "publishing.TextReview": _Rows(keep="language key sha256 reviewer signed_name"),
    "publishing.SpokenRecording": _Rows(
        keep="key language words_sha256 ending handed_in_by published_by"
    ),
    "publishing.PublicTool": _Rows(
        keep="name maker version file sha256 address purpose platforms languages drafted_by "
        "published_by reason"
    ),
    "dashboards.FamilyCounter": _Rows(keep="family"),
    "dashboards.SubtreeFile": _Rows(keep="kind by", rows="7 days"),
    "reports.ReportDocument": _Rows(
        keep="problem place code signer_name signer_post capacity_of on_behalf_of contact entry "
        "unprintable asked_by released_by"
    ),
    "reports.SignerCertificate": _Rows(
        keep="user fingerprint der name organisation issuer serial confirmed_by ended_by ended_why"
    ),
    "reports.DocumentSignature": _Rows(
        keep="signer_name organisation issuer serial original_at flaws notes kept_by"
    ),
    "reports.WorkbookBatch": _Rows(keep="by", rows="7 days"),
    "reports.BatchFile": _Rows(keep="name raw opened refused", rows="7 days"),
    "reports.CampaignForm": _Rows(keep="code version definition digest"),
    "reports.CampaignSalt": _Rows(keep="salt"),
    "reports.ReportDraft": _Rows(keep="reason own typed adjustments left_out aside saved_by"),
    "reports.ReportVersion": _Rows(keep="reason payload sha256 prev_sha256 key author signed_by"),
    "reports.ReportLook": _Rows(keep="words reason missing"),
    "reports.ReportEvent": _Rows(keep="by acting_for note"),
    "reports.ReportFigure": _Rows(keep="key absent grade sketch words"),
    "reports.ReportInput": _Rows(keep="reason"),
    "reports.ReportReturn": _Rows(keep="key text by"),
    "reports.ChangeNotice": _Rows(keep="delta by reason"),
    "reports.SignedChange": _Rows(keep="rows delta source"),
    "reports.FigureAlarm": _Rows(keep="key stored computed"),
    "reports.OnePersonUnit": _Rows(keep="approved_by reason"),
    "ranges.PublicRange": _Rows(keep="cidr source added_by approved_by withdrawn_by"),
    "ranges.PrefixFile": _Rows(keep="name sha256 prefixes added_by approved_by"),
    "ranges.AllottedNotice": _Rows(
        keep="outcome decided_by", blank="days address remote family why"
    ),
    "ranges.Forwarding": _Rows(blank="secret"),
    "ranges.NoticeQuestion": _Rows(blank="looked_at answered_by"),
    "alerts.Alert": _Rows(keep="remark key summary page", rows=ARCHIVE),
    "prints.PrintQuestion": _Rows(keep="release_sha256 asked_by problem", rows=ARCHIVE),
    "prints.PrintMatch": _Rows(keep="indicators requested_by", rows=ARCHIVE),
    "sensors.Sensor": _Rows(keep="name version list_digest list_problem planted", rows=ARCHIVE),
    "sensors.SensorSource": _Rows(
        keep="source file kind dataset dataset_before problems", rows=ARCHIVE
    ),
    "sensors.SensorTrouble": _Rows(keep="log facts", rows=ARCHIVE),
    "planted.PlantedPlace": _Rows(keep="name subnet added_by ended_by"),
    "planted.PlantedName": _Rows(keep="name address source", rows=ARCHIVE),
    "looks.UnitMachine": _Rows(
        keep="name hostname macs room user_role phone asset_tag added_by ended_by end_reason"
    ),
    "looks.MachineTotal": _Rows(keep="stated_by"),
    "looks.MachineLook": _Rows(keep="source host mac address lacks content", rows=ARCHIVE),
    "planted.SubnetSeen": _Rows(keep="network", rows=ARCHIVE),
    "alerts.AlertChannel": _Rows(keep="kind host secret added_by"),
    "alerts.ChannelMessage": _Rows(keep="key text problem", rows=ARCHIVE),
    "alerts.AlertMail": _Rows(keep="address key secret state problem", rows=ARCHIVE),
    "cases.NoticeBatch": _Rows(keep="problem accounts missing only handed_in_by"),
    "cases.NoticeItem": _Rows(
        keep="file remote family grade missing", blank="address device_key because rivals row"
    ),
    "cases.AddressRequest": _Rows(keep="problem zone handed_in_by", blank="answer"),
    "cases.AskedAddress": _Rows(keep="outcome", blank="address row"),
    "cases.FolderRead": _Rows(keep="digest source zone read_by", rows=ARCHIVE),
    "cases.Device": _Rows(
        keep="grade", blank="key engine_key label host_name mac addresses rivals place"
    ),
    "cases.Case": _Rows(keep="said since_day recheck owner_says verifier_says", blank="technician"),
    "cases.FalseAlarm": _Rows(keep="key shown tlp proposed_by decided_by", blank="reason answer"),
    "cases.Finding": _Rows(
        keep="key shown kind label listed_in tlp family status window best_grade"
    ),
    "cases.Sighting": _Rows(
        keep="number grade dataset address field rule way file raw steps", rows=ARCHIVE
    ),
    "cases.CaseContact": _Rows(keep="day kind unit number"),
    "cases.CoveredDay": _Rows(keep="unit kind day hours usual thin", blank="alive unseen"),
    "cases.Handling": _Rows(keep="tool", blank="note by"),
    "cases.CaseFile": _Rows(keep="note", rows=ARCHIVE),
    "cases.CaseEvent": _Rows(keep="kind by detail note", rows=ARCHIVE),
    "cases.Draw": _Rows(keep="seed frame reason drawn_by ended_by"),
    "cases.RecheckItem": _Rows(keep="ref", blank="note checker answered_by"),
    "participation.HandoutEdition": _Rows(keep="kind language source sha256 content"),
    "participation.HandoutPull": _Rows(keep="kind language"),
    "participation.JoinCode": _Rows(keep="code short"),
    "participation.JoinCounter": _Rows(keep="lately"),
    "participation.Slip": _Rows(keep="digest", rows=ARCHIVE),
    "participation.SlipLot": _Rows(keep="struck_reason"),
    "participation.ConfirmedBurst": _Rows(keep="reason by"),
    "participation.UsedTicket": _Rows(keep="digest", rows="twice the life of a ticket"),
    "letters.Letter": _Rows(
        keep="issuer_name template_code template_version values subject place addressees "
        "also_told code signer_name signer_post capacity_of on_behalf_of contact "
        "sha256 made_by numbered_by released_by",
        blank="returned_why withdrawn_why",
    ),
    "letters.LetterSignature": _Rows(
        keep="says signer_name organisation issuer serial flaws original_at kept_by"
    ),
    "letters.Dispatch": _Rows(keep="language", blank="address person reply"),
    "letters.Mailing": _Rows(keep="started_by", blank="dry_run"),
    "register.AreaShape": _Rows(keep="path source licence imported_by"),
    "register.RegisterUpload": _Rows(keep="name sha256 content uploaded_by"),
    "followup.Receipt": _Rows(blank="by said_by note"),
    "followup.DeployDeclaration": _Rows(
        keep="done", blank="by note why checked_by withdrawn_by withdrawn_why"
    ),
    "followup.DeployEvidence": _Rows(keep="link", rows=ARCHIVE),
    "followup.PaperReport": _Rows(blank="by note undone_by undone_why"),
    "followup.Extension": _Rows(blank="reason asked_by decided_by decision"),
    "followup.Reminder": _Rows(keep="by undone_by", blank="words"),
    "followup.ReminderCalendar": _Rows(keep="days_off", blank="saved_by"),
    "followup.ReminderRule": _Rows(blank="words"),
    "followup.FollowupMail": _Rows(keep="key address subject body problem", rows=ARCHIVE),
    "campaigns.CalendarFeed": _Rows(keep="name digest begins made_by"),
    "campaigns.PublicPage": _Rows(
        keep="title office phone address domains documents amnesty carriers open_release "
        "closed_because changed_by"
    ),
    "campaigns.Campaign": _Rows(
        keep="title legal_basis goal tasks page_url form_code form_version "
        "form_definition release_path release_sha256 release_facts lines tree_choice "
        "start_asked_by started_by archive_asked_by created_by",
        blank="letter",
    ),
    "campaigns.RunningChange": _Rows(keep="reason asked_by decided_by resumed_by"),
    "campaigns.CampaignCorrection": _Rows(
        keep="reason proposal before facts words digest asked_by decided_by"
    ),
    "campaigns.Phase": _Rows(keep="title level_lead_days"),
    "campaigns.CampaignNode": _Rows(keep="path name_at_freeze"),
    "campaigns.ExpectedReport": _Rows(keep="excuse_reason"),
    "campaigns.LetterReading": _Rows(keep="result problem created_by"),
    "campaigns.Material": _Rows(keep="title version sha256"),
    "campaigns.DryRun": _Rows(keep="asked_by"),
    "campaigns.DryRunFault": _Rows(keep="code detail"),
    "campaigns.CounterCheck": _Rows(keep="differences"),
    "units.OrgUnit": _Rows(
        keep="code name short_name search doc_code id_old id_new area_code path"
    ),
    "units.OrgName": _Rows(keep="full_name short_name doc_code"),
    "units.UnitContact": _Rows(keep="person mail phone disabled_reason", rows=ARCHIVE),
    "units.Headcount": _Rows(keep="source_doc"),
    "units.OrgEvent": _Rows(keep="legal_doc plan undo path proposed_by decided_by decision_note"),
    "people.User": _Rows(keep="password email name phone_last4"),
    "people.ErasureRequest": _Rows(keep="user reason decided_by answer receipt"),
    "people.SignInDelay": _Rows(keep="key", rows="a day"),
    "people.KeptForm": _Rows(keep="digest user content", rows="30 minutes, or when it was sent"),
    "people.AccountNotice": _Rows(
        keep="subject body language", rows="its mail was sent or has failed"
    ),
    "people.NewsEvent": _Rows(keep="key about path by to", rows=ARCHIVE),
    "people.NewsReading": _Rows(keep="user", rows=ARCHIVE),
    "people.NewsReader": _Rows(keep="user"),
    "people.NewsMail": _Rows(keep="user key", rows="90 days"),
    "people.MailChoice": _Rows(keep="address"),
    "people.Assignment": _Rows(keep="user given_by acting_for"),
    "people.Invitation": _Rows(keep="email user nonce digest invited_by accepted_by"),
    "files.StoredFile": _Rows(
        keep="name kind sha256 refusal remarks owner_path uploaded_by",
        rows="what refers to it is forgotten",
    ),
    "files.Upload": _Rows(keep="expected_sha256", rows="its deadline, some hours after its start"),
    "mail.MailQueue": _Rows(keep="name problem unit_path"),
    "mail.OutboxMail": _Rows(
        keep="purpose key to message_id claim reply",
        rows="90 days, or when the feature that sent it forgets it",
    ),
    "jobs.Job": _Rows(keep="kind key payload leased_by said problem unit_path"),
    "audit.AuditEvent": _Rows(
        keep="actor acting_for ip action object_kind object_id unit_path detail previous digest"
    ),
    "audit.ChainHead": _Rows(keep="digest"),
}

RETENTION: Mapping[str, FieldRetention] = {
    f"{model}.{name}": retention
    for model, rows in _TABLE.items()
    for name, retention in rows.fields().items()
}
"""By app.Model.field."""
