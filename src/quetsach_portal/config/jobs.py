"""Which function does which background job, which are periodic, and which app writes which mail."""

from collections.abc import Mapping, Sequence
from functools import partial

from quetsach_portal.alerts import channels, escalation, raising
from quetsach_portal.alerts import mails as alert_mails
from quetsach_portal.api import device_lists
from quetsach_portal.campaigns.actions import freezing, phases, preparing
from quetsach_portal.campaigns.calendar import actions as calendar_actions
from quetsach_portal.cases import jobs
from quetsach_portal.cases import retention as cases_retention
from quetsach_portal.dashboards import files, gathering
from quetsach_portal.files import checking, storage, uploads
from quetsach_portal.followup import mails as followup_mails
from quetsach_portal.followup import reminders
from quetsach_portal.intake import (
    actions,
    answering_requests,
    looked,
    retention,
    streams,
    sweeping,
    tracing,
)
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import Handler, JobTable
from quetsach_portal.letters import mails as letter_mails
from quetsach_portal.letters import recipients
from quetsach_portal.letters.actions import mailing, paper
from quetsach_portal.lifecycle import changing, dry_run
from quetsach_portal.lifecycle import recount as lifecycle_recount
from quetsach_portal.lifecycle.correcting import telling
from quetsach_portal.lifecycle.persons import requests as erasure_requests
from quetsach_portal.lists import deciding, expiring, feeds, holding, matching, receiving
from quetsach_portal.looks import retention as looks_retention
from quetsach_portal.mail import delivery, outbox
from quetsach_portal.mail.claims import Composer, Observer
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.operations import anchoring
from quetsach_portal.operations.backup import proving
from quetsach_portal.participation import actions as participation_actions
from quetsach_portal.people import login_delay, notices, sign_in_forms, sign_in_trail
from quetsach_portal.people.news import writing as writing_news
from quetsach_portal.people.roles import invitations
from quetsach_portal.planted import looking
from quetsach_portal.planted import retention as planted_retention
from quetsach_portal.prints import asking as prints_asking
from quetsach_portal.publishing import codes_file, counts, documents_file, writing
from quetsach_portal.publishing.figures import live
from quetsach_portal.publishing.lists import reading
from quetsach_portal.ranges import allotting, asking
from quetsach_portal.register import effects
from quetsach_portal.rehearsals import actions as rehearsals
from quetsach_portal.reports import after_signing
from quetsach_portal.reports.documents import making
from quetsach_portal.reports.totals import recount as reports_recount
from quetsach_portal.reports.workbooks import batches
from quetsach_portal.sensors import health
from quetsach_portal.sensors import retention as sensors_retention
from quetsach_portal.worklist.news import digests


def _observe_nothing(mails: Sequence[OutboxMail]) -> None:
    """Keep nothing: who waits for a link asks for another, and news stands behind the bell."""


COMPOSERS: Mapping[MailPurpose, Composer] = {
    MailPurpose.LETTER: letter_mails.compose,
    MailPurpose.FOLLOWUP: followup_mails.compose,
    MailPurpose.INVITATION: invitations.compose,
    MailPurpose.NEW_PASSWORD: sign_in_forms.compose,
    MailPurpose.ACCOUNT_NOTICE: notices.compose,
    MailPurpose.ALERT: alert_mails.compose,
    MailPurpose.NEWS: digests.compose,
}
"""Who writes the mail about an object; it is written right before it is sent."""

OBSERVERS: Mapping[MailPurpose, Observer] = {
    MailPurpose.LETTER: mailing.observe,
    MailPurpose.FOLLOWUP: followup_mails.observe,
    MailPurpose.INVITATION: invitations.observe,
    MailPurpose.NEW_PASSWORD: _observe_nothing,
    MailPurpose.ACCOUNT_NOTICE: notices.observe,
    MailPurpose.ALERT: alert_mails.observe,
    MailPurpose.NEWS: _observe_nothing,
}
"""Who keeps the state of a mail on a row of its own."""


def deliver(work: RunningJob) -> None:
    """Send what is due of one queue; a job's handler."""
    delivery.deliver(work, composers=COMPOSERS, observers=OBSERVERS)


FILE_CHECKED: Mapping[str, str] = {"evidence": "intake.checked", "findings": "intake.checked"}
"""What is enqueued when a file was checked: its purpose -> the kind of job, with {"file": id}."""

