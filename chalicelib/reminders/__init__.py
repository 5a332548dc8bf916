"""Prevention reminders, due day by due day."""
