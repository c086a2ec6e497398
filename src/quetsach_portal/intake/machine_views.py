"""The page "Check machines": the collector, what it brought back, and the machines of the unit."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.intake import access, actions, submission_page
from quetsach_portal.intake.forms import (
    BeginForm,
    EndMachineForm,
    JoinMachineForm,
    MachineForm,
    MachineTotalForm,
)
from quetsach_portal.looks import machines as acts
from quetsach_portal.looks.figures import own_look
from quetsach_portal.looks.kit import kit_of
from quetsach_portal.looks.queries import MACHINES, machine_rows
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

COLLECTOR = submission_page.COLLECTOR


@require_http_methods(["GET", "HEAD", "POST"])
def machines(request: PortalRequest, node_id: int) -> HttpResponse:
    """Show what was looked at, give the collector, and take what it brought back."""
    node = access.own_node_for(request.scope, node_id)
    form = BeginForm(
        request.POST or None,
        request.FILES or None,
        kind=COLLECTOR,
        unit=node.unit,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        submission = attempt(
            form,
            lambda: actions.begin_and_send(
                node,
                kind=COLLECTOR,
                upload=form.given(),
                note=form.cleaned_data["note"],
                token=form.cleaned_data["token"] or uuid4(),
                actor=request.user,
            ),
        )
        if submission is not None:
            return redirect("intake:submission", submission.pk)
    look = own_look(node)
    table = long_table(machine_rows(node), request, MACHINES)
    context = {
        "node": node,
        "form": form,
        "look": look,
        "table": table,
        "rows": table.page.rows,
        "closed": submission_page.why_closed(node),
        "total": MachineTotalForm(initial={"machines": look.machines}),
    }
    return render(request, "intake/machines.html", context)


@require_safe
def collector(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return the collector as one zip with the unit's code."""
    node = access.own_node_for(request.scope, node_id)
    response = HttpResponse(kit_of(node.unit), content_type="application/zip")
    name = f"quetsach-{node.unit.code}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def machine_total(request: PortalRequest, node_id: int) -> HttpResponse:
    """Keep how many machines the unit has."""
    node = access.own_node_for(request.scope, node_id)
    form = MachineTotalForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["machines"]
        run_with_message(
            request,
            lambda: acts.state_total(node.unit, number, actor=request.user),
            done=_("Saved."),
        )
    else:
        messages.warning(request, _("Give a whole number of machines."))
    return redirect("intake:machines", node.pk)


@require_POST
def no_logs(request: PortalRequest, node_id: int) -> HttpResponse:
    """Keep that the unit has no logs of its network, or that it has some."""
    node = access.own_node_for(request.scope, node_id)
    has_none = request.POST.get("none") == "1"
    run_with_message(
        request,
        lambda: acts.say_no_logs(node, has_none=has_none, actor=request.user),
        done=_("Saved."),
    )
    return redirect("intake:machines", node.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_machine(request: PortalRequest, node_id: int) -> HttpResponse:
    """Add a machine that no list and no collection names."""
    node = access.own_node_for(request.scope, node_id)
    form = MachineForm(request.POST or None)
    if succeeds(form, lambda: acts.add_machine(node.unit, form.words(), actor=request.user)):
        messages.success(request, _("Saved."))
        return redirect("intake:machines", node.pk)
    context = {"node": node, "form": form, "title": _("Add a machine"), "button": _("Save")}
    return render(request, "intake/machine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def describe_machine(request: PortalRequest, node_id: int, machine_id: int) -> HttpResponse:
    """Change what is known of a machine: its name, room, desk, phone and asset tag."""
    node = access.own_node_for(request.scope, node_id)
    machine = access.machine_for(request.scope, machine_id)
    form = MachineForm(request.POST or None, initial=vars(machine))
    if succeeds(form, lambda: acts.describe_machine(machine, form.words(), actor=request.user)):
        messages.success(request, _("Saved."))
        return redirect("intake:machines", node.pk)
    title = _("Machine %(name)s") % {"name": machine}
    context = {"node": node, "form": form, "title": title, "button": _("Save")}
    return render(request, "intake/machine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_machine(request: PortalRequest, node_id: int, machine_id: int) -> HttpResponse:
    """Take out a machine that is no longer in use."""
    node = access.own_node_for(request.scope, node_id)
    machine = access.machine_for(request.scope, machine_id)
    form = EndMachineForm(request.POST or None)
    end = acts.end_machine
    if succeeds(form, lambda: end(machine, form.cleaned_data["reason"], actor=request.user)):
        messages.success(request, _("Saved."))
        return redirect("intake:machines", node.pk)
    title = _("Take out %(name)s") % {"name": machine}
    context = {"node": node, "form": form, "title": title, "button": _("Take out")}
    return render(request, "intake/machine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join_machine(request: PortalRequest, node_id: int, machine_id: int) -> HttpResponse:
    """Say that a machine is another one of the unit, under a new name or with another card."""
    node = access.own_node_for(request.scope, node_id)
    machine = access.machine_for(request.scope, machine_id)
    form = JoinMachineForm(request.POST or None, machines=access.other_machines(machine))
    join = acts.join_machines
    if succeeds(form, lambda: join(machine, form.cleaned_data["into"], actor=request.user)):
        messages.success(request, _("Saved: it counts as one machine."))
        return redirect("intake:machines", node.pk)
    title = _("%(name)s is the same machine as …") % {"name": machine}
    context = {"node": node, "form": form, "title": title, "button": _("It is one machine")}
    return render(request, "intake/machine.html", context)
