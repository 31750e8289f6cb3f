"""From motion to a law: which laws are found, and how exactly."""
