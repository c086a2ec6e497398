"""Fill a form of a page as somebody might: what it proposes, then what its kinds of fields want."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.portal.access.page_forms import Field, PageForm
from tests.portal.cases.rows import Rewound
from tests.portal.files.samples import document, pdf, picture, workbook

Body = dict[str, Any]

_DAY = re.compile(r"\b[0-9]{2}/[0-9]{2}/[0-9]{4}\b")
MOST_TRIES = 60
"""Bodies that are tried of one form before it is given up."""


def bodies(form: PageForm, told: Mapping[str, Any]) -> Iterator[Body]:
    """Yield bodies of `form`: as it stands, what is required, all of it, with each button.

    After these the same with the values of `told` in fields of those names: what no form can tell,
    such as the words that a person has in hand.
    """
    tried: list[Body] = []
    for button in form.buttons or (("", ""),):
        for extent in ("required", "every", "as-is"):
            for is_late in (False, True):
                for with_told in (False, True):
                    body = filled(form.fields, extent, is_late=is_late)
                    if with_told:
                        body |= {name: told[name] for name in told if name in names_of(form)}
                    if button[0] and not (with_told and button[0] in told):
                        body[button[0]] = button[1]
                    if body not in tried and len(tried) < MOST_TRIES:
                        tried.append(body)
    yield from tried


def names_of(form: PageForm) -> set[str]:
    """Return the names that a browser may send with `form`."""
    return {one.name for one in form.fields} | {name for name, _value in form.buttons}


def filled(fields: tuple[Field, ...], extent: str, *, is_late: bool) -> Body:
    """Return a value for each field that `extent` names; `is_late` takes the last choices."""
    body: Body = {}
    for field in fields:
        if field.kind in ("checkbox", "radio"):
            _tick(body, field, fields, extent, is_late=is_late)
        elif field.kind == "select":
            body[field.name] = _chosen(field, extent, is_late=is_late)
        elif field.kind == "file":
            if field.is_required or extent == "every":
                body[field.name] = upload_for(field.limits.get("accept", ""))
        elif field.value or field.kind == "hidden":
            body[field.name] = field.value
        elif field.is_required or extent == "every":
            body[field.name] = written(field, is_late=is_late)
        else:
            body[field.name] = ""
    return body


def _tick(
    body: Body, field: Field, fields: tuple[Field, ...], extent: str, *, is_late: bool
) -> None:
    alike = [one for one in fields if one.name == field.name]
    wanted = alike[-1] if is_late else alike[0]
    is_on = field.is_on or field.is_required
    if field.kind == "radio":
        is_open = extent != "as-is" and not any(one.is_on for one in alike)
        is_on = field is wanted if is_late or is_open else field.is_on
    elif extent == "every":
        is_on = is_on or len(alike) == 1 or field is wanted
    if not is_on:
        return
    if field.kind == "checkbox" and len(alike) > 1:
        body[field.name] = [*body.get(field.name, []), field.value]
    else:
        body[field.name] = field.value


def _chosen(field: Field, extent: str, *, is_late: bool) -> Any:
    real = [one for one in field.choices if one]
    if "multiple" in field.limits:
        return real[-1:] if is_late else real[:1]
    if is_late and real:
        return real[-1]
    if field.value or not (field.is_required or extent == "every"):
        return field.value
    return real[0] if real else ""


def written(field: Field, *, is_late: bool) -> str:
    """Return a text for an empty field; a day in the form that stands beside it."""
    today = timezone.localdate()
    if _DAY.search(field.help):
        return f"{today + timedelta(days=20 if is_late else 0):%d/%m/%Y}"
    texts = {
        "number": field.limits.get("min") or "1",
        "email": "nguoi.moi@coquan.example",
        "url": "https://trang.example/",
        "tel": "02943000001",
        "date": field.limits.get("min") or today.isoformat(),
        "time": "09:00",
        "datetime-local": f"{(today + timedelta(days=2)).isoformat()}T09:00",
        "password": "con meo nho leo cay cau",
    }
    text = texts.get(field.kind, "Nội dung thử")
    return text[: int(field.limits.get("maxlength") or 1000)]


def upload_for(accept: str) -> Rewound:
    """Return a small true file of a kind that `accept` names."""
    if ".pdf" in accept or "application/pdf" in accept:
        return Rewound("tep.pdf", pdf())
    if "image" in accept or ".png" in accept or ".jpg" in accept:
        return Rewound("tep.jpg", picture())
    if ".xlsx" in accept:
        return Rewound("tep.xlsx", workbook())
    if ".docx" in accept:
        return Rewound("tep.docx", document())
    if ".csv" in accept:
        return Rewound("tep.csv", b"timestamp,ip\n")
    return Rewound("tep.txt", b"xau.example\n")
