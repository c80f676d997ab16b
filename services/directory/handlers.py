"""What the directory hears of others: nothing yet. It is asked, and announces; it aims its own clock in the action."""

from shared.messaging.reader import EventReader

directory = EventReader("directory")
