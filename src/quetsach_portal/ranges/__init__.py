"""Public ranges of units: whose a notice of the authority is, who is asked, what they answer."""
