"""What a campaign hands out: its words in three languages, its kinds, and what a folder lists."""
