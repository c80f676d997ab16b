"""The four services. Each owns its tables and pages; none imports another."""
