"""The page of news behind the bell, the mails that tell of it, and who wants which."""
