"""What every document is set with: content, letterhead, wording, DOCX, PDF."""
