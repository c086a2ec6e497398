"""The register of units: dated names, parents on several lines, desks, contacts."""
