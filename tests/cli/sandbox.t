#!/usr/bin/env bash
# The sandbox by way of the commands: what a target does to files, processes and sockets comes to nothing, served and as a
# foreign command; what it needs is there. (As an engine's: sandbox_engines.t; as another user: sandbox_user.t.)
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/sandbox/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
command -v python3 >/dev/null || skip_all 'no python3'
make_target "$T/project"
need_all_of_it

# --- served

status 0 'served' "$THRESH" replay attack harm.in use.in free.in none.in
unlike "$OUT" 'not ok' 'served: it finds what it needs'
not_ok 'served: it writes nowhere else' test -e free
unharmed served

# --- a foreign command

clang -w -g -DALONE attack.c -lutil -o alone || bail 'clang'
status 0 'foreign' timeout 120 "$THRESH" replay attack harm.in use.in none.in stop.in -- ./alone @@
unlike "$OUT" 'not ok' 'foreign: it finds what it needs'
unharmed foreign

# --- how much of it

echo 'sandbox: required' >>thresh.yaml
status 0 'required, and there: as before' "$THRESH" replay attack none.in
bare() { # as in a container that permits no namespaces
	unshare -Ur setpriv --inh-caps=-all --bounding-set=-all "$@"
}
if bare true 2>/dev/null; then
	run bare "$THRESH" replay attack none.in
	like "$OUT" 'not ok .*sandbox is required' 'required, and not there: nothing is run'
	sed -i 's/^sandbox: .*/sandbox: auto/' thresh.yaml
	status 0 'auto, and not there: it runs' bare "$THRESH" replay attack harm.in none.in
	like "$ERR" 'warning: targets are not wholly confined here: .*doctor' 'with a warning'
	is "$(cat kept)$(stat -c %a kept)" keep640 'and what is left of it holds'
	ps -eo pid,args | awk -v mark="$mark" '$2 == mark { print $1 }' | xargs -r kill
	run bare "$THRESH" doctor
	like "$OUT" 'a target can leave a process behind' 'doctor says what stands open'
else
	skip 6 'no user namespaces by hand here'
fi
sed -i 's/^sandbox: .*/sandbox: off/' thresh.yaml
status 0 'off: it runs' "$THRESH" replay attack free.in none.in
unlike "$ERR" 'confined' 'off: and nothing is said'
ok 'off: it writes where it likes' test -e free
# folders that aren't its own are not put in order behind it: what is new in them is anybody's
strays=()
for d in /tmp /var/tmp /dev/shm; do
	[ -w "$d" ] && strays+=("$d/thresh-sandbox-anybody-$$")
done
{
	printf '#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n'
	printf 'static void put(const char *to) { FILE *f = fopen(to, "w"); if (f) fclose(f); }\n'
	printf 'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)\n{\n(void)p; (void)n;\n'
	printf 'put("%s");\n' "${strays[@]}"
	printf 'return 0;\n}\n'
} >litter.c
printf '  litter:\n    source: litter.c\n' >>thresh.yaml
sed -i '/^sandbox:/d' thresh.yaml && sed -i '1i sandbox: off' thresh.yaml
status 0 'off: one that leaves files in /tmp and its like' "$THRESH" replay litter none.in free.in use.in
ok 'off: nobody takes them away' ls "${strays[@]}"
rm -f "${strays[@]}"
sed -i 's/^sandbox: .*/sandbox: perhaps/' thresh.yaml
status 2 'another word is an error' "$THRESH" replay attack none.in
# passwords and keys are nobody's business
echo x >word
mkdir -p home/.ssh home/.config/gh pg
for f in home/.ssh/id home/.pgpass home/.config/gh/hosts.yml pg/pass home/plain; do echo secret >$f; done
ln -s "$PWD/pg" home/.aws
sees() { # sees NAME WHAT SHELL: a foreign command in whose place SHELL succeeds fails
	name=$1
	HOME=$PWD/home PGPASSFILE=$PWD/pg/pass PGPASSWORD=secret FORGE_TOKEN=secret PLAIN=told run "$THRESH" triage word -- \
		sh -c "if $3; then kill -ABRT \$\$; fi" @@
	"$2" "$OUT" 'word: ok' "a target $name"
}
sees 'gets no password for the store' like '[ -n "$PGPASSWORD" ]'
sees 'gets no token' like '[ -n "$FORGE_TOKEN" ]'
sees 'gets what is neither' unlike '[ "$PLAIN" = told ]'
sees 'sees no keys in the home folder' like 'cat "$HOME/.ssh/id"'
sees 'nor another password file' like 'grep -q . "$PGPASSFILE"'
sees 'nor one behind a link' like 'cat "$HOME/.aws/pass" | grep -q .'
sees 'nor those of a service' like 'grep -q . "$HOME/.config/gh/hosts.yml" || grep -q . "$HOME/.pgpass"'
sees 'sees other files' unlike 'grep -q secret "$HOME/plain"'
HOME=$PWD/home run "$THRESH" triage word -- sh -c 'grep -q secret "$1" && kill -ABRT $$' sh "$PWD/home/.ssh/id" @@
unlike "$OUT" 'word: ok' 'and what is on its command line'

done_testing
