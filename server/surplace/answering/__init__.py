"""What a question found, in words: asks the knowledge for labels and fills the template of its query file."""
