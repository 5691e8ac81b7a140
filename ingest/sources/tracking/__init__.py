"""Tracking of carriers and aggregators: webhook bodies, pull answers and files of scans."""
