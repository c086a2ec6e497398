"""The pages: texts in three languages, laid out ahead of time, packed, and served from memory."""
