"""Ed25519 signatures over releases, findings and files; values only, no indicator is known here."""
