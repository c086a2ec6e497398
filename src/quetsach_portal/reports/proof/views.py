"""The open page on which anybody checks a copy; it shows no figure of any report."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.reports.proof import codes, uploads
from quetsach_portal.reports.proof.forms import CodeForm, FileForm
from quetsach_portal.web.acting import attempt


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file, and answer to the file; a code has an address of its own."""
    by_code = CodeForm(request.POST if "code" in request.POST else None)
    if by_code.is_valid():
        return redirect("proof:answer", by_code.cleaned_data["code"])
    has_file = request.method == "POST" and not by_code.is_bound
    by_file = FileForm(request.POST, request.FILES) if has_file else FileForm()
    if by_file.is_valid():
        raw = by_file.cleaned_data["file"].read()
        held = attempt(by_file, lambda: uploads.held_against(raw))
        if held is not None:
            return render(request, "reports/proof/file.html", {"held": held})
    page = {"by_code": by_code, "by_file": by_file}
    return render(request, "reports/proof/ask.html", page)


@login_not_required
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is known of the code on a paper."""
    plain = codes.code_in(code)
    found = None if plain is None else codes.known_by(plain)
    letter = None if plain is None or found is not None else codes.letter_by(plain)
    page = {"code": plain or code[:40], "known": found, "letter": letter}
    status = 404 if found is None and letter is None else 200
    return render(request, "reports/proof/answer.html", page, status=status)
