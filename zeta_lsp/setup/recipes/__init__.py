"""One recipe for each editor, and the list of them."""
