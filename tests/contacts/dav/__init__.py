"""Tests of CardDAV."""
