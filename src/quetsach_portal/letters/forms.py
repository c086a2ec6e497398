"""Forms of letters: what a person types; what holds is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.letters.actions.drafting import DraftContent
from quetsach_portal.letters.documents import Template, TemplateField, typed_values
from quetsach_portal.letters.models import Letter, LetterCapacity, LetterUrgency
from quetsach_portal.units.unit_fields import UnitsField
from quetsach_portal.web.days import DayField

# What the clerk gives any document that goes out: number, day, and who signs in what capacity.


def name_field(most: int) -> forms.CharField:
    """Return the box for the signer's name, of at most `most` characters."""
    return forms.CharField(
        label=_lazy("Name of the signer"),
        max_length=most,
        help_text=_lazy("Without titles and degrees."),
    )


def post_field(most: int) -> forms.CharField:
    """Return the box for the signer's post, of at most `most` characters."""
    return forms.CharField(
        label=_lazy("Own post of the signer"),
        max_length=most,
        help_text=_lazy("For example Phó Chủ tịch."),
    )


class NumberingForm(forms.Form):
    """The base of the forms that number a letter and a report: the decree asks the same of both.

    Each says by itself what its code looks like, and how long a name may be in its register.
    """

    number = forms.IntegerField(label=_lazy("Number"), min_value=1, max_value=999_999)
    code = forms.CharField()
    signed_on = DayField(label=_lazy("Day of signing"))
    signer_name = name_field(120)
    signer_post = post_field(120)
    capacity = forms.ChoiceField(
        label=_lazy("Signs"), choices=LetterCapacity.choices, required=False
    )
    capacity_of = forms.CharField(
        label=_lazy("Signs for whom"),
        max_length=120,
        required=False,
        help_text=_lazy("The text after TM., KT., TL. or TUQ., for example Chủ tịch."),
    )
    on_behalf_of = forms.CharField(
        label=_lazy("TM. line above it"),
        max_length=120,
        required=False,
        help_text=_lazy("If a deputy signs for a collective body: its name."),
    )
    urgency = forms.ChoiceField(
        label=_lazy("Stamp of urgency"),
        choices=LetterUrgency.choices,
        required=False,
        help_text=_lazy("Only if the signer has decided so; it is printed below number and code."),
    )
    contact = forms.CharField(
        label=_lazy("Address at the foot of page 1"),
        max_length=70,
        required=False,
        help_text=_lazy(
            "Address, e-mail or telephone of the body, on one line of up to 70 characters."
        ),
    )
    repeat_is_meant = forms.BooleanField(
        label=_lazy("This number and code may repeat; I have checked it."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # It is asked only after a warning.
            del self.fields["repeat_is_meant"]

    def clean(self) -> dict[str, Any]:
        """Ask for whom somebody signs, where the capacity says that there is one."""
        data = super().clean() or {}
        if data.get("capacity") and not data.get("capacity_of"):
            self.add_error("capacity_of", _lazy("Enter for whom."))
        return data

    def typed(self) -> dict[str, Any]:
        """Return what was typed, the code in capitals; call it on a valid form."""
        data = dict(self.cleaned_data)
        data.pop("repeat_is_meant")
        data["code"] = data["code"].strip().upper()
        return data


MOST_BOXES = 300
"""More units than that are searched for."""


class NewLetterForm(forms.Form):
    """On which letter a new one rests, and which kind it is."""

    based_on = forms.ChoiceField(label=_lazy("It rests on"), widget=forms.RadioSelect)
    template = forms.ChoiceField(label=_lazy("Kind of letter"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, bases: Iterable[Letter], templates: Iterable[Template], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(one.pk), f"{one.full_number} – {one.issuer_name}: {one.subject}") for one in bases
        ]
        kinds = [(one.code, one.title) for one in templates]
        self.fields["template"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["template"].initial = kinds[0][0]
        if not self.fields["based_on"].choices:  # type: ignore[attr-defined]  # a ChoiceField
            del self.fields["based_on"]
        elif "initial" not in kwargs:
            first = self.fields["based_on"].choices[0][0]  # type: ignore[attr-defined]
            self.fields["based_on"].initial = first


class DraftForm(forms.Form):
    """The words of a draft, by the fields of its template, and who gets it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_lazy("Subject"),
        max_length=500,
        help_text=_lazy("As printed after “V/v”; begin with a lower-case letter."),
    )
    deadline = DayField(
        label=_lazy("Report due before"),
        required=False,
        help_text=_lazy("The deadline is exclusive: “before 29/9” ends at midnight after 28/9."),
    )
    place = forms.CharField(label=_lazy("Place"), max_length=80, required=False)
    addressees = forms.CharField(
        label=_lazy("To (“Kính gửi”)"),
        help_text=_lazy("One per line, as printed."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    also_told = forms.CharField(
        label=_lazy("Copies (“Nơi nhận”)"),
        help_text=_lazy("One per line. “Như trên” and “Lưu: VT” are added automatically."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    recipients = forms.ChoiceField(
        label=_lazy("Recipients on the portal"),
        widget=forms.RadioSelect,
        choices=[("all", _lazy("All units below ours")), ("chosen", _lazy("Only those chosen"))],
    )

    def __init__(
        self, *args: Any, template: Template, children: list[CampaignNode], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.template, self.children = template, children
        for field in template.asked():
            self.fields[field.id] = _typed(field)
        self.fields["chosen"] = _chosen(children)
        if len(children) > MOST_BOXES:
            ids = set(self.initial.get("chosen", ()))
            self.initial["chosen"] = [one.unit for one in children if str(one.pk) in ids]
        last = ["place", "addressees", "also_told", "recipients", "chosen"]
        self.order_fields(
            ["revision", "subject", *(f.id for f in template.asked()), "deadline", *last]
        )

    def wording(self) -> DraftContent:
        """Return what was typed."""
        typed = self.cleaned_data
        return DraftContent(
            subject=" ".join(typed["subject"].split()),
            values=typed_values(self.template, typed),
            deadline=typed["deadline"],
            place=typed["place"],
            addressees=_lines(typed["addressees"]),
            also_told=_lines(typed["also_told"]),
            to_all=typed["recipients"] == "all",
            chosen=self._chosen_ids(),
        )

    def _chosen_ids(self) -> list[int]:
        chosen = self.cleaned_data["chosen"]
        if len(self.children) <= MOST_BOXES:
            return [int(one) for one in chosen]
        units = {one.pk for one in chosen}
        return [child.pk for child in self.children if child.unit_id in units]


def initial_of(letter: Letter) -> dict[str, Any]:
    """Return the values with which the form of `letter` opens."""
    shown = {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in letter.values.items()
    }
    return {
        **shown,
        "revision": letter.revision,
        "subject": letter.subject,
        "deadline": letter.deadline,
        "place": letter.place,
        "addressees": "\n".join(letter.addressees),
        "also_told": "\n".join(letter.also_told),
        "recipients": "all" if letter.to_all else "chosen",
        "chosen": [str(pk) for pk in letter.chosen.values_list("pk", flat=True)],
    }


def _typed(field: TemplateField) -> forms.Field:
    shown: dict[str, Any] = {
        "label": field.label,
        "required": field.required,
        "help_text": field.hint,
    }
    match field.kind:
        case "list":
            return forms.CharField(
                **shown, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
            )
        case "date":
            return DayField(**shown)
        case "link":
            return forms.URLField(**shown, max_length=200, assume_scheme="https")
    return forms.CharField(**shown, max_length=500)


def _chosen(children: list[CampaignNode]) -> forms.Field:
    label = _lazy("Chosen units")
    if len(children) > MOST_BOXES:
        return UnitsField(label=label, required=False)
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(str(child.pk), child.name_at_freeze) for child in children],
        widget=forms.CheckboxSelectMultiple,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
