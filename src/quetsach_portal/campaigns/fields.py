"""Form fields of campaigns: days and times as browsers ask for them, several files at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class DayField(forms.DateField):
    """A day, by the browser's own chooser; typed as 29/9/2022 where it has none."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
        super().__init__(widget=widget, input_formats=formats, **options)


class HourField(forms.TimeField):
    """A time of day, 17:00."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%Hh%M"], **options)


class _Chooser(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files chosen at once; its value is a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_Chooser(), **options)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Return the files, each checked as one is."""
        given = data if isinstance(data, list | tuple) else [data]
        cleaned: list[UploadedFile[bytes]] = []
        for one in given or [None]:
            file = super().clean(one, initial)
            if file:
                cleaned.append(file)
        return cleaned
