"""The bytes of attachments: sealed, kept on disk or in a bucket, and shown to a virus scanner. Rows are in the database."""

from services.referrals.files.files import Files, files_of
from services.referrals.files.scanner import Verdict
from services.referrals.files.sealing import CannotOpen
from services.referrals.files.store import StoreAway

__all__ = ["CannotOpen", "Files", "StoreAway", "Verdict", "files_of"]
