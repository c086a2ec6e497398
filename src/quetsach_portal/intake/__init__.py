"""Evidence in: what a unit hands in is swept in the sandbox, and its findings become cases.

The way of a submission: `actions.hand_in` keeps it and asks for a job; `sweeping` runs `looking` in
the sandbox, bounded in memory and time; `recording` writes what came out, the days that are covered
now, and the cases, in one transaction with the end of the job.

What other apps use: `models.CoverageDay` (what was looked at, by unit and day) and
`queries.coverage_of`.
"""
