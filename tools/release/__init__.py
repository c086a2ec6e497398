"""What a release is made of; `make release` runs it, docs/releasing.md says how."""
