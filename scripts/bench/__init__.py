"""The benchmarks: whole processes, rules, intake, and the overlay engine against its peers on a synthetic province."""
