"""Whether settings are passed down: who had them in a call, and who fell back to the defaults."""

import sys


def settings_seen(work, folder, known):
    """Which functions of a folder had `settings` while `work` ran: other ones, and the `known`.

    **Arguments:** `known` ids of the objects that decide where nothing is passed.
    """
    seen, lost, here = set(), set(), str(folder)

    def look(frame, event, argument):
        if event == "call" and frame.f_code.co_filename.startswith(here):
            given = frame.f_locals.get("settings")
            name = f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"
            if given is not None:
                (lost if id(given) in known else seen).add(name)

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return seen, lost
