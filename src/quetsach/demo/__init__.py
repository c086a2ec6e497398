"""The demo district: made-up evidence in the true form, with its truth."""
