"""Views of the dashboards: the server draws each chart, with its table."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quetsach.api import sheets
from quetsach_portal.campaigns.queries import phases_of
from quetsach_portal.campaigns.scope import campaign_for, campaigns_of
from quetsach_portal.dashboards import access
from quetsach_portal.dashboards.access import frame
from quetsach_portal.dashboards.files import table_of
from quetsach_portal.dashboards.pages import area_map, area_tree, overview, ranking, years
from quetsach_portal.dashboards.pages import effect as effect_page
from quetsach_portal.dashboards.pages import trend as trend_page
from quetsach_portal.dashboards.pages import week as week_page
from quetsach_portal.followup import pages
from quetsach_portal.followup.queries import children_of
from quetsach_portal.followup.rates import is_before_start
from quetsach_portal.reports.access import reads_below
from quetsach_portal.units.areas.read import YEARS
from quetsach_portal.web.paging import MEDIA_TYPES, as_file, page_of
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest


@require_safe
def show(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return rates, ladder, devices by state and families of a unit with all below."""
    campaign, seats, node = access.node_of(request.scope, campaign_id, pages.node_in(request))
    phase, asked_day = pages.phase_in(request, campaign), pages.day_in(request)
    on = asked_day.day
    rates = overview.rates(node, phase, on)
    sees = access.sees_devices(seats, node)
    context = frame(request, campaign, node) | {
        "phase": phase,
        "phases": phases_of(campaign),
        "file_kinds": list(MEDIA_TYPES),
        "reads_subtree": reads_below(seats, node),
        "asked": asked_day,
        "on": on,
        "rates": rates,
        "reports": overview.reports_by_day(node, phase, on),
        "ladder": overview.ladder(node, rates, on),
        "sees_devices": sees,
        "devices": overview.devices_by_day(node, on) if sees else None,
        "families": overview.families(node) if sees and on is None else [],
        "too_early": is_before_start(campaign, on),
    }
    return render(request, "dashboards/show.html", context)


@require_safe
def coverage(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the scanned days, unit by unit."""
    campaign, node = access.devices_of(request.scope, campaign_id, pages.node_in(request))
    asked_day = pages.day_in(request, _("Up to the day"))
    days = overview.window(asked_day.day)
    asked_day.fields["on"].initial = days[-1]
    page = page_of(children_of(node), request)
    context = frame(request, campaign, node)
    opens = context["opens_units"]
    context |= {
        "asked": asked_day,
        "page": page,
        "days": days,
        "rows": overview.covered([node, *page.rows], days, opens=opens),
    }
    return render(request, "dashboards/coverage.html", context)


@require_safe
def effect(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return whether the campaign shows an effect, and an estimate of machines not seen."""
    campaign, node = access.devices_of(request.scope, campaign_id, pages.node_in(request))
    context = frame(request, campaign, node) | {"effect": effect_page.effect_of(node)}
    return render(request, "dashboards/effect.html", context)


@require_safe
def rank(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the units below ranked by a share; small units are joined."""
    return render(request, "dashboards/ranking.html", _compared(request, campaign_id))


@require_safe
def on_map(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the units below as a map, or page by page as its table, which is asked for by `as`."""
    context = _compared(request, campaign_id)
    units, as_table = context["plain"], request.GET.get("as") == "table"
    context |= {"as_table": as_table, "page": page_of(units, request, total=len(units))}
    if not as_table:
        opening = f"?by={context['by'].value}&under=" if context["opens_units"] else ""
        day, title = access.day_of_map(context["campaign"]), str(context["by"].label)
        context |= {"map": area_map.map_of(units, day, opening, title=title), "map_day": day}
    return render(request, "dashboards/map.html", context)


@require_safe
def trend(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return a unit's reports phase by phase, over all its campaigns."""
    campaign, _seats, node = access.node_of(request.scope, campaign_id, pages.node_in(request))
    points = trend_page.points_of(node, list(campaigns_of(request.scope)[:50]))
    context = frame(request, campaign, node) | {
        "points": points,
        "picture": trend_page.drawn(points),
        "lines": trend_page.lines_of(points, campaign, get_language() or "vi"),
    }
    return render(request, "dashboards/trend.html", context)


@require_safe
def on_tree(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the result of a campaign laid on the areas of a year, or on another's tree."""
    campaign, seats, node = access.node_of(request.scope, campaign_id, None)
    phase, language = pages.phase_in(request, campaign), get_language() or "vi"
    context = frame(request, campaign, node) | {
        "phase": phase,
        "trees": access.other_trees(request.scope, campaign),
        "years": YEARS,
        "year": access.area_year_in(request),
        "sees_devices": access.sees_devices(seats, node),
    }
    tree_id = pages.number_in(request.GET.get("tree", ""))
    if context["year"] is not None:
        code = request.GET.get("area", "")
        laid = area_tree.laid_on_areas(node, phase, context["year"], code, language)
        context |= {"rows": area_tree.display_rows(laid), "path": laid.path}
    elif tree_id is not None:
        tree = campaign_for(request.scope, tree_id)
        _tree, _more, top = access.node_of(request.scope, tree.pk, pages.node_in(request))
        page = page_of(children_of(top), request)
        laid_rows = years.laid_on([top, *page.rows], campaign.pk, phase, language)
        rows = years.display_rows(laid_rows, tree.pk, top.pk)
        context |= {"tree": tree, "page": page, "rows": rows}
    context["labels"] = years.labels_of(context.get("rows", ()))
    return render(request, "dashboards/years.html", context)


@require_safe
def week(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the week of a unit on one page, for its head."""
    return render(request, "dashboards/week.html", _week(request, campaign_id))


@require_safe
def week_paper(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the same as PDF, one page."""
    context = _week(request, campaign_id)
    node = context["node"]
    address = f"{reverse('dashboards:week', args=[campaign_id])}?under={node.pk}"
    sheet = week_page.sheet_of(node, context["week"], public_address(address))
    content = sheets.week_sheet(sheet, language="en" if get_language() == "en" else "vi")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="tuan.pdf"'
    return response


@require_safe
def below(request: PortalRequest, campaign_id: int, kind: str) -> HttpResponse:
    """Return the unit and those directly below it as a file for other programs."""
    campaign, _seats, node = access.node_of(request.scope, campaign_id, pages.node_in(request))
    table = table_of(node, pages.phase_in(request, campaign))
    return as_file(table, f"so-lieu-{campaign.pk}-{node.pk}", kind)


def _week(request: PortalRequest, campaign_id: int) -> dict[str, Any]:
    campaign, seats, node = access.node_of(request.scope, campaign_id, pages.node_in(request))
    phase, sees = pages.phase_in(request, campaign), access.sees_devices(seats, node)
    shown_week = week_page.week_of(node, phase, sees_devices=sees)
    return frame(request, campaign, node) | {"phase": phase, "week": shown_week}


def _compared(request: PortalRequest, campaign_id: int) -> dict[str, Any]:
    campaign, seats, node = access.node_of(request.scope, campaign_id, pages.node_in(request))
    sees = access.sees_devices(seats, node)
    by, phase = access.by_in(request, sees_devices=sees), pages.phase_in(request, campaign)
    rows = ranking.shares_of(node, by, phase)
    return frame(request, campaign, node) | {
        "by": by,
        "choices": access.choices_of(sees_devices=sees),
        "phase": phase,
        "plain": ranking.alone(rows, by),
        "rows": ranking.ranked(rows, by),
    }
