"""Ed25519 over releases, findings and files, PAdES in PDFs; it knows no indicators."""
