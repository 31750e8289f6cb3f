"""What each part contributes, and trials of other ways."""
