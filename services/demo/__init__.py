"""`make demo`: a fortnight in the terminal, told through the HTTP APIs as different people."""
