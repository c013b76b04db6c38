"""Benchmarks: what visitors of a server see while its MPM is switched."""
