/*
 * What the two ends of the target server agree on: messages on a SOCK_SEQPACKET socket, and the
 * layout of the shared segment that holds inputs and their results. Used by src/target (near end)
 * and src/runtime (far end); both are built from one tree, so a version is enough for safety.
 *
 * Trust: what is asked for lies in a segment that the target under test can't write to, or one input could change
 * another's bytes, limits or fault. What it says of its inputs lies in one that it can: the near end believes nothing there that
 * could hurt itself, of failures nothing at all, and of the rest only what the child at work was given to do. The
 * socket is closed in the children, so messages are the zygote's own.
 */
#ifndef THRESH_RT_PROTOCOL_H
#define THRESH_RT_PROTOCOL_H

#include <stdint.h>

#define THRESH_RT_VERSION 1
/* In every executable linked with the runtime; the near end looks for it when nobody answers. */
#define THRESH_RT_MARK "thresh target runtime, protocol 1"
#define THRESH_RT_FD_ENV "THRESH_RT_FD"
/* In a libFuzzer build that can survive failures (survive.c), and its environment. */
#define THRESH_RT_SURVIVE_MARK "thresh survives, protocol 1"
/*
 * Set: the working directory is a scratch directory, to be emptied before each child; beside it are those of its twins,
 * named by this and their number.
 */
#define THRESH_RT_SCRATCH_ENV "THRESH_RT_SCRATCH"
/* Set: so are these, which nobody else has. */
#define THRESH_RT_OWN_ENV "THRESH_RT_OWN"
#define THRESH_RT_OWN_DIRS "/tmp", "/var/tmp", "/dev/shm"
/* Set: leaks are to be looked for, which has to be tried, or was and works, or fails. */
#define THRESH_RT_LEAKS_ENV "THRESH_RT_LEAKS"
#define THRESH_RT_LEAKS_TRY "try"
#define THRESH_RT_LEAKS_WORK "work"
#define THRESH_RT_LEAKS_FAIL "fail"
#define THRESH_RT_MAGIC 0x54485254u
#define THRESH_RT_MAX_BATCH 4096
#define THRESH_RT_PCS 24
#define THRESH_RT_KNOWN_SLOTS 8192
/* The runtime's own exit statuses of children; sanitizers are told to use _CRASH. */
#define THRESH_RT_EXIT_CRASH 77
#define THRESH_RT_EXIT_OWN 78

/*
 * An input that begins with this, perhaps a fault's name and a blank, a decimal number n, perhaps a "+", and a line feed:
 * the n-th allocation, or call of the fault's class, during the rest of it fails ("+": and all later ones). replay.c
 * knows it, too.
 */
#define THRESH_RT_FAULT_MARK "\0thresh-fault "

enum thresh_rt_fault {
	THRESH_RT_FAULT_ALLOC,
	THRESH_RT_FAULT_READ_ONE, /* one byte comes, of those that were asked for */
	THRESH_RT_FAULT_READ_HALF,
	THRESH_RT_FAULT_READ_EINTR,
	THRESH_RT_FAULT_READ_EIO,
	THRESH_RT_FAULT_STREAM_EIO, /* of fread and its kin */
	THRESH_RT_FAULT_WRITE_HALF,
	THRESH_RT_FAULT_WRITE_EINTR,
	THRESH_RT_FAULT_WRITE_ENOSPC,
	THRESH_RT_FAULTS
};
/* in that order; the first one goes without saying */
#define THRESH_RT_FAULT_NAMES                                                                   \
	"alloc", "read-one", "read-half", "read-eintr", "read-eio", "stream-eio", "write-half", \
		"write-eintr", "write-enospc"

/* What is counted, each on its own. */
enum thresh_rt_io {
	THRESH_RT_IO_READ,
	THRESH_RT_IO_STREAM,
	THRESH_RT_IO_WRITE,
	THRESH_RT_IO_CLASSES
};

enum thresh_rt_type {
	THRESH_RT_HELLO = 1, /* far: initialised; a: enum thresh_rt_has, b: counters */
	THRESH_RT_SEGMENT, /* near, with two descriptors, of a task and of results: map these from now on */
	THRESH_RT_RUN, /* near: run what the segment holds */
	THRESH_RT_CHILD, /* far: a child was forked; a: its pid, b: for which inputs, from << 32 | to */
	/*
	 * far: an input ended its child; a: which, how (see below), b: where its text is, the offsets from << 32 | to.
	 * Its record says as much, but what runs after it could write there. Or: its child ended before its leaks were
	 * looked for, see THRESH_RT_SETTLED_SUSPECT.
	 */
	THRESH_RT_SETTLED,
	THRESH_RT_DONE, /* far: batch ended; a: first input not run, b: children forked, THRESH_RT_SHARES */
	THRESH_RT_FAILED, /* far: can't fork or map; a: errno */
	/* near, with two descriptors, of a socket and a file for standard error: serve those, too; b: which twin it is */
	THRESH_RT_TWIN,
};

