"""The public plane: check, learn, clean, be counted; without Django and without a database."""
