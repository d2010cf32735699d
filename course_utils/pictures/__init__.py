"""Still pictures of what PyTorch does, one subject a module."""
