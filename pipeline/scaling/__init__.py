"""The same stages over many shards, on datatrove's executors: this machine, Slurm, Ray."""
