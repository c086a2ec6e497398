"""What an event of the register does to the frozen trees of campaigns; campaign.md 3.4."""
