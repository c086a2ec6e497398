"""Documents as offices send them (Word, PDF, Excel, mail ...), read into blocks of text."""
