"""Backups: written whole, checked by what they hold, restored, proved each night."""
