"""Link signs: scores beside baselines, on public and on synthetic networks."""
