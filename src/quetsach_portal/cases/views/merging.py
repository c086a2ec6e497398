"""Pages on which cases are joined and separated."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.cases import access, device_merge, queries
from quetsach_portal.cases.forms import CaseMergeForm, CaseSplitForm
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "POST"])
def join_view(request: PortalRequest, case_id: int) -> HttpResponse:
    """Join another case of the same machine with this one."""
    case = access.focal_case_for(request.scope, case_id)
    form = CaseMergeForm(request.POST or None, cases=queries.cases_to_join(case)[:500])
    if request.method == "POST" and form.is_valid():
        other = int(form.cleaned_data["other"])
        attempt(form, lambda: device_merge.join(case_id, other, actor=request.user))
        if not form.errors:
            messages.success(request, _("The two are one case now."))
            return redirect("cases:show", case_id)
    return render(request, "cases/join.html", {"case": case, "form": form})


@require_http_methods(["GET", "POST"])
def split(request: PortalRequest, case_id: int) -> HttpResponse:
    """Give some findings to a second machine."""
    case = access.focal_case_for(request.scope, case_id)
    form = CaseSplitForm(request.POST or None, found=queries.findings_to_split(case))
    if request.method == "POST" and form.is_valid():
        chosen = [int(one) for one in form.cleaned_data["findings"]]
        label = form.cleaned_data["label"]
        new_case = attempt(
            form,
            lambda: device_merge.split_off(
                case_id, findings=chosen, label=label, actor=request.user
            ),
        )
        if new_case is not None:
            messages.success(request, _("The other machine has a case of its own now."))
            return redirect("cases:show", new_case.pk)
    return render(request, "cases/split.html", {"case": case, "form": form})


@require_POST
def separate_view(request: PortalRequest, case_id: int, device_id: int) -> HttpResponse:
    """Take a joined device out of the case again."""
    access.focal_case_for(request.scope, case_id)
    try:
        device_merge.separate(case_id, device_id, actor=request.user)
        messages.success(request, _("Separated again."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("cases:show", case_id)
