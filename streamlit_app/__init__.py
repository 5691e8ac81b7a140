"""The central dashboard: what to do now, what stands, and why."""
