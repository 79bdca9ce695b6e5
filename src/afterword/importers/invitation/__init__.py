"""Reader for calendar invitations (.ics) and the mails they came in."""
