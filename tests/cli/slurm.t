#!/usr/bin/env bash
# The job array for Slurm, under a real one: its controller and two nodes on this host, workers of a campaign on PostgreSQL. Where
# Slurm isn't installed there is nothing to try.
# shellcheck disable=SC2086
. "$(dirname "$0")/../lib.sh"
for program in slurmctld slurmd munged sbatch; do
	command -v $program >/dev/null || skip_all "no $program: apt-get install slurmctld slurmd slurm-client munge"
done
with_postgres "$0"
roles

# --- a Slurm of two nodes; ports that are this test's alone, as far as can be ---
host=$(hostname -s) port=$((20000 + $$ % 20000)) started=() planner=''
dd if=/dev/urandom of=munge.key bs=1024 count=1 2>/dev/null && chmod 400 munge.key
cat >slurm.conf <<C
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$T/munge.sock
StateSaveLocation=$T/state
SlurmdSpoolDir=$T/spool-%n
SlurmctldPidFile=$T/slurmctld.pid
SlurmdPidFile=$T/slurmd-%n.pid
SlurmctldLogFile=$T/slurmctld.log
SlurmdLogFile=$T/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 RealMemory=8192
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 RealMemory=8192
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
C
mkdir state spool-n1 spool-n2
export SLURM_CONF=$T/slurm.conf
service() { # COMMAND...: in the background, until the end of the test
	"$@" >"$1.out" 2>&1 &
	started+=($!)
}
end_services() {
	kill ${planner:-} "${started[@]}" 2>/dev/null
	wait "${started[@]}" 2>/dev/null
	test_end
}
trap end_services EXIT
service munged -F --force --key-file="$T/munge.key" --socket="$T/munge.sock" --pid-file="$T/munge.pid" --log-file="$T/munge.log" \
	--seed-file="$T/munge.seed"
until_ 30 test -S munge.sock
service slurmctld -D -f "$T/slurm.conf"
service slurmd -D -N n1 -f "$T/slurm.conf"
service slurmd -D -N n2 -f "$T/slurm.conf"
two_idle() { [ "$(sinfo -h -N -o %T | grep -c idle)" = 2 ]; }
until_ 60 two_idle || { tail -n 3 ./*.log ./*.out >&2; bail 'Slurm does not start here'; }

# --- a campaign, and workers as its job array ---
mkdir one && cd one || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int seen;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	usleep(2000);
	if (n > 1 && p[0] == 'N')
		seen = p[1] == 'x' ? 2 : 1;
	return 0;
}
C
small_yaml
printf '    engines: [libfuzzer]\n' >>thresh.yaml
sed -i "/^project:/a store: '$(as_role planner)'" thresh.yaml
cd ..
"$THRESH" -C one run --time 15m --finish 5s -j1 --no-guard --no-edge >one.out 2>one.err &
planner=$!
until_ 90 grep -q -e '--key' one.err
roles
export THRESH_STORE THRESH_KEY THRESH_TIME=10m TMPDIR=$T
THRESH_STORE=$(as_role worker) THRESH_KEY=$(sed -n 's/.*--key \([0-9a-f]*\).*/\1/p' one.err)
like "$(sbatch --array=1-2 --mem=1G --nodes=1 "$TOP/tools/cluster/slurm.sbatch" 2>&1)" 'Submitted batch job' 'the array is taken'
# the campaign's own have two of them
ok 'its workers work' until_ 90 sql_is 'SELECT count(*) > 3 FROM heartbeat WHERE until_ms > thresh_now()' t
is "$(squeue -h -t R -o %i | wc -l)" 2 'both run'
# as at the end of their time
scancel --signal=TERM --batch "$(squeue -h -o %A | head -n 1)" "$(squeue -h -o %A | tail -n 1)"
none_left() { [ -z "$(squeue -h)" ]; }
ok 'told to end, they do' until_ 90 none_left
is "$(scontrol show job | grep -c 'JobState=COMPLETED')" 2 'cleanly'
kill -INT $planner
wait $planner
planner=
is "$(sql 'SELECT count(*) FROM job WHERE state = 1')" 0 'no job is held'
done_testing
