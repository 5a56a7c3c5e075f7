"""Findings for people: tables for a terminal, and one HTML page with plots."""
