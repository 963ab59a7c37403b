"""What answers a prompt: clients for inference servers, and the embedded model `repeat`."""
