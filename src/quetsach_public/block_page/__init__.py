"""The held page of an office: where its resolver leads a listed name, and what to do then."""
