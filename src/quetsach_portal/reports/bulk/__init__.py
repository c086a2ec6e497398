"""Many filled workbooks at once: a compiler brings those of the units below into their drafts."""
