"""The public view that verifies a copy; it shows no figure of any report."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.reports.verification import codes, uploads
from quetsach_portal.reports.verification.codes import code_in
from quetsach_portal.web.acts import attempt


class VerificationCodeForm(forms.Form):
    """The 16 characters at the foot of each page."""

    code = forms.CharField(
        label=_lazy("Code at the foot of each page"),
        max_length=40,
        help_text=_lazy("16 characters, 0 to 9 and a to f, such as 0123 4567 89ab cdef."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_code(self) -> str:
        """Return the code as it is kept."""
        code = code_in(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(_("A code has 16 characters, 0 to 9 and a to f."))
        return code


class CopyFileForm(forms.Form):
    """A PDF to compare with the issued files."""

    file = forms.FileField(
        label=_lazy("PDF"),
        help_text=_lazy("At most 1 MB without signing in. The file is compared and not stored."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_form(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file, and answer to the file; a code has an address of its own."""
    by_code = VerificationCodeForm(request.POST if "code" in request.POST else None)
    if by_code.is_valid():
        return redirect("proof:answer", by_code.cleaned_data["code"])
    has_file = request.method == "POST" and not by_code.is_bound
    by_file = CopyFileForm(request.POST, request.FILES) if has_file else CopyFileForm()
    if by_file.is_valid():
        raw = by_file.cleaned_data["file"].read()
        copy = attempt(by_file, lambda: uploads.check_copy(raw))
        if copy is not None:
            return render(request, "reports/proof/file.html", {"held": copy})
    page = {"by_code": by_code, "by_file": by_file}
    return render(request, "reports/proof/ask.html", page)


@login_not_required
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is known of the code on a paper."""
    plain = codes.code_in(code)
    facts = None if plain is None else codes.facts_by_code(plain)
    letter = None if plain is None or facts is not None else codes.letter_by(plain)
    page = {"code": plain or code[:40], "known": facts, "letter": letter}
    status = 404 if facts is None and letter is None else 200
    return render(request, "reports/proof/answer.html", page, status=status)
