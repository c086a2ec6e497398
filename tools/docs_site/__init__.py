"""The documentation as a site for the browser: what it is built of, how, and what is checked."""
