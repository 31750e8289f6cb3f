"""What may act on bodies, as functions of the few numbers that are shot for."""
