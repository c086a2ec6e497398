"""What was done and what is being done: the audit trail and the background jobs as pages."""