struct thresh_rt_msg {
	uint32_t magic, type;
	uint64_t a, b;
};

/* The status of waitpid in the lower half, and: */
#define THRESH_RT_SETTLED_COMPANY ((uint64_t)1 << 63) /* it runs once more, alone */
#define THRESH_RT_SETTLED_SUSPECT ((uint64_t)1 << 62) /* how it ended isn't known; b: nothing */
#define THRESH_RT_SETTLED_HOW(input, verdict) \
	((uint64_t)(input) << 32 | (uint64_t)((verdict)&255u) << 48)
#define THRESH_RT_SETTLED_INPUT(a) ((uint32_t)((a) >> 32) & 0xffffu)
#define THRESH_RT_SETTLED_VERDICT(a) ((uint32_t)((a) >> 48) & 255u)

/* Inputs use what twins share: files in /tmp, the network. They are to run on servers started apart. */
#define THRESH_RT_SHARES ((uint64_t)1 << 32)

enum thresh_rt_has {
	THRESH_RT_HAS_SANITIZER = 1,
	THRESH_RT_HAS_LEAKS = 2,    /* a leak check was tried and works here */
	THRESH_RT_LEAKS_BROKEN = 4, /* LeakSanitizer is there, but its check fails here */
	THRESH_RT_HAS_ALLOC = 8,    /* allocation counting and fault injection */
	THRESH_RT_HAS_IO = 16,      /* the same of reading and writing */
	THRESH_RT_HAS_HEAP = 32,    /* an input's peak of heap can be told */
	THRESH_RT_HAS_TWIN = 64,    /* knows THRESH_RT_TWIN, and did nothing that two can't share */
};

enum thresh_rt_flag {
	THRESH_RT_EACH = 1,    /* a fresh child for each input */
	THRESH_RT_CONFIRM = 2, /* run what failed in company once more, alone */
	THRESH_RT_LEAKS = 4,
	THRESH_RT_FEATURES = 8,
	THRESH_RT_HANGS = 16, /* a timeout isn't run once more, whatever CONFIRM says */
	/* with _FEATURES: places in the executable in their stead, see thresh_rt_places_take; of failing inputs, too */
	THRESH_RT_PLACES = 32,
	THRESH_RT_HEAP = 64,   /* tell the peak of heap */
	THRESH_RT_EARLY = 128, /* failures that are known end their input without a report */
};

/* The task: this header, then what is to be done with each input, then the inputs. Written by the near end alone. */
struct thresh_rt_task {
	uint32_t magic, n;
	uint32_t flags, budget_ms;
	uint64_t timeout_ms, memory;
	uint64_t data_off;           /* in this segment */
	uint64_t feat_off, feat_cap; /* in that of results; bytes */
	uint64_t
		known_off; /* THRESH_RT_KNOWN_SLOTS keys of known failures, 0: none; open addressing */
	uint32_t stop;     /* not zero: end the batch */
	uint32_t stack_more; /* bytes of stack beyond the usual limit */
};

/* One input of it. */
struct thresh_rt_in {
	uint64_t off, len; /* of the input, from data_off */
	uint64_t fail_at;  /* 0: no fault */
	uint32_t fault;    /* enum thresh_rt_fault */
	uint32_t flags;    /* enum thresh_rt_in_flag */
};

enum thresh_rt_in_flag {
	THRESH_RT_ALONE = 1,
	THRESH_RT_FAULT_AFTER = 2,
};

/* Results: this header, then records, then features. Written by the far end. */
struct thresh_rt_seg {
	uint32_t current; /* the input that runs */
	uint32_t done;    /* records below this one are final */
	uint32_t ended;   /* enum thresh_rt_ended of the child */
	uint32_t benign;  /* leak checks in a row that found nothing: the near end keeps it */
	uint64_t feat_used;
	uint32_t left; /* enum thresh_rt_left: of the batch's inputs that passed */
	/*
	 * What the batch's inputs were denied, how often, and the first: 'r' or 'w', reading or writing, and an absolute path
	 * (none where it is too long), or 'n', the network.
	 */
	uint32_t denied;
	char denied_what[108];
};

/*
 * The input that runs, in the file that THRESH_RT_CURRENT names: its length, or THRESH_RT_NO_CURRENT; THRESH_RT_LONG_CURRENT,
 * that of one whose bytes aren't kept; that of the one before, where none runs. How many there were, and how many of them its
 * process survived.
 */
