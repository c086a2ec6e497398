"""Letters of authorities, taken apart: who asks whom for what, until when, and what is unsure."""
