"""Pictures of numbers as SVG: drawn by the server, coloured by the style sheet, read as a table."""
