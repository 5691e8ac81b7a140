"""Benchmarks: each module `bench_<what>` has a `run()` that prints its figures beside a named peer's."""
