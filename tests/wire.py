"""The functions of a ``main.py`` called as the add-in of xlwings calls them: metadata and calls as JSON.

A program of its own, ``python wire.py main.py calls.json``, since it needs what xlplan never imports:
``xlwings.server``, for tests only, under the noncommercial licence. Pyodide runs ``answers`` just the same.
"""

import asyncio
import json
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

os.environ |= {"XLWINGS_LICENSE_KEY": "noncommercial", "XLWINGS_ON_SERVER": "true"}


async def answers(path, calls):
    """Metadata of every function, and what each call gives: a table, or a sentence."""
    from xlwings import __version__, server

    spec = spec_from_file_location("main", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found = []
    for name, arguments in calls:
        data = {
            "client": "Office.js", "func_name": name, "args": arguments, "caller_address": "[plan.xlsx]Python!F6",
            "session_id": "test", "culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": __version__,
            "runtime": "1.4",
        }  # fmt: skip
        found.append(await server.custom_functions_call(data, module))
    return {"meta": server.custom_functions_meta(module), "results": found, "modules": sorted(sys.modules)}


def main():
    calls = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    json.dump(asyncio.run(answers(sys.argv[1], calls)), sys.stdout)


if __name__ == "__main__":
    main()
