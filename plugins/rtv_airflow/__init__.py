"""What the hub's DAGs share: assets, defaults, the retry policy, triggers and task bodies' context."""
