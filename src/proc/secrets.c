/*
 * What no confined child is to read, whatever else of the tree it sees: what opens other doors for whoever runs us. Files of
 * passwords and keys by the places that programs give them, those that we were told of, and environment variables by
 * their names. What a child was given by name (a working directory, a file, a word of its command line or of its `env`)
 * stays. A list isn't a wall: the network is shut as well, so what is read here and missed still has nowhere to go.
 */
#include "base/prelude.h"
#include "proc/secrets.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/strv.h"
#include "proc/internal.h"
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below the home folder, unless they begin with a slash. */
static const char *const places[] = { ".ssh", ".gnupg", ".pgpass", ".netrc", ".git-credentials",
	".config/git/credentials", ".config/gh", ".config/glab-cli", ".aws", ".azure",
	".config/gcloud", ".kube", ".docker/config.json", ".config/containers/auth.json", ".npmrc",
	".pypirc", ".cargo/credentials.toml", ".my.cnf", ".vault-token", ".password-store",
	".config/rclone", ".local/share/keyrings", ".mozilla", ".config/chromium",
	".config/google-chrome", "/etc/shadow", "/etc/gshadow", "/etc/ssl/private",
	"/etc/krb5.keytab" };

/* Variables that name a file of that kind. */
static const char *const variables[] = { "PGPASSFILE", "NETRC", "KUBECONFIG",
	"GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE" };

/* Parts of names of variables that hold them, as CI systems and clouds name theirs. */
static const char *const words[] = { "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET",
	"CREDENTIAL", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY" };

static struct strlist told = STRLIST_INIT;

void proc_hide(const char *path)
{
	for (size_t i = 0; i < told.n; i++)
		if (strcmp(told.v[i], path) == 0)
			return;
	strlist_add(&told, path);
}

bool secrets_is_variable(const char *entry)
{
	struct strv name = strv_n(entry, strcspn(entry, "="));

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(name, words[i]))
			return true;
	return false;
}

/* Is it, or what is in it, named there? */
static bool names(const char *const *texts, const char *path)
{
	size_t n = strlen(path);

	for (const char *const *t = texts; t && *t; t++)
		for (const char *at = *t; (at = strstr(at, path)); at += n)
			if (!at[n] || strchr("/:;,= \t\n'\"", at[n]))
				return true;
	return false;
}

static void add(struct view *v, const struct proc_spec *spec, const char *exe, const char *here,
	const char *path)
{
	const char *const given[] = { exe, here, spec->cwd ? spec->cwd : "", NULL };
	char *real = realpath(path, NULL);
	struct stat st;

	if (real && stat(real, &st) == 0 && !names(given, real) && !names(spec->argv, real) &&
		!names(spec->argv, path) && !names(spec->env, path) &&
		!names(spec->visible, real) && !names(spec->writable, real)) {
		GROW(v->veils, v->n_veils, v->cap_veils);
		v->veils[v->n_veils++] = (struct veil){ real, S_ISDIR(st.st_mode) };
		return;
	}
	free(real);
}

void secrets_plan(struct view *v, const struct proc_spec *spec, const char *exe, const char *here)
{
	const char *home = getenv("HOME");
	const struct passwd *pw = home && *home ? NULL : getpwuid(geteuid());

	home = pw ? pw->pw_dir : home;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char *path = places[i][0] == '/' ? xstrdup(places[i])
			     : home && *home     ? fs_join(home, places[i])
						 : NULL;

		if (path)
			add(v, spec, exe, here, path);
		free(path);
	}
	for (size_t i = 0; i < ARRAY_LEN(variables); i++)
		if (getenv(variables[i]))
			add(v, spec, exe, here, getenv(variables[i]));
	for (size_t i = 0; i < told.n; i++)
		add(v, spec, exe, here, told.v[i]);
}
