"""Reports as official documents: made by a job, numbered, signed, released."""
