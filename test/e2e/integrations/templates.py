"""Renders Home Assistant's templates: reads JSON { templates, variables, states } and prints the list of what they say."""
import json
import sys

import jinja2

given = json.load(sys.stdin)
states = given["states"]
environment = jinja2.Environment()
environment.globals["is_state"] = lambda entity, state: states.get(entity) == state
environment.globals["has_value"] = lambda entity: states.get(entity) not in (None, "unknown", "unavailable")
print(json.dumps([environment.from_string(template).render(given["variables"]) for template in given["templates"]]))
