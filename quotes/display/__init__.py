"""What the commands print: tables, articles in colour, explanations."""
