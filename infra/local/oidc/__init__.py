"""The development issuer: seeded people of people.json, tokens as the real issuers give them. Never on a real stage."""
