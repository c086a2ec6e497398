"""What the fields of a unit are called on pages."""

from django.utils.translation import gettext_lazy as _lazy

FIELD_NAMES = {
    "name": _lazy("Name of the unit"),
    "short_name": _lazy("Short name"),
    "doc_code": _lazy("Code in document numbers"),
    "kind": _lazy("Kind"),
    "id_old": _lazy("Electronic identifier (old form)"),
    "id_new": _lazy("Electronic identifier (new form)"),
    "area_code": _lazy("Area code"),
    "parent": _lazy("Unit above"),
    "staff": _lazy("Officials and staff"),
    "mail": _lazy("E-mail address"),
    "phone": _lazy("Telephone"),
    "person": _lazy("Contact person"),
}
