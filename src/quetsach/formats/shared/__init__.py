"""What several log formats share; none of it is a format."""
