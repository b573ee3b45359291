"""Tests of reading pasted texts."""
