"""HTTP: what clients post, what they get back, and who is let in."""
