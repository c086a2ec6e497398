"""What the portal keeps about one person: a copy for her, and erasing it (Law 91/2025/QH15)."""
