"""Many plans to one: read, judged against each other, added up, stored."""
