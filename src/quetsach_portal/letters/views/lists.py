"""Lists of letters: all that one sees, the register of a unit, and the way down the tree."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.letters import access, queries
from quetsach_portal.letters import cascade as down
from quetsach_portal.letters.choices import STATES
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Return the letters that the person may see, one box at a time."""
    asked = request.GET
    number = asked.get("campaign", "")
    campaign_id = int(number[:15]) if number.isascii() and number.isdigit() else None
    box, state = asked.get("box", ""), asked.get("state", "")
    rows = queries.letters_in(request.scope, box=box, campaign_id=campaign_id, state=state)
    found = {
        "page": page_of(rows, request),
        "box": box,
        "state": state,
        "states": STATES,
        "campaign_id": campaign_id,
        "campaigns": campaigns_of(request.scope)[:50],
        "writes": queries.places_to_write(request.scope, access.DRAFTS),
        "followed": queries.places_to_follow(request.scope),
        "registers": queries.places_with_register(request.scope),
    }
    return render(request, "letters/index.html", found)


@require_safe
def register(request: Request, node_id: int) -> HttpResponse:
    """Return the outgoing or incoming register of a unit for a year."""
    node = access.node_with_register(request.scope, node_id)
    year = queries.year_asked(request.GET.get("year", ""))
    book = "incoming" if request.GET.get("book") == "incoming" else "outgoing"
    rows = queries.incoming(node, year) if book == "incoming" else queries.outgoing(node, year)
    found = {
        "node": node,
        "book": book,
        "year": year,
        "page": page_of(rows, request),
        "may_register": access.registers_for(request.scope, node),
    }
    return render(request, f"letters/{book}.html", found)


@require_safe
def cascade(request: Request, node_id: int) -> HttpResponse:
    """Return how the campaign was passed on: the chain down to a unit, and the units below it."""
    node = access.node_to_follow(request.scope, node_id)
    page = page_of(down.children_of(node), request)
    found = {
        "node": node,
        "chain": down.chain_to(node),
        "page": page,
        "links": down.links_of(page.rows),
        "levels": down.levels_below(node),
        "sees_below": access.sees_below(request.scope, node),
    }
    return render(request, "letters/cascade.html", found)
