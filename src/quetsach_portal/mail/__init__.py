"""Every mail of the portal: asked for in an act, composed when it is sent, sent exactly once."""
