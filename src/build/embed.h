/* The runtime, as it is inside this program. */
#ifndef BUILD_EMBED_H
#define BUILD_EMBED_H

/* The runtime's sources as they are inside this program: written out where a build needs them. */
extern const char runtime_replay_c[];
extern const size_t runtime_replay_c_len;
/* beside harnesses */
extern const char runtime_thresh_h[];
extern const size_t runtime_thresh_h_len;
/* faults.c in a user's tree: alloc.c, new.c, libc.c */
extern const char runtime_faults_c[];
extern const size_t runtime_faults_c_len;

/* All of them, in the order of their names; ends with a NULL name. */
struct runtime_file {
	const char *name;
	const char *text;
	size_t len;
};
const struct runtime_file *runtime_files(void);

struct hasher;
/* All of their names and texts: what is the same in two programs has the same runtime. */
void runtime_add_to(struct hasher *h);

#endif
