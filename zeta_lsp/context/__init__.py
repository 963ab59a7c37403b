"""What a prompt sees beyond the buffer."""
