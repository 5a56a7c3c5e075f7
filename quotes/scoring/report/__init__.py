"""The report: one page that needs nothing else, with figures, plots and every error in its paragraph."""
