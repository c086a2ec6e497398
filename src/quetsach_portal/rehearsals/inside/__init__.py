"""What only a rehearsal has: its band, "see as", the test box, sample files, the next day."""
