"""Public tasks, beside what was published of them."""
