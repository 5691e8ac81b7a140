"""Flipkart's returns: the seller API's answer and the Returns workbook."""
