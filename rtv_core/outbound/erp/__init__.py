"""Bridges to ERPs: a payload decided purely, a client that posts it and reads it back."""
