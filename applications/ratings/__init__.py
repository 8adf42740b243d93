"""好差评: giving a rating outside, handling a bad one inside."""
