"""Takes requests in; owns families, consent and triage."""
