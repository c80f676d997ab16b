"""Who's who: people, agencies, the services they offer, signing in, and the training clock."""
