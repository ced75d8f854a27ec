"""Tests of the configuration profile for Apple devices."""
