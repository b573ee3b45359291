"""A simulated host behind the same services: four model servers on two GPUs, none of them real."""
