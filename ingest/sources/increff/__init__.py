"""Increff's return orders."""
