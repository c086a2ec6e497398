"""Reports as official documents: rendered by a job, numbered, signed, released."""
