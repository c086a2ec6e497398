"""Files that people hand in: checked, kept under random names, handed out as attachments only.

What other apps use, and nothing else:

- `files.models.StoredFile`: the row; other apps point at it with a foreign key (PROTECT). Its
  `state` says where it stands, `told` why it was not taken, `remark_list` what is said beside it.
- `files.models.Purpose`: what a file is for; `kinds.RULES` says what is taken for each.
- `files.actions.keep(upload, purpose=..., owner_path=..., actor=...)`: check and keep what a plain
  form brought (a Django UploadedFile); raises `FileRefused`, a `web.problems.Refused` with the
  reason in words. Proofs, registers and letters come back ACCEPTED. Evidence and findings come back
  CHECKING: a job looks through them, and `FILE_CHECKED` in config/jobs.py names, per purpose, the
  job that is then asked for with the payload {"file": id}, whatever the end was.
- `files.forms.FileForm`: a form with a file chooser that also works in parts, resumably, where
  there is JavaScript; show it with `{% include "files/chooser.html" %}`.
- `files.actions.accept_upload(form.given(), purpose=..., owner_path=..., actor=...)`: the same as
  `keep` for what such a form brought, in one piece or in parts.
- `files.storage.path_of(stored)`: where the bytes lie, for jobs that read them.
- `files.sending.attachment(stored)`: the response that hands it out; there is no address of
  files as such: a view of the app that owns the file has asked access and answers with it.
- `files.forgetting.forget(ids)`: the end of files whose purpose is over.
"""
