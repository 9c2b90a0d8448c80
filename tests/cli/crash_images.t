#!/usr/bin/env bash
# The power fails, or everything is killed, at any instant of a campaign: nothing that was told of is lost. tools/crash-images
# says how; `make check-long` has it build ten thousand disks.
. "$(dirname "$0")/../lib.sh"

run "$TOP/tools/crash-images" -n 200 -r 2
is "$RC" 0 'after each operation of a campaign: what was told of is there' || diag "$OUT$ERR"
like "$OUT" 'ok - (199|2[0-9][0-9]) disks .* 2 gone on with' 'and two hundred disks were looked at' || diag "$OUT"
done_testing
