"""What long and interrupted runs keep."""
