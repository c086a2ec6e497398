"""What was seen on each day, as keys under a secret: asked about when the logs are gone."""
