"""Named reads, a module per noun."""
