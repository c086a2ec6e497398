"""One letter: read it, write it, hand it to the clerk."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.files.storage import attachment
from quetsach_portal.letters import access, documents, forms, queries, release_forms, tables
from quetsach_portal.letters import cascade as down
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.defaults import children_of, units_below
from quetsach_portal.letters.pages import all_recipients, letter_page, release_page
from quetsach_portal.letters.queries import STATES
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.units.searching import suggestions
from quetsach_portal.units.unit_fields import offer_units
from quetsach_portal.web.acts import Refused, attempt, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

FILES = ("docx", "pdf", "paper", "original", "sheets")


@require_safe
def letter(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Return a letter; looking at it confirms nothing."""
    found = access.letter_for(request.scope, letter_id)
    shown = letter_page(request.scope, found)
    page = page_of(all_recipients(request.scope, found), request, total=shown.recipients_count)
    return render(request, "letters/letter.html", {"shown": shown, "page": page})


@require_safe
def preview(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Return the letter as it would be printed now."""
    letter = access.letter_for(request.scope, letter_id)
    if not access.may_read_dispatch(request.scope, letter) or letter.is_outside:
        raise Http404
    try:
        files = documents.files_of(letter, cited_by(letter))
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("letters:letter", letter_id)
    response = HttpResponse(files.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="xem-truoc-{letter_id}.pdf"'
    return response


@require_safe
def file(request: PortalRequest, letter_id: int, which: str) -> FileResponse:
    """Hand out a file of the letter; the sheets for paper only to people who send them."""
    found = access.letter_for(request.scope, letter_id)
    if which == "sheets":
        found = access.letter_to_send(request.scope, letter_id)
    stored = getattr(found, which) if which in FILES else None
    if stored is None:
        raise Http404
    return attachment(stored)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest, node_id: int) -> HttpResponse:
    """Begin the own letter of a unit, resting on one that it received."""
    node = access.node_to_write_for(request.scope, node_id)
    bases = list(queries.possible_bases(node)[:50])
    form = forms.NewLetterForm(
        request.POST or None,
        bases=bases,
        templates=documents.templates(),
        initial={"based_on": request.GET.get("on") or (bases[0].pk if bases else None)},
    )
    if form.is_valid():
        by_id = {str(one.pk): one for one in bases}
        based_on = by_id.get(form.cleaned_data.get("based_on", ""))
        letter = attempt(
            form,
            lambda: drafting.create_draft(
                node,
                based_on=based_on,
                template_code=form.cleaned_data["template"],
                actor=request.user,
            ),
        )
        if letter is not None:
            return redirect("letters:edit", letter.pk)
    return render(request, "letters/new.html", {"form": form, "node": node, "bases": bases})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Change the words of a draft."""
    letter = access.letter_to_draft(request.scope, letter_id)
    form = forms.DraftForm(
        request.POST or None,
        template=documents.template_of(letter.template_code),
        children=children_of(letter.node),
        initial=forms.initial_of(letter),
    )
    offer_units(form, units_below(letter.node), reverse("letters:find_recipient", args=[letter_id]))
    if succeeds(
        form,
        lambda: drafting.change_draft(
            letter_id, form.wording(), revision=form.cleaned_data["revision"], actor=request.user
        ),
    ):
        messages.success(request, _("The draft is saved."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/edit.html", {"form": form, "letter": letter})


@require_safe
def find_recipient(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Return the units that the draft can go to, by what somebody types."""
    found = access.letter_to_draft(request.scope, letter_id)
    return suggestions(request, units_below(found.node))


@require_POST
def to_clerk(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Hand the draft to the clerk."""
    access.letter_to_draft(request.scope, letter_id)
    try:
        drafting.send_to_clerk(letter_id, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.told)
    else:
        messages.success(request, _("The draft is with the clerk."))
    return redirect("letters:letter", letter_id)


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Give the draft back to its writers with a reason, or take it back."""
    letter = access.letter_to_give_back(request.scope, letter_id)
    form = release_forms.LetterReasonForm(request.POST or None)
    if succeeds(
        form, lambda: drafting.take_back(letter_id, **form.cleaned_data, actor=request.user)
    ):
        return redirect("letters:letter", letter_id)
    return render(request, "letters/back.html", {"form": form, "letter": letter})


# The clerk's desk: release, withdrawal, and letters that came on paper.


PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
@confirmed_recently
def release(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Look everything over, then release the letter to all its recipients at once."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.LetterReleaseForm(request.POST or None)
    if succeeds(
        form,
        lambda: releasing.release(
            letter_id,
            form.ways(),
            start_mails=form.cleaned_data["start_mails"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("The letter is released."))
        return redirect("letters:dispatch", letter_id)
    found = {"form": form, "letter": letter, **release_page(letter)}
    return render(request, "letters/release.html", found)


@require_http_methods(PAGE)
@confirmed_recently
def withdraw(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Withdraw a released letter."""
    letter = access.letter_to_number(request.scope, letter_id)
    form = release_forms.LetterReasonForm(request.POST or None)
    if succeeds(
        form, lambda: releasing.withdraw(letter_id, **form.cleaned_data, actor=request.user)
    ):
        messages.success(request, _("The letter is withdrawn, and all recipients are notified."))
        return redirect("letters:letter", letter_id)
    return render(request, "letters/withdraw.html", {"form": form, "letter": letter})


@require_http_methods(PAGE)
def outside(request: PortalRequest, node_id: int) -> HttpResponse:
    """Enter a letter that came on paper from a body outside the campaign."""
    node = access.node_to_register_for(request.scope, node_id)
    form = release_forms.OutsideForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        entered = attempt(
            form, lambda: numbering.register_outside(node, form.arrived(), file, actor=request.user)
        )
        if entered is not None:
            messages.success(request, _("The letter is in the register."))
            return redirect("letters:letter", entered.pk)
    return render(request, "letters/outside.html", {"form": form, "node": node})


# Lists of letters: all that one sees, the register of a unit, and the way down the tree.


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the letters that the person may see, one box at a time."""
    asked = request.GET
    number = asked.get("campaign", "")
    campaign_id = int(number[:15]) if number.isascii() and number.isdigit() else None
    box, state = asked.get("box", ""), asked.get("state", "")
    rows = queries.letters_in(request.scope, box=box, campaign_id=campaign_id, state=state)
    table = long_table(rows, request, tables.LETTERS)
    context = {
        "table": table,
        "page": table.page,
        "box": box,
        "state": state,
        "states": STATES,
        "campaign_id": campaign_id,
        "campaigns": campaigns_of(request.scope)[:50],
        "writes": queries.places_to_write(request.scope, access.DRAFTS),
        "followed": queries.places_to_follow(request.scope),
        "registers": queries.places_with_register(request.scope),
    }
    return render(request, "letters/index.html", context)


@require_safe
def register(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the outgoing or incoming register of a unit for a year."""
    node = access.node_with_register(request.scope, node_id)
    year = queries.requested_year(request.GET.get("year", ""))
    book = "incoming" if request.GET.get("book") == "incoming" else "outgoing"
    if book == "incoming":
        table = long_table(queries.incoming(node, year), request, tables.INCOMING)
    else:
        table = long_table(queries.outgoing(node, year), request, tables.OUTGOING)
    context = {
        "node": node,
        "book": book,
        "year": year,
        "table": table,
        "page": table.page,
        "may_register": access.registers_for(request.scope, node),
    }
    return render(request, f"letters/{book}.html", context)


@require_safe
def cascade(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return how the campaign was passed on: the chain down to a unit, and the units below it."""
    node = access.node_to_follow(request.scope, node_id)
    table = long_table(down.children_of(node), request, tables.CASCADE)
    context = {
        "node": node,
        "chain": down.chain_to(node),
        "table": table,
        "page": table.page,
        "links": down.links_of(table.page.rows),
        "levels": down.levels_below(node),
        "sees_below": access.sees_below(request.scope, node),
    }
    return render(request, "letters/cascade.html", context)
