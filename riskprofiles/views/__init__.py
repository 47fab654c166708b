"""Pages of risk profiles and of the self-diagnosis."""
