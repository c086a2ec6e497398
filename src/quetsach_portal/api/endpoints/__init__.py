"""What the pages of each app show, as addresses that read: one file an app, shapes first.

Every object comes by the `access` of its app, asked with the token's own seats; what a page shows
to some of its readers alone is empty or left out for the others.
"""
