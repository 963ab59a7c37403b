"""Those who answer: one module each, its SDK imported when it is first asked."""
