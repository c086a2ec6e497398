"""Which tables of the portal are long, and that each of these finds, sorts, counts and pages."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client

import quetsach_portal
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import UNITS, Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import address_of, put_down, who_may
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SOURCE = Path(quetsach_portal.__file__).parent
LONG: Mapping[str, str] = {
    "alerts/index.html": "alerts:index",
    "campaigns/contacts.html": "campaigns:contacts",
    "campaigns/outside.html": "campaigns:outside",
    "campaigns/pulls.html": "campaigns:pulls",
    "cases/alarms.html": "cases:alarms",
    "cases/batch.html": "cases:batch",
    "cases/checks.html": "cases:checks",
    "cases/counts_of.html": "cases:counts_of",
    "cases/index.html": "cases:index",
    "cases/notices.html": "cases:notices",
    "cases/request.html": "cases:request",
    "cases/requests.html": "cases:requests",
    "followup/completeness.html": "followup:completeness",
    "followup/extensions.html": "followup:extensions",
    "followup/ladder.html": "followup:ladder",
    "followup/mails.html": "followup:mails",
    "followup/silent.html": "followup:silent",
    "followup/slot_list.html": "followup:completeness ?show=expected",
    "intake/below.html": "intake:below",
    "intake/machines.html": "intake:machines",
    "intake/unit.html": "intake:unit",
    "letters/cascade.html": "letters:cascade",
    "letters/dispatch.html": "letters:dispatch",
    "letters/incoming.html": "letters:register ?book=incoming",
    "letters/index.html": "letters:index",
    "letters/outgoing.html": "letters:register",
    "lists/index.html": "lists:index",
    "lists/rows.html": "lists:show",
    "oversight/jobs.html": "oversight:jobs",
    "oversight/trail.html": "oversight:trail",
    "ranges/index.html": "ranges:index",
    "ranges/notices.html": "ranges:notices",
    "ranges/notices_index.html": "ranges:notices_index",
    "rechecks/draw.html": "rechecks:draw",
    "register/health.html": "units:contacts_health",
    "register/index.html": "units:index ?q=Mot",
    "register/show.html": "units:show",
    "reports/below.html": "reports:below",
    "reports/inputs.html": "reports:version",
    "rights/unit.html": "rights:unit",
    "sensors/hours.html": "sensors:hours",
}
"""By template the address of a table that grows with units, machines, people or time."""

PLAIN: Mapping[str, tuple[int, str]] = {
    "alerts/channels.html": (1, "the channels that a person keeps"),
    "api/index.html": (1, "tokens of one account"),
    "calendars/unit.html": (1, "days off of a year"),
    "campaigns/change.html": (1, "what a change does, row by row"),
    "campaigns/checks.html": (1, "a page of one check's faults"),
    "campaigns/correct.html": (1, "what a correction changes"),
    "campaigns/dry_run.html": (1, "faults of a dry run, in pages"),
    "campaigns/end.html": (2, "open reports before the end, in pages"),
    "campaigns/index.html": (1, "campaigns of one's units, in pages"),
    "campaigns/materials.html": (1, "materials of a campaign"),
    "campaigns/phases.html": (1, "phases of a campaign"),
    "campaigns/tree.html": (1, "the tree with boxes of its own to find and choose"),
    "cases/counts_of.html": (1, "outcomes of notices of the units on the page above"),
    "cases/part_why.html": (1, "contacts of one case"),
    "cases/strip.html": (1, "days of one case"),
    "dashboards/coverage.html": (1, "days of a coverage map"),
    "dashboards/days_chart.html": (1, "the numbers of a chart"),
    "dashboards/effect_table.html": (1, "the numbers of a comparison"),
    "dashboards/files.html": (1, "files of a campaign"),
    "dashboards/laid_tables.html": (2, "the numbers of charts"),
    "dashboards/map.html": (1, "the map in words, in pages"),
    "dashboards/ranking.html": (1, "a ranking: its order is what it says"),
    "dashboards/show.html": (2, "figures of one unit"),
    "dashboards/trend.html": (2, "the numbers of charts"),
    "dashboards/week.html": (1, "the figures of a week"),
    "followup/calendar.html": (1, "the reminders of one unit"),
    "followup/remind.html": (1, "ticks that are sent together"),
    "followup/unit.html": (1, "the reports of one unit"),
    "handouts/index.html": (2, "hand-outs of one unit"),
    "intake/calendar.html": (1, "days of a calendar"),
    "intake/files_table.html": (1, "files of one hand-in"),
    "intake/imports.html": (1, "what came of one log; the logs are in pages"),
    "intake/keys.html": (1, "keys of one unit"),
    "intake/result.html": (4, "one hand-in"),
    "intake/sources.html": (1, "log sources of one unit"),
    "intake/tables.html": (1, "tables of one unit"),
    "letters/cascade.html": (1, "levels of a tree"),
    "letters/dry_run.html": (1, "the first broken addresses of a dry run"),
    "lists/acts.html": (1, "acts on one version"),
    "lists/gate.html": (1, "the first effects of one version"),
    "lists/index.html": (1, "feeds of a campaign"),
    "lists/office.html": (1, "rows that an office vouches for"),
    "mfa/webauthn/authenticator_list.html": (1, "keys of one account"),
    "oversight/jobs.html": (1, "kinds of mails"),
    "participation/figures.html": (3, "figures of one unit"),
    "people/my_data_copy.html": (3, "a copy of one person's data, printed as it is"),
    "planted/unit.html": (1, "planted names of one unit"),
    "prints/index.html": (1, "questions of a campaign"),
    "public_figures/figures.html": (3, "public figures, printed as they are"),
    "public_figures/index.html": (1, "one row a publication, in pages"),
    "publishing/inbox.html": (1, "what the public page counted, by kind"),
    "publishing/index.html": (1, "public pages of a campaign"),
    "publishing/list.html": (1, "one public list"),
    "publishing/lists.html": (1, "public lists of a campaign"),
    "publishing/review.html": (1, "texts to be reviewed"),
    "publishing/texts.html": (2, "texts of a page"),
    "publishing/tools.html": (1, "tools of a campaign"),
    "ranges/notices.html": (2, "what is to be decided; units of one file"),
    "ranges/notices_index.html": (1, "files that wait for one's own units"),
    "rechecks/unit.html": (1, "samples of one unit"),
    "register/effects.html": (1, "effects of one event"),
    "register/index.html": (1, "the tree, opened by hand"),
    "register/preview.html": (3, "an import to be confirmed, the first rows of each kind"),
    "register/shapes.html": (1, "files of boundaries"),
    "register/show.html": (2, "contacts and history of one unit"),
    "rehearsals/box.html": (1, "mails of one rehearsal"),
    "reports/after_signing.html": (1, "changes after a signature"),
    "reports/bulk/give.html": (1, "open reports for a batch, in pages"),
    "reports/certificates/index.html": (1, "certificates of one's units"),
    "reports/compare.html": (1, "two versions, figure by figure"),
    "reports/index.html": (1, "reports that one's own units owe"),
    "reports/line.html": (1, "one figure"),
    "reports/notice.html": (1, "one change"),
    "reports/phase_forms/asked.html": (1, "figures of a form"),
    "reports/slot.html": (1, "versions of one report"),
    "reports/step.html": (1, "figures of a form"),
    "reports/total.html": (1, "figures of a total"),
    "reports/trace.html": (2, "where one figure comes from, in pages"),
    "reports/workbooks/differences.html": (2, "two versions, figure by figure"),
    "rights/unit.html": (2, "people of one unit"),
    "sensors/sources.html": (1, "sources of one watch"),
    "sensors/watches.html": (1, "logs that fell silent, the first fifty"),
    "slips/index.html": (1, "print runs of one unit"),
    "today/chief_machines.html": (1, "the numbers of a chart"),
    "today/chief_map.html": (1, "the map in words, its first units"),
    "today/case_report.html": (1, "figures of one report"),
    "usersessions/usersession_list.html": (1, "sessions of one account"),
}
"""By template how many tables are not long, and why."""

SEATED = {"cases:index": Role.TECHNICIAN}
"""Who opens an address that leads others on."""

HEAD = '<thead class="sorts">'


def templates() -> Mapping[str, str]:
    """Return the text of each template with a table, by its name."""
    paths = SOURCE.glob("*/templates/**/*.html")
    texts = {str(path).partition("/templates/")[2]: path.read_text() for path in paths}
    return {name: text for name, text in texts.items() if "<table" in text}


def test_each_table_of_the_portal_is_long_and_has_its_head_or_is_said_to_be_short() -> None:
    texts = templates()
    assert set(texts) == {*LONG, *PLAIN}, "a new table? say whether it is long"
    for name, text in texts.items():
        heads = text.count("{% table_head")
        assert heads == (name in LONG), name
        # The tree of units has its own head in the place of that of a search.
        assert text.count("<table") - heads + ("{% else %}<caption" in text) == (
            PLAIN[name][0] if name in PLAIN else 0
        ), name
        assert not heads or "{% table_find" in text or "{% table_fields" in text or not _finds(text)


def _finds(text: str) -> bool:
    return "sensors/" not in text and "register/tree.css" not in text


def opened(world: World, name: str) -> tuple[Client, str]:
    """Return the browser of somebody who may see the address, and the address."""
    bare, _space, query = name.partition(" ")
    row: Row = next(row for rows in TABLES.values() for row in rows if row.name == bare)
    role, relation = who_may(row, "GET") or pytest.fail(f"nobody opens {name}")
    user = world.user(row.seat, SEATED.get(bare, role))
    arguments = {} if row.make is None else dict(row.make(world, UNITS[row.seat][relation]))
    return signed_in(user), address_of(row, arguments) + query


@pytest.mark.parametrize("name", sorted(set(LONG.values())))
def test_a_long_table_counts_sorts_and_finds(name: str, world: World) -> None:
    client, address = opened(world, name)
    response = put_down(client.get(address))
    assert response.status_code == 200
    table = response.context.get("table") or response.context["inputs"]
    page = _text(response)
    if HEAD not in page:
        assert not table.page.rows, "its head stands where there are rows"
    for head in table.heads:
        if head.query:
            _sorts(client, address, head.query)
    if table.finds:
        nothing = _text(put_down(client.get(_with(address, q="khongco"))))
        assert "khongco" in nothing, "the box keeps the words"
        found = put_down(client.get(_with(address, q="khongco"))).context
        assert not (found.get("table") or found["inputs"]).page.rows
    if table.offers_late:
        late = put_down(client.get(_with(address, late="1")))
        assert late.status_code == 200
        assert late.context["table"].only_late


def _sorts(client: Client, address: str, query: str) -> None:
    bare = address.partition("?")[0]
    for order in ("ascending", "descending"):
        response = put_down(client.get(f"{bare}?{query}"))
        assert response.status_code == 200
        table = response.context.get("table") or response.context["inputs"]
        (sorting,) = (head for head in table.heads if head.order)
        assert sorting.order == order
        page = _text(response)
        if HEAD in page:
            assert f'aria-sort="{order}"' in page
        query = sorting.query


def _with(address: str, **more: str) -> str:
    bare, _mark, query = address.partition("?")
    return f"{bare}?{urlencode([*parse_qsl(query), *more.items()])}"


def _text(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))
