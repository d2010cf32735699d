"""Judge what a check observed: pure, without torch, the same everywhere."""
