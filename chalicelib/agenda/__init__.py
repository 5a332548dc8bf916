"""The agenda: appointments, prevention items, the holder's own reminders, and a calendar to subscribe to."""
