"""What a person is asked where a letter is unsure: a code that never changes, and a sentence."""

from collections.abc import Mapping
from typing import Any

from quetsach.errors.catalogue import N_
from quetsach.letters.model import LetterQuestion
from quetsach.texts import _

QUESTIONS: Mapping[str, str] = {
    "not-a-letter": N_("This does not look like an official letter. Is it the right file?"),
    "english": N_("This letter is in English and was read as best it could be. Check every field."),
    "ocr": N_("A machine read this letter from pictures. Compare every value with the paper."),
    "too-long": N_(
        "The document is longer than is read as a letter. Is anything asked for further down?"
    ),
    "issuer": N_("Which body issued the letter? Its name was not found at the top left."),
    "parent": N_("Which body stands above %(body)s? The letter's head does not name it."),
    "number": N_("Which number was the letter given? Look at the stamp or in the register."),
    "number-file": N_(
        "Which number was the letter given? The letter has none, but the name of the file "
        "says %(hint)s."
    ),
    "number-glued": N_(
        "Which part of %(words)s is the number, and which the code? It was stamped later."
    ),
    "number-differs": N_(
        "The letter says number %(number)s, the name of the file %(hint)s. Which one is right?"
    ),
    "code": N_("Which code does the letter have, such as UBND-TH? It stands after the number."),
    "date": N_("On which day was the letter issued? Look at the stamp or in the register."),
    "date-partial": N_(
        "On which day of the month %(month)s was the letter issued? Look at the stamp or in the "
        "register."
    ),
    "date-year": N_(
        "On which day of the year %(year)s was the letter issued? Look at the stamp or in the "
        "register."
    ),
    "date-order": N_(
        "Which day is meant by %(words)s? It was stamped later, and day and month may be swapped."
    ),
    "date-impossible": N_("There is no such day: %(words)s. Which day is meant?"),
    "date-several": N_("The letter's head names several days: %(words)s. Which one is its own?"),
    "kind": N_("What kind of document is it (công văn, kế hoạch ...)?"),
    "kind-differs": N_(
        "The code says %(code)s, the title says %(title)s. What kind of document is it?"
    ),
    "subject": N_("What is the letter about? No subject was found."),
    "addressees": N_("To whom is the letter addressed? No list was found."),
    "basis-number": N_("Which number has the %(kind)s that the letter rests on?"),
    "basis-date": N_("Of which day is the %(kind)s that the letter rests on?"),
    "tasks": N_("What does the letter ask for? No numbered items were found."),
    "tasks-more": N_("The letter has %(count)s items; the first %(limit)s were read. What else?"),
    "entries-more": N_(
        "There are more entries here than are read; the first %(limit)s were. What else?"
    ),
    "tasks-numbers": N_(
        "The numbers of the items jump from %(before)s to %(after)s. Is a part missing?"
    ),
    "who": N_("Who must do item %(number)s? It names nobody; are the addressees meant?"),
    "who-all": N_("Who must do what is asked for? Nobody is named; are the addressees meant?"),
    "due": N_("Until when is the report due? The letter names no day."),
    "due-year": N_("Of which year is the due date %(words)s?"),
    "due-unclear": N_("Is the report still in time on the day itself (%(words)s)?"),
    "due-several": N_("The letter names different due dates: %(words)s. Which one holds?"),
    "due-early": N_(
        "The letter is dated %(date)s, after its own due date %(due)s. Which of them is right?"
    ),
    "page": N_("Which web page does the campaign have? The letter names none."),
    "page-several": N_("Which of these is the page of the campaign: %(words)s?"),
    "page-broken": N_("Does the web address %(words)s go on in the next line?"),
    "compiler": N_("Who compiles the results? The letter does not say."),
    "compiler-several": N_("Who compiles the results? The letter names several: %(words)s."),
    "report-to": N_("To whom does the report go? The letter does not say."),
    "report-to-several": N_("To whom does the report go? The letter names several: %(words)s."),
    "annex": N_("The letter mentions an annex (%(words)s) that is not in this file. Where is it?"),
    "counts": N_("What does the row %(words)s count: organisations, people, machines ...?"),
    "recipients": N_("Who receives the letter? No list was found at its end."),
    "signer": N_("Who signed the letter? No name was found at its end."),
    "position": N_("Which post does the signer hold? None was found above the name."),
}
"""Every question by its code."""


def question_text(code: str, /, **facts: Any) -> str:
    """Return the question, in the language in use."""
    return _(QUESTIONS[code]) % facts


class OpenQuestions:
    """The questions of one letter, in the order in which they came up."""

    def __init__(self) -> None:
        self.questions: list[LetterQuestion] = []

    def ask(self, field: str, code: str, /, **facts: Any) -> str:
        """Note a question about `field`, and return its sentence."""
        text = question_text(code, **facts)
        self.questions.append(LetterQuestion(field, code, text))
        return text
