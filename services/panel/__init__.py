"""Holds meetings: panels and their calendars, agendas and papers, decisions, allocations, plans and reviews."""
