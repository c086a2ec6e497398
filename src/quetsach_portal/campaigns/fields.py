"""Form fields of campaigns: several files at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


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
