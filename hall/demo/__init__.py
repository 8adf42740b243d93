"""The demo city 云川市: an invented county-level city whose departments, people and numbers belong to nobody."""
