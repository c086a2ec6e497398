"""Forms about the letter of a campaign: what it left blank, and what was read of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.actions.preparing import ReviewedLetter
from quetsach_portal.campaigns.forms import (
    BasicsForm,
    DueForm,
    TasksForm,
    form_choices,
    set_choices,
    split_tasks,
)
from quetsach_portal.campaigns.letter_review import CampaignProposal


class LetterReviewForm(BasicsForm, TasksForm, DueForm):
    """A letter's fields as a person leaves them; each open question has its own box."""

    form_code = forms.ChoiceField(label=_lazy("Report form (appendix)"))
    field_order = ["title", "legal_basis", "goal", "tasks", "due_day", "due_time", "form_code"]

    def __init__(self, *args: Any, proposal: CampaignProposal, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(proposal))
        super().__init__(*args, **kwargs)
        set_choices(self.fields["form_code"], form_choices())
        self.asked = proposal.questions
        add_questions(self, self.asked, proposal.code)
        blank = [
            *(name for name, field in self.fields.items() if field.required),
            *(f"answer_{number}" for number in range(len(self.asked))),
        ]
        self.blank_names = [name for name in blank if not self.initial.get(name)]
        if self.asked:
            self.fields["stay_open"] = forms.BooleanField(
                label=_("I have read the questions without an answer; they stay open"),
                required=False,
            )

    def blank_fields(self) -> list[forms.BoundField]:
        """Return the fields that the letter left blank, and the word that some stay so."""
        names = [*self.blank_names, *(["stay_open"] if self.asked else [])]
        return [self[name] for name in names]

    def read_fields(self) -> list[forms.BoundField]:
        """Return the fields that were read, and those that need nothing."""
        names = {*self.blank_names, "stay_open"}
        return [field for field in self if field.name not in names]

    def has_wrong_read_field(self) -> bool:
        """True when a field that was read has an error, so that it must be seen."""
        return any(field.errors for field in self.read_fields())

    def clean(self) -> dict[str, Any]:
        """Require a confirmation for questions without an answer."""
        cleaned = dict(super().clean() or self.cleaned_data)
        silent = [n for n in range(len(self.asked)) if not cleaned.get(f"answer_{n}")]
        if silent and not cleaned.get("stay_open"):
            self.add_error("stay_open", _("Answer the questions, or confirm that they stay open."))
        return cleaned

    def reviewed(self) -> ReviewedLetter:
        """Return what the person made of the letter."""
        given = self.cleaned_data
        answers = {n: given[f"answer_{n}"] for n in range(len(self.asked))}
        return ReviewedLetter(
            self.basics(), split_tasks(given["tasks"]), self.due_at(), given["form_code"], answers
        )


def add_questions(form: forms.Form, questions: Sequence[Mapping[str, Any]], code: str) -> None:
    """Give `form` a field for each question about a letter; `code` is what was read of its number.

    Shapes: the names are answer_0, answer_1 and so on.
    """
    for number, question in enumerate(questions):
        field = forms.CharField(label=question["text"], required=False, max_length=300)
        if question.get("field") == "number" and code:
            field.help_text = _("Type the number alone; “/%(code)s” was read.") % {"code": code}
        form.fields[f"answer_{number}"] = field


class QuestionsForm(forms.Form):
    """The open questions about the letter of a campaign that is made."""

    def __init__(self, *args: Any, letter: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(letter.get("questions", []))
        add_questions(self, self.asked, str((letter.get("code") or {}).get("value") or ""))
        for number, question in enumerate(self.asked):
            if question.get("answer"):
                del self.fields[f"answer_{number}"]

    def answers(self) -> dict[int, str]:
        """Return question number -> answer, of those that were typed; call it when valid."""
        typed = ((n, self.cleaned_data.get(f"answer_{n}")) for n in range(len(self.asked)))
        return {number: answer for number, answer in typed if answer}


def _initial(proposal: CampaignProposal) -> dict[str, Any]:
    due = None if proposal.due_at is None else timezone.localtime(proposal.due_at)
    is_midnight = due is not None and due.hour == due.minute == 0
    return {
        "title": proposal.title,
        "legal_basis": proposal.legal_basis,
        "page_url": proposal.page_url,
        "tasks": "\n\n".join(proposal.tasks),
        "due_day": None if due is None else due.date(),
        "due_time": None if due is None or is_midnight else due.time(),
        "form_code": proposal.form_code,
    }
