"""The sandbox: a bounded child process reads what strangers wrote, and hands back bytes."""
