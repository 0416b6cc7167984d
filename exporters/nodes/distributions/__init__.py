"""One module per distribution: `files(machines)`, `steps(machines)` and `upgrade(machines)`, found by its id."""
