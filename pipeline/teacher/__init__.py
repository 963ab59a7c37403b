"""Asking models for data: every question once, its answer kept, its price known before."""
