"""What every service needs and none owns: contracts, messaging, the web door, the authority's rules."""
