"""Files that people hand in: checked, kept under random names, handed out as attachments only.

What other apps use, and nothing else:

- `files.models.StoredFile`: the row; other apps point at it with a foreign key (PROTECT). Its
  `state` is its progress, `told` why it was refused, `remark_list` the remarks on it.
- `files.models.FilePurpose`: what a file is for; `kinds.RULES` names what each purpose accepts.
- `files.actions.store_upload(upload, purpose=..., owner_path=..., actor=...)`: check and store the
  file of a plain form (a Django UploadedFile). Raises `FileRefused`, a `web.problems.Refused` with
  the reason in words. Proofs, registers and letters return ACCEPTED. Evidence and findings return
  CHECKING: a job checks them, and `FILE_CHECKED` in config/jobs.py names, per purpose, the job that
  is enqueued afterwards with the payload {"file": id}, whatever the result.
- `files.views.FileFieldForm`: a form with a file chooser that uploads in parts, resumably, where
  there is JavaScript; show it with `{% include "files/chooser.html" %}`.
- `files.actions.accept_upload(form.given(), purpose=..., owner_path=..., actor=...)`: the same as
  `store_upload` for the file of such a form, in one piece or in parts.
- `files.storage.path_of(stored)`: the path of the bytes, for jobs that read them.
- `files.storage.attachment(stored)`: the response that serves the file; files have no address of
  their own: a view of the app that owns the file checks access and returns it.
- `files.storage.forget(ids)`: delete files whose purpose has ended.
"""
