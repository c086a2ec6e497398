"""What can be done to a campaign, one module for each part of its preparation and life."""
