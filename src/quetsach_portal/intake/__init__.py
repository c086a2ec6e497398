"""Evidence in: what a unit hands in is swept in the sandbox, and its findings become cases.

A submission takes this path: `actions.hand_in` stores it and enqueues a job; `sweeping` runs
`sweep_task` in the sandbox, bounded in memory and time; `recording` writes the result, the covered
days and the cases, in one transaction with the end of the job.

What other apps use: `models.CoverageDay` (the evidence examined, by unit and day) and
`queries.coverage_of`.
"""
