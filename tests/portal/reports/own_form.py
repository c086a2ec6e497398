"""A form of the district's own, chosen for the phase by the very act, for tests."""

from quetsach.api.reports import ReportFormDefinition, form_digest, read_form
from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.phase_forms.changing import form_in_use, set_form
from tests.portal.world import World

OWN = """
code = "cua-huyen"
version = "1"
kind = "BÁO CÁO"
kind_code = "BC"
closing = "Hết./."
signer_post = "THỦ TRƯỞNG"
recipients = ["Lưu: VT"]
title = { vi = "Mẫu của huyện", en = "Form of the district" }

[[sections]]
number = "1"
title = { vi = "Số liệu", en = "Figures" }

[[sections.fields]]
id = "people_took_part"
kind = "count"
unit = "people"
aggregation = "sum"
derived = "people_joined"
label = { vi = "Người tham gia", en = "People" }

[[sections.fields]]
id = "assessment"
kind = "count"
unit = "machines"
label = { vi = "Máy", en = "Machines" }
"""
"""It asks for the people as the shipped form does, and by `assessment` for something else."""


def own_form() -> ReportFormDefinition:
    """Return that form."""
    return read_form(OWN.encode(), "own.toml")


def chosen(world: World, form: ReportFormDefinition | None) -> int:
    """Let the phase ask by `form`; return how many drafts were refitted."""
    assert world.phase is not None
    phase = Phase.objects.select_related("campaign").get(pk=world.phase.pk)
    seen = form_digest(form_in_use(phase))
    return set_form(phase, form, digest_shown=seen, actor=world.user("TC", Role.LEAD_OWNER))
