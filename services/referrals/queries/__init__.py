"""Named reads of the referrals service, a module per noun."""
