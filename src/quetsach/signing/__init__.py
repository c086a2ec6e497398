"""Ed25519 over releases, findings and files, PAdES in PDFs; values only, no indicator is known."""
