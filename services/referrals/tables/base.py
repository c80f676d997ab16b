"""What every table of the service shares: its metadata and how Python types are kept."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from shared.database import NAMING


class Base(DeclarativeBase):
    """The service's own metadata."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(sa.Text),
        list[int]: ARRAY(sa.BigInteger),
        list[dict[str, Any]]: JSONB,
    }
