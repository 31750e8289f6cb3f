"""Ratings and forecasts on held-back edges, beside what tells them elsewhere."""
