"""Files that people hand in: checked, kept under random names, handed out as attachments only.

What other apps use, and nothing else:

- `files.models.StoredFile`: the row; other apps point at it with a foreign key (PROTECT).
- `files.actions.keep(upload, purpose=..., owner_path=..., actor=...)`: check and keep what a plain
  form brought (a Django UploadedFile); raises `web.problems.Refused` with the reason in words.
- `files.storage.path_of(stored)`: where the bytes lie, for jobs that read them.
- `files.sending.attachment(stored)`: the response that hands it out; the caller has asked access.
"""
