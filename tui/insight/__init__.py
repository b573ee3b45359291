"""Reading what servers say: pure functions over commands, logs and metrics."""
