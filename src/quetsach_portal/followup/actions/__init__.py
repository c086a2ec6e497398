"""What units and the offices above them do in a running campaign, one module a subject."""
