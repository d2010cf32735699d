"""From solutions to exercises and keys."""
