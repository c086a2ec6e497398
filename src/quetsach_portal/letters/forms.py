"""Forms of letters: what a person types; what holds is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.letters.actions.drafting import DraftContent
from quetsach_portal.letters.actions.numbering import SIGNER_FIELDS, ArrivedLetter, LetterNumbering
from quetsach_portal.letters.actions.signing import SignerNames
from quetsach_portal.letters.documents import Template, TemplateField, typed_values
from quetsach_portal.letters.models import Letter, LetterCapacity, LetterUrgency, SigningWay
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
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


class LetterNumberForm(NumberingForm):
    """What the clerk gives a letter."""

    code = forms.CharField(
        label=_lazy("Code of the letter"),
        max_length=40,
        help_text=_lazy(
            "For example UBND-TH, or CV/HU for a body of the Party; without the number."
        ),
    )

    def __init__(self, *args: Any, signer_is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signer_is_known:
            for name in SIGNER_FIELDS:
                del self.fields[name]

    def signing(self) -> LetterNumbering:
        """Return what was typed."""
        return LetterNumbering(**self.typed())


class LetterSignerForm(NumberingForm):
    """Who signs a letter that is signed before it is numbered."""

    number = None  # type: ignore[assignment]  # Django's way to take an inherited field out
    code = None  # type: ignore[assignment]
    signed_on = None  # type: ignore[assignment]

    def names(self) -> SignerNames:
        """Return what was typed; call it on a valid form."""
        return SignerNames(**{name: self.cleaned_data[name] for name in SIGNER_FIELDS})


class SigningWayForm(forms.Form):
    """By which way a letter is signed and numbered."""

    way = forms.ChoiceField(label=_lazy("Signature and number"), choices=SigningWay.choices)


class SignedOnPaperForm(forms.Form):
    """On which day a letter was signed by hand."""

    signed_on = DayField(label=_lazy("Day of signing"), initial=timezone.localdate)


class SignedPdfForm(forms.Form):
    """The PDF of a letter as it was signed by certificate."""

    file = forms.FileField(
        label=_lazy("Signed PDF"),
        help_text=_lazy("The PDF from this page with the signature in it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class OutsideForm(forms.Form):
    """A letter that came on paper from a body outside the campaign."""

    issuer_name = forms.CharField(label=_lazy("Issued by"), max_length=255)
    number = forms.IntegerField(label=_lazy("Number"), min_value=1, max_value=999_999)
    code = forms.CharField(label=_lazy("Code of the letter"), max_length=40)
    signed_on = DayField(label=_lazy("Day of signing"))
    subject = forms.CharField(label=_lazy("Subject"), max_length=500)
    deadline = DayField(label=_lazy("Report due before"), required=False)
    arrived_on = DayField(label=_lazy("Arrived on"), initial=timezone.localdate)
    arrival_number = forms.IntegerField(
        label=_lazy("Arrival number"), min_value=1, max_value=9_999_999, required=False
    )
    file = forms.FileField(
        label=_lazy("Scan or PDF of the letter"), required=False, allow_empty_file=False
    )

    def arrived(self) -> ArrivedLetter:
        """Return what was typed."""
        data = dict(self.cleaned_data)
        data.pop("file")
        return ArrivedLetter(**data)


class OriginalForm(forms.Form):
    """The scan of a letter on paper: signed, numbered and sealed."""

    file = forms.FileField(
        label=_lazy("Scan of the signed, numbered and sealed letter"),
        help_text=_lazy("PDF or photo of all pages. The units read this file as the original."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    original_at = forms.CharField(
        label=_lazy("Where the paper original is kept"),
        max_length=200,
        help_text=_lazy("Such as: records office, folder 12/2026."),
    )


class LetterReleaseForm(forms.Form):
    """On which ways a letter goes out besides the portal."""

    by_mail = forms.BooleanField(
        label=_lazy("Also notify the units by e-mail"), required=False, initial=True
    )
    start_mails = forms.BooleanField(
        label=_lazy("Start the e-mails immediately"),
        required=False,
        initial=True,
        help_text=_lazy("Otherwise they are started later on the page “Dispatch”."),
    )
    on_paper = forms.ChoiceField(
        label=_lazy("On paper, with a sheet that carries a QR code"),
        choices=OnPaper.choices,
        initial=OnPaper.UNREACHED,
        widget=forms.RadioSelect,
    )

    def ways(self) -> DeliveryChannels:
        """Return what was chosen."""
        return DeliveryChannels(
            self.cleaned_data["by_mail"], OnPaper(self.cleaned_data["on_paper"])
        )


class LetterReasonForm(forms.Form):
    """Why a letter is withdrawn, or given back."""

    why = forms.CharField(
        label=_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class StartForm(forms.Form):
    """How fast mails go out."""

    per_second = forms.IntegerField(
        label=_lazy("Maximum e-mails per second"),
        min_value=0,
        max_value=1000,
        help_text=_lazy("0: as fast as the mail server accepts them."),
    )


class BounceForm(forms.Form):
    """What a notice in the mailbox says."""

    text = forms.CharField(
        label=_lazy("Text of the notice"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("The address is disabled until the contact is corrected."),
    )


class HandOverForm(forms.Form):
    """When a printed letter was handed over, and to whom."""

    on = DayField(label=_lazy("Handed over on"), initial=timezone.localdate)
    remark = forms.CharField(
        label=_lazy("Remark"),
        max_length=300,
        required=False,
        help_text=_lazy("For example: by messenger, to the front desk of the unit."),
    )


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
