"""Files that people hand in: checked, kept under random names, handed out as attachments only.

What other apps use, and nothing else:

- `files.models.StoredFile`: the row; other apps point at it with a foreign key (PROTECT). Its
  `state` says where it stands, `told` why it was not taken, `remark_list` what is said beside it.
- `files.models.Purpose`: what a file is for; `kinds.RULES` says what is taken for each.
- `files.actions.keep(upload, purpose=..., owner_path=..., actor=...)`: check and keep what a plain
  form brought (a Django UploadedFile); raises `FileRefused`, a `web.problems.Refused` with the
  reason in words. Proofs, registers and letters come back ACCEPTED. Evidence and findings come back
  CHECKING: a job looks through them, and `settings.FILE_CHECKED_JOBS` names, per purpose, the job
  that is then asked for with the payload {"file": id}, whatever the end was.
- `files.forms.FileForm`: a form with a file chooser that also works in parts, resumably, where
  there is JavaScript; show it with `{% include "files/chooser.html" %}`.
- `files.actions.accept_upload(form.given(), purpose=..., owner_path=..., actor=...)`: the same as
  `keep` for what such a form brought, in one piece or in parts.
- `files.storage.path_of(stored)`: where the bytes lie, for jobs that read them.
- `files.sending.attachment(stored)`: the response that hands it out; the caller has asked access.
  Or name, in `settings.FILE_ACCESS`, the function `(request, stored) -> bool` that says who may
  have files of a purpose, and link to `{% url "files:download" stored.pk %}`.
"""
