#!/usr/bin/env bash
# The CI files ask thresh for nothing that it doesn't have, and are read as what they are.
. "$(dirname "$0")/../lib.sh"

cd "$TOP/tools/ci-examples" || exit 3
said=$(sed -n 's/.*\(thresh [a-z][^|>&"'"'"']*\).*/\1/p' ./*.yml Jenkinsfile | grep -E '^thresh (check|night|report)')
ok 'they use it' test "$(printf '%s\n' "$said" | wc -l)" -ge 8
missing=''
while read -r _ command rest; do
	for word in $rest; do
		[[ $word == --* ]] || continue
		"$THRESH" "$command" --help | grep -q -e "$word\b" || missing+=" $command $word"
	done
done < <(sed -n 's/.*\(thresh \(check\|night\|report\) .*\)/\1/p' ./*.yml Jenkinsfile)
is "$missing" '' 'each option is there'
if python3 -c 'import yaml' 2>/dev/null; then
	ok 'YAML is read, each job runs something' python3 - <<'P'
import glob, yaml
for f in glob.glob("*.yml"):
    y = yaml.safe_load(open(f))
    jobs = y["jobs"].values() if "jobs" in y else [j for n, j in y.items() if isinstance(j, dict) and n[0] != "."]
    for j in jobs:
        assert j.get("steps") or j.get("script"), (f, j)
        for s in j.get("steps", []):
            assert ("run" in s) != ("uses" in s), (f, s)
P
else
	skip 1 'no yaml for python3'
fi

# --- workers on many machines ---
cd "$TOP/tools/cluster" || exit 3
for f in slurm.sbatch parallel.sh; do ok "$f is a script" bash -n $f; done
said=$(grep -h -A 2 -e 'worker.* --store' ./*.s* | grep -o -e ' --[a-z-]*'; grep -o -e ' --[a-z-]*,' kubernetes.yaml | tr -d ,)
like "$said" '--store' 'they start workers'
missing=''
for word in $said; do
	[[ $word == --line-buffer || $word == --tagstring ]] || "$THRESH" worker --help | grep -q -e "$word\b" || missing+=" $word"
done
is "$missing" '' 'with options that there are'
# what each gives the program: one that says what it was given
mkdir "$T/bin"
printf '#!/bin/sh\necho "$@"\n' >"$T/bin/thresh"
chmod +x "$T/bin/thresh"
export THRESH_STORE=postgres://w@h/d THRESH_KEY=abc
status 0 'the job array' env PATH="$T/bin:$PATH" THRESH=thresh bash slurm.sbatch
like "$OUT" '^worker --store postgres://w@h/d --key abc --cache [^ ]+ --max-time 7h55m' 'is a worker that ends in time'
if command -v parallel >/dev/null; then
	# (: is this machine, without ssh)
	status 0 'GNU parallel' env HOME="$T" PATH="$T/bin:$PATH" WORKERS=2 TIME=1h ./parallel.sh :
	is "$(grep -c 'worker --store postgres://w@h/d --key abc --max-time 1h --campaign 0' <<<"$OUT")" 2 'starts as many as were asked for'
else
	skip 2 'no GNU parallel'
fi
if command -v systemd-analyze >/dev/null; then
	sed "s|/usr/local/bin/thresh|$T/bin/thresh|; s|^User=.*|User=$(id -un)|" thresh-worker@.service >"$T/thresh-worker@.service"
	status 0 'systemd reads the unit' systemd-analyze verify --man=no "$T/thresh-worker@.service"
	unlike "$ERR" 'thresh-worker' 'and has nothing to say on it'
else
	skip 2 'no systemd-analyze'
fi
if python3 -c 'import yaml' 2>/dev/null; then
	ok 'Kubernetes: nothing runs as root, writes to its image, or has no limits' python3 - <<'P'
import yaml
docs = {d["kind"]: d for d in yaml.safe_load_all(open("kubernetes.yaml"))}
assert set(docs) == {"Secret", "Job", "CronJob"}
for pod in docs["Job"]["spec"]["template"]["spec"], docs["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]:
    assert pod["securityContext"]["runAsNonRoot"] and pod["terminationGracePeriodSeconds"] >= 60
    volumes = {v["name"] for v in pod["volumes"]}
    for c in pod["containers"] + pod["initContainers"]:
        assert c["securityContext"]["readOnlyRootFilesystem"] and c["resources"]["limits"]["memory"], c
        assert {m["name"] for m in c["volumeMounts"]} <= volumes, c
        for e in c.get("env", []):
            ref = e.get("valueFrom", {}).get("secretKeyRef")
            assert not ref or ref["key"] in docs["Secret"]["stringData"], e
P
else
	skip 1 'no yaml for python3'
fi
done_testing
