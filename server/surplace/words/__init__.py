"""What people read: days, the order of law, how standings end, and templates of sentences."""
