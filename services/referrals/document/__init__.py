"""The request document: what portals send as JSON and what the pages put together, checked field by field."""

from services.referrals.document.request import RequestDocument

__all__ = ["RequestDocument"]
