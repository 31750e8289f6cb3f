"""Schools of fish: how they are read, the kernels that are learned, and the rival's."""
