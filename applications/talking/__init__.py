"""Talking to the applicant: messages on a case, notices, parcels, appointments at the counter."""
