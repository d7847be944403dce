"""From a folder of submissions to grades that a submission cannot fool.

Read it in this order: `names`, `layouts` and `people` (whose is which file), `who` (what a person
says of that), `submission` (find and read the files),
`assignment` (the reference), `merge` (answers into the reference), `probes` (fresh inputs, expected
outputs), `sandbox` and `provisioner` (where answers run), `judge` (nbval compares), then `results`
(the journal), `gradebook` and `report`.
"""
