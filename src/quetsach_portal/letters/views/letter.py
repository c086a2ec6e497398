"""One letter: read it, write it, hand it to the clerk."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.files.sending import attachment
from quetsach_portal.letters import access, documents, forms, queries
from quetsach_portal.letters.actions import drafting
from quetsach_portal.letters.basis import cited_by
from quetsach_portal.letters.defaults import children_of, units_below
from quetsach_portal.letters.pages import letter_page
from quetsach_portal.rights.request import Request
from quetsach_portal.units.suggesting import suggestions
from quetsach_portal.units.unit_fields import offer_units
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.problems import Refused

FILES = ("docx", "pdf", "paper", "original", "sheets")


@require_safe
def letter(request: Request, letter_id: int) -> HttpResponse:
    """Return a letter; looking at it confirms nothing."""
    found = access.letter_for(request.scope, letter_id)
    return render(request, "letters/letter.html", {"shown": letter_page(request.scope, found)})


@require_safe
def preview(request: Request, letter_id: int) -> HttpResponse:
    """Return the letter as it would be printed now."""
    found = access.letter_for(request.scope, letter_id)
    if not access.may_read_dispatch(request.scope, found) or found.is_outside:
        raise Http404
    try:
        made = documents.files_of(found, cited_by(found))
    except Refused as refused:
        messages.error(request, refused.told)
        return redirect("letters:letter", letter_id)
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="xem-truoc-{letter_id}.pdf"'
    return response


@require_safe
def file(request: Request, letter_id: int, which: str) -> FileResponse:
    """Hand out a file of the letter; the sheets for paper only to who sends them."""
    found = access.letter_for(request.scope, letter_id)
    if which == "sheets":
        found = access.letter_to_send(request.scope, letter_id)
    stored = getattr(found, which) if which in FILES else None
    if stored is None:
        raise Http404
    return attachment(stored)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, node_id: int) -> HttpResponse:
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
        made = attempt(
            form,
            lambda: drafting.create_draft(
                node,
                based_on=based_on,
                template_code=form.cleaned_data["template"],
                actor=request.user,
            ),
        )
        if made is not None:
            return redirect("letters:edit", made.pk)
    return render(request, "letters/new.html", {"form": form, "node": node, "bases": bases})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, letter_id: int) -> HttpResponse:
    """Change the words of a draft."""
    found = access.letter_to_draft(request.scope, letter_id)
    form = forms.DraftForm(
        request.POST or None,
        template=documents.template_of(found.template_code),
        children=children_of(found.node),
        initial=forms.initial_of(found),
    )
    offer_units(form, units_below(found.node), reverse("letters:find_recipient", args=[letter_id]))
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        saved = attempt(
            form,
            lambda: drafting.change_draft(
                letter_id, form.wording(), revision=revision, actor=request.user
            ),
        )
        if saved is not None:
            messages.success(request, _("The draft is saved."))
            return redirect("letters:letter", letter_id)
    return render(request, "letters/edit.html", {"form": form, "letter": found})


@require_safe
def find_recipient(request: Request, letter_id: int) -> HttpResponse:
    """Return the units that the draft can go to, by what somebody types."""
    found = access.letter_to_draft(request.scope, letter_id)
    return suggestions(request, units_below(found.node))


@require_POST
def to_clerk(request: Request, letter_id: int) -> HttpResponse:
    """Hand the draft to the clerk."""
    access.letter_to_draft(request.scope, letter_id)
    try:
        drafting.send_to_clerk(letter_id, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.told)
    else:
        messages.success(request, _("The clerk has the draft now."))
    return redirect("letters:letter", letter_id)


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: Request, letter_id: int) -> HttpResponse:
    """Give the draft back to its writers with a reason, or take it back."""
    found = access.letter_to_give_back(request.scope, letter_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        given = attempt(
            form,
            lambda: drafting.take_back(letter_id, why=form.cleaned_data["why"], actor=request.user),
        )
        if given is not None:
            return redirect("letters:letter", letter_id)
    return render(request, "letters/back.html", {"form": form, "letter": found})
