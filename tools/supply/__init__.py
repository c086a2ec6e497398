"""What quetsach is built of: its parts, their licences, the bill of materials, NOTICE."""
