"""What the referrals service does: one verb, one function, one transaction of the door that calls it."""
