"""What people run; nothing outside this folder imports it."""
