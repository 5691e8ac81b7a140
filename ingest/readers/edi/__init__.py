"""Reads EDI interchanges (ANSI X12, UN/EDIFACT) tolerantly: what is sound is read, what is not is named."""
