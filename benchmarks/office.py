"""Opens a workbook in LibreOffice over a pipe, calculates everything, and ends it: ``python3 office.py PIPE ADDRESS``.

Runs in the Python that LibreOffice's own bridge belongs to.
"""

import contextlib
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

PATIENCE = 300


def connected(pipe: str):
    """The running LibreOffice, as soon as it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(PATIENCE):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    sys.exit("LibreOffice does not answer")


def main(pipe: str, address: str) -> None:
    office = connected(pipe)
    desktop = office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    book = desktop.loadComponentFromURL(address, "_blank", 0, (hidden,))
    book.calculateAll()
    with contextlib.suppress(DisposedException):  # it ends before it can answer
        desktop.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
