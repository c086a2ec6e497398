"""The zone in which we are."""

HERE = "Asia/Ho_Chi_Minh"
"""The zone in which a moment is written where nobody names another; a PC's own may be wrong."""
