#!/usr/bin/env bash
# A write fails in a campaign, or there is no room for some: what was told of stays, the next run does the rest. tools/crash-faults
# says how; `make check-long` goes through all of a campaign's writes.
. "$(dirname "$0")/../lib.sh"

# the first of these is in the making of the database
run "$TOP/tools/crash-faults" -e 400 -f 123
is "$RC" 0 'a campaign with a write that fails' || diag "$OUT$ERR"
like "$OUT" '^ok - [0-9]+ campaigns' 'and what it did' || diag "$OUT"
done_testing
