"""The interface for programs: what a page shows, evidence in, lists for devices out."""
