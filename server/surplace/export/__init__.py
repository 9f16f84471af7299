"""Answers to be taken away: as a spreadsheet, as a citation."""