#define THRESH_RT_LONG_CURRENT (UINT64_MAX - 1)
#define THRESH_RT_CURRENT_MAX (1u << 20)
#define THRESH_RT_NO_CURRENT UINT64_MAX
struct thresh_rt_current {
	uint64_t len, runs, last, survived;
	uint8_t bytes[THRESH_RT_CURRENT_MAX];
};

enum thresh_rt_ended {
	THRESH_RT_ENDED_NOT, /* it didn't end itself: `current` failed */
	THRESH_RT_ENDED_ALL,
	THRESH_RT_ENDED_STOP,    /* out of time or room: the rest is for another batch */
	THRESH_RT_ENDED_SUSPECT, /* leaked, by which of several isn't known */
};

/* What inputs that passed left behind, and was removed or ended. */
enum thresh_rt_left {
	THRESH_RT_LEFT_FILES = 1,
	THRESH_RT_LEFT_PROCESSES = 2,
};

/*
 * Cases for an engine's mutator (THRESH_RT_CASES): where the next one begins (8 bytes), then each as its length (4 bytes)
 * and so many bytes, numbers as this machine has them.
 */
#define THRESH_RT_CASES_HEAD 8

/*
 * Where inputs ended AFL++'s target, and how often: the head of the file THRESH_RT_PLACES. What ends a process that went on at
 * such a place before may have failed of that; those that didn't are told by their keys (thresh_rt_input_key), the latest ones.
 */
#define THRESH_RT_MAX_ENDS 1024
#define THRESH_RT_MAX_ALONE 4096
struct thresh_rt_places {
	uint64_t build;    /* they are of */
	uint64_t survived; /* a process went on at any of them */
	struct thresh_rt_ends {
		uint64_t place; /* 0: none */
		uint64_t n;
	} ends[THRESH_RT_MAX_ENDS];
	uint64_t n_alone; /* ever; the k-th is at k modulo the number of places */
	uint64_t alone[THRESH_RT_MAX_ALONE];
};

enum thresh_rt_verdict {
	THRESH_RT_NONE,
	THRESH_RT_OK,
	THRESH_RT_REJECTED,
	THRESH_RT_CRASHED, /* a sanitizer said so */
	THRESH_RT_LEAKED,
	THRESH_RT_TIMED_OUT,
	THRESH_RT_NO_MEMORY,
	THRESH_RT_EXITED,   /* called exit */
	THRESH_RT_UNABLE,   /* no memory here for the input itself */
	THRESH_RT_IS_KNOWN, /* failed in a way that the table holds */
};

enum thresh_rt_rec_flag {
	THRESH_RT_FIRST = 16,   /* was the first of its child */
	THRESH_RT_SUSPECT = 32, /* allocated more than it freed, not checked */
	THRESH_RT_FORKED = 128, /* a process that the target forked was ended by its sanitizer */
};

struct thresh_rt_rec {
	uint32_t flags;
	uint32_t verdict;
	int32_t status; /* as of waitpid; 0 when the child lived on */
	uint32_t pid;
	uint32_t wall_us, cpu_us;
	uint64_t allocs;
	uint32_t io[THRESH_RT_IO_CLASSES]; /* calls */
	uint32_t n_pcs;                    /* of a failure, with _EARLY */
	uint64_t heap; /* bytes: the most it held at once, of what it allocated itself */
	uint64_t err_from, err_to; /* offsets in the file that is its standard error */
	uint64_t feat_from;        /* index in the feature area */
	uint32_t n_feat;
	/* what failed, and on which stack, innermost frame first: addresses of instructions, or behind calls */
	uint64_t how, pcs[THRESH_RT_PCS];
};

/* A failure's key begins with `how`, and takes in one address after the other. Never 0. */
static inline uint64_t thresh_rt_key(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9ULL;
	h ^= h >> 32;
	return h ? h : 1;
}

/* Of an input's bytes: not hard to forge, and never 0. */
static inline uint64_t thresh_rt_input_key(const uint8_t *data, uint64_t size)
{
	uint64_t h = size, i;

	for (i = 0; i < size; i++)
		h = (h ^ data[i]) * 0x100000001b3ULL;
	return thresh_rt_key(h, size);
}

/* Hit 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more times: the buckets of libFuzzer and of AFL. */
static inline unsigned thresh_rt_bucket(uint8_t n)
{
	static const uint8_t low[4] = { 0, 0, 1, 2 };

	if (n < 4)
		return low[n];
	return n < 8 ? 3 : n < 16 ? 4 : n < 32 ? 5 : n < 128 ? 6 : 7;
}

#define THRESH_RT_RECS_OFF 256 /* of the records, and in a task of what they are of */
#define THRESH_RT_MAX_FDS 2    /* with one message */

#endif
