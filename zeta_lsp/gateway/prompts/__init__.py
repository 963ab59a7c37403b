"""Reading prompts that other programs rendered back into what they were rendered from."""
