"""The applicant's pages of a joint case: start, draft, submission, and the one page of results."""
