"""Who may do what, where and until when; the only source of scope."""