HANDLERS: Mapping[str, Handler] = {
    "alerts.look_after": escalation.look_after,
    "alerts.raise": raising.raise_alerts,
    "alerts.send": channels.deliver,
    "intake.checked": actions.file_checked,
    "intake.destroy_prints": retention.destroy_prints,
    "intake.destroy_raw": retention.destroy_raw,
    "intake.looks": looked.keep_all_looks,
    "intake.read_inventory": looked.read_inventory,
    "intake.settle_looks": looked.settle_all,
    "intake.streams": streams.keep_all_streams,
    "intake.sweep": sweeping.sweep_submission,
    "intake.tidy": retention.tidy,
    "prints.ask": prints_asking.ask,
    "audit.verify": anchoring.check_trail,
    "files.check": partial(checking.check_file, follows=FILE_CHECKED),
    "files.expire": uploads.expire,
    "files.remove_bytes": storage.remove_bytes,
    "cases.answer_request": answering_requests.run,
    "cases.ask_for_all": jobs.enqueue_all_nodes,
    "cases.forget_folders": cases_retention.forget_folders,
    "cases.judge_node": jobs.judge_node,
    "cases.trace": tracing.run,
    "campaigns.check_tallies": lifecycle_recount.check_all,
    "campaigns.dry_run": dry_run.run,
    "campaigns.end_calendars": calendar_actions.end_left_feeds,
    "campaigns.end_pauses": changing.end_pauses,
    "campaigns.tell_change": changing.tell_units,
    "campaigns.tell_correction": telling.tell_units,
    "campaigns.freeze": freezing.run_freeze,
    "campaigns.make_release": phases.run_make_release,
    "campaigns.read_letter": preparing.run_read_letter,
    "dashboards.forget_files": files.forget_old,
    "dashboards.gather": gathering.gather_all,
    "dashboards.write_subtree": files.write_requested_file,
    "followup.escalate": reminders.escalate_all,
    "followup.remind_due": reminders.remind_due,
    "intake.match_again": matching.run_match,
    "lists.build": deciding.run_build,
    "lists.check": receiving.run_check,
    "lists.expire": expiring.run_expire,
    "lists.feeds": feeds.run_feeds,
    "lists.follow": matching.run_follow,
    "lists.make": device_lists.make_due_lists,
    "lists.renew": holding.run_renew,
    "lists.try": matching.run_try,
    "letters.dry_run": recipients.run_dry_run,
    "letters.sheets": paper.make_sheets,
    "looks.forget": looks_retention.forget_old,
    "mail.deliver": deliver,
    "mail.forget": outbox.forget_old,
    "mail.resume": outbox.resume,
    "operations.prove_backup": proving.run_nightly,
    "participation.roll": participation_actions.roll_up,
    "planted.forget": planted_retention.forget_old,
    "planted.look_after": looking.look_after,
    "publishing.read_list": reading.read_list_job,
    "publishing.take_counts": counts.take_counts,
    "publishing.write": writing.write_folder,
    "publishing.documents": documents_file.refresh_documents,
    "publishing.codes": codes_file.refresh_codes,
    "publishing.figures": live.refresh_live_figures,
    "people.erase": erasure_requests.run_erasure,
    "people.forget": login_delay.forget_old,
    "people.forget_news": writing_news.forget_old,
    "people.forgotten": sign_in_forms.mail_link,
    "people.sign-in": sign_in_trail.write_failure,
    "ranges.allot": allotting.run,
    "ranges.late": asking.report_late,
    "register.waiting": effects.apply_waiting_changes,
    "rehearsals.forget": rehearsals.forget_old,
    "rehearsals.make": rehearsals.run_make,
    "reports.forget_workbooks": batches.forget,
    "reports.list_changed": after_signing.run,
    "reports.make_document": making.make_document,
    "reports.read_workbooks": batches.read_workbooks,
    "reports.recount": reports_recount.recount_all,
    "sensors.forget": sensors_retention.forget_old,
    "sensors.look_after": health.look_after,
    "worklist.digests": digests.send_digests,
}
"""The function of each kind of job; the worker knows no other kind."""

HEAVY = frozenset(
    {
        "campaigns.make_release",
        "campaigns.read_letter",
        "cases.answer_request",
        "cases.trace",
        "dashboards.write_subtree",
        "files.check",
        "intake.match_again",
        "intake.looks",
        "intake.read_inventory",
        "intake.sweep",
        "prints.ask",
        "lists.build",
        "lists.check",
        "lists.feeds",
        "lists.follow",
        "lists.renew",
        "lists.try",
        "operations.prove_backup",
        "publishing.read_list",
        "ranges.allot",
        "rehearsals.make",
        "reports.make_document",
        "reports.read_workbooks",
    }
)
"""Long work: it has workers of its own, and at most two jobs of a person run at a time."""

PERIODIC: Mapping[str, int] = {
    "alerts.look_after": 60,
    "intake.destroy_prints": 24 * 3600,
    "intake.destroy_raw": 24 * 3600,
    "intake.looks": 24 * 3600,
    "intake.settle_looks": 3600,
    "intake.streams": 24 * 3600,
    "intake.tidy": 24 * 3600,
    "files.expire": 3600,
    "audit.verify": 86_400,
    "campaigns.check_tallies": 86_400,
    "campaigns.end_calendars": 3600,
    "campaigns.end_pauses": 3600,
    "cases.ask_for_all": 3600,
    "dashboards.forget_files": 86_400,
    "dashboards.gather": 1800,
    "followup.escalate": 3600,
    "followup.remind_due": 3600,
    "lists.expire": 86_400,
    "lists.feeds": 900,
    "lists.make": 300,
    "looks.forget": 86_400,
    "mail.forget": 86_400,
    "mail.resume": 300,
    "operations.prove_backup": 86_400,
    "participation.roll": 60,
    "planted.forget": 86_400,
    "planted.look_after": 900,
    "publishing.take_counts": 60,
    "publishing.write": 86_400,
    "publishing.documents": 300,
    "publishing.codes": 60,
    "publishing.figures": 60,
    "people.forget": 86_400,
    "people.forget_news": 86_400,
    "ranges.late": 3600,
    "register.waiting": 60,
    "rehearsals.forget": 3600,
    "reports.forget_workbooks": 86_400,
    "reports.recount": 86_400,
    "sensors.forget": 86_400,
    "sensors.look_after": 900,
    "worklist.digests": 900,
}
"""What is enqueued again and again: kind -> every so many seconds."""

JOBS = JobTable(HANDLERS, HEAVY, PERIODIC)
