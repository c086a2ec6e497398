"""The one reader of containers: ZIP, TAR, packed streams, compound files, office files and XML."""
