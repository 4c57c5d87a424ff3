"""People, organisations and places: names in the nominative, entities, roles."""
