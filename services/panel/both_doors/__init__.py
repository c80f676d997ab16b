"""What pages and the API share: what either shows, put together once, and what either asks for, checked once."""
