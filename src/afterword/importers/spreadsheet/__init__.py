"""Reader for CSV files exported from spreadsheets."""
