"""What people read: English, days, names of treaties, the order of law, how standings end, sentences."""
