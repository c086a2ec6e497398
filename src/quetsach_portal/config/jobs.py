"""Which function does which background job, which jobs are heavy, and which are periodic."""

from collections.abc import Mapping
from functools import partial

from quetsach_portal.api import lists
from quetsach_portal.campaigns.actions import letter, releases, tree
from quetsach_portal.cases import purge, rejudging
from quetsach_portal.dashboards import files, gathering
from quetsach_portal.files import checking, expiry, forgetting
from quetsach_portal.followup import due_soon, escalation
from quetsach_portal.followup import sending as followup_sending
from quetsach_portal.intake import queue, retention, sweeping, tracing
from quetsach_portal.jobs.worker import Handler, JobTable
from quetsach_portal.letters import rehearsal, sheets
from quetsach_portal.letters import sending as letters_sending
from quetsach_portal.lifecycle import dry_run
from quetsach_portal.lifecycle import recount as lifecycle_recount
from quetsach_portal.oversight import actions
from quetsach_portal.participation import rolling
from quetsach_portal.people import forgotten, mailing, slowing
from quetsach_portal.publishing import codes, documents, list_reading, live_figures, taking, writing
from quetsach_portal.register import waiting
from quetsach_portal.reports import recount as reports_recount
from quetsach_portal.reports.bulk import reading
from quetsach_portal.reports.documents import making
from quetsach_portal.rights import invitation_mail

FILE_CHECKED: Mapping[str, str] = {
    "evidence": "intake.checked",
    "findings": "intake.checked",
}
"""What is enqueued when a file was checked: its purpose -> the kind of job, with {"file": id}."""

HANDLERS: Mapping[str, Handler] = {
    "intake.checked": queue.file_checked,
    "intake.destroy_raw": retention.destroy_raw,
    "intake.sweep": sweeping.run,
    "intake.tidy": retention.tidy,
    "audit.verify": actions.check_trail,
    "files.check": partial(checking.check_file, follows=FILE_CHECKED),
    "files.expire": expiry.expire,
    "files.remove_bytes": forgetting.remove_bytes,
    "cases.ask_for_all": rejudging.ask_for_all,
    "cases.forget_folders": purge.forget_folders,
    "cases.judge_node": rejudging.judge_node,
    "cases.trace": tracing.run,
    "campaigns.check_tallies": lifecycle_recount.check_all,
    "campaigns.dry_run": dry_run.run,
    "campaigns.freeze": tree.run_freeze,
    "campaigns.make_release": releases.run_make_release,
    "campaigns.read_letter": letter.run_read_letter,
    "dashboards.forget_files": files.forget_old,
    "dashboards.gather": gathering.run,
    "dashboards.write_subtree": files.run,
    "followup.escalate": escalation.run,
    "followup.remind_due": due_soon.run,
    "followup.send": followup_sending.run,
    "lists.make": lists.run,
    "letters.rehearse": rehearsal.run,
    "letters.send": letters_sending.run,
    "letters.sheets": sheets.run,
    "participation.roll": rolling.run,
    "publishing.read_list": list_reading.run,
    "publishing.take_counts": taking.run,
    "publishing.write": writing.run,
    "publishing.documents": documents.run,
    "publishing.codes": codes.run,
    "publishing.figures": live_figures.run,
    "people.forget": slowing.forget_old,
    "people.forgotten": forgotten.mail_link,
    "people.mail": mailing.mail,
    "rights.invitation": invitation_mail.run,
    "register.waiting": waiting.run,
    "reports.forget_workbooks": reading.forget,
    "reports.make_document": making.run,
    "reports.read_workbooks": reading.run,
    "reports.recount": reports_recount.run,
}
"""The function of each kind of job; the worker knows no other kind."""

HEAVY = frozenset(
    {
        "campaigns.make_release",
        "campaigns.read_letter",
        "cases.trace",
        "dashboards.write_subtree",
        "files.check",
        "intake.sweep",
        "publishing.read_list",
        "reports.make_document",
        "reports.read_workbooks",
    }
)
"""Long work: it has workers of its own, and at most two jobs of a person run at a time."""

PERIODIC: Mapping[str, int] = {
    "intake.destroy_raw": 24 * 3600,
    "intake.tidy": 24 * 3600,
    "files.expire": 3600,
    "audit.verify": 86_400,
    "campaigns.check_tallies": 86_400,
    "cases.ask_for_all": 3600,
    "dashboards.forget_files": 86_400,
    "dashboards.gather": 1800,
    "followup.escalate": 3600,
    "followup.remind_due": 3600,
    "followup.send": 300,
    "lists.make": 300,
    "participation.roll": 60,
    "publishing.take_counts": 60,
    "publishing.write": 86_400,
    "publishing.documents": 300,
    "publishing.codes": 60,
    "publishing.figures": 60,
    "people.forget": 86_400,
    "register.waiting": 60,
    "reports.forget_workbooks": 86_400,
    "reports.recount": 86_400,
}
"""What is enqueued again and again: kind -> every so many seconds."""

JOBS = JobTable(HANDLERS, HEAVY, PERIODIC)
