"""The Lab that `course lab` opens, and what stands around it."""
