"""Devices and cases: what was found, what was done, and whether a machine is proven clean.

What other apps use, and nothing else:

- `cases.attaching.attach(...)`: a findings folder opens, extends and reopens cases (intake);
- `cases.false_alarms.decisions_file(node)`: what a sweep of that node excludes (intake);
- `cases.worklist.today_for_technician/focal_point/lead`: the lists of the first page (worklist).
"""
