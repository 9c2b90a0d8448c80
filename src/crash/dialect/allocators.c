/*
 * What allocators say before they abort: jemalloc, mimalloc, tcmalloc and its debugging kin, hardened_malloc, the
 * BSDs', macOS's and Windows' heaps, talloc, GLib's slices, Python's, Electric Fence. glibc's own are in glibc.c.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

#define UAF "use-after-free"
#define CORRUPT "heap-corruption"
#define INVALID "invalid-free"
#define DOUBLE "double-free"
#define OVER "heap-buffer-overflow"
#define OOM "out-of-memory"

static const struct phrase jemalloc[] = {
	{ "<jemalloc>: ", "alloc-dealloc-mismatch", PHRASE_WHOLE, "size mismatch detected", NULL,
		NULL, NULL },
	{ "<jemalloc>: ", DOUBLE, PHRASE_WHOLE, "ouble free", NULL, NULL, NULL },
	{ "<jemalloc>: ", UAF, PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ADDRESS, "Write-after-free",
		NULL, NULL, NULL },
	{ "<jemalloc>: ", UAF, PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ADDRESS, "rite after free",
		NULL, NULL, NULL },
	{ "<jemalloc>: ", OVER, PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ADDRESS, "edzone", NULL, NULL,
		NULL },
	{ "<jemalloc>: ", OVER, PHRASE_WHOLE | PHRASE_WRITE, "uffer overflow", NULL, NULL, NULL },
	{ "<jemalloc>: ", "assertion", PHRASE_WHOLE, "ailed assertion: ", "ailed assertion: \"",
		"\"", NULL },
	{ "<jemalloc>: ", "unreachable", PHRASE_WHOLE, "nreachable code reached", NULL, NULL,
		NULL },
	{ "<jemalloc>: ", CORRUPT, PHRASE_WHOLE, "orrupt", NULL, NULL, NULL },
	{ "<jemalloc>: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "nvalid dealloc", NULL, NULL,
		NULL },
	{ "<jemalloc>: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "nvalid pointer", NULL, NULL,
		NULL },
	{ "<jemalloc>: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "invalid free", NULL, NULL,
		NULL },
	{ "<jemalloc>: ", OOM, PHRASE_WHOLE, "out of memory", NULL, NULL, NULL },
	{ "<jemalloc>: ", OOM, PHRASE_WHOLE, "Out of memory", NULL, NULL, NULL },
};

static const struct phrase mimalloc[] = {
	{ "mimalloc: ", OVER, PHRASE_WHOLE | PHRASE_WRITE, "buffer overflow in heap block", NULL,
		NULL, NULL },
	{ "mimalloc: ", DOUBLE, PHRASE_WHOLE, "double free detected", NULL, NULL, NULL },
	{ "mimalloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "invalid (unaligned) pointer", NULL,
		NULL, NULL },
	{ "mimalloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS,
		"pointer does not point to a valid heap", NULL, NULL, NULL },
	{ "mimalloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS,
		"pointer might not point to a valid heap", NULL, NULL, "warning" },
	{ "mimalloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "invalid pointer", NULL, NULL,
		"warning" },
	{ "mimalloc: ", UAF, PHRASE_WHOLE | PHRASE_WRITE, "corrupted free list", NULL, NULL, NULL },
	{ "mimalloc: ", CORRUPT, PHRASE_WHOLE, "corrupted ", NULL, NULL, NULL },
	{ "mimalloc: ", "alloc-dealloc-mismatch", PHRASE_WHOLE, "is freed with mi_free_size", NULL,
		NULL, NULL },
	{ "mimalloc: ", "alloc-dealloc-mismatch", PHRASE_WHOLE, "freed with mi_free_", NULL, NULL,
		NULL },
	{ "mimalloc: ", "assertion", PHRASE_WHOLE, "assertion failed", NULL, NULL, NULL },
	{ "mimalloc: ", OOM, PHRASE_WHOLE, "out of memory", NULL, NULL, "warning" },
	{ "mimalloc: ", OOM, PHRASE_WHOLE, "unable to allocate memory", NULL, NULL, "warning" },
};

static const struct phrase tcmalloc[] = {
	{ "Attempt to free invalid pointer", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL,
		NULL, NULL },
	{ "Attempt to realloc invalid pointer", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL,
		NULL, NULL },
	{ "Attempt to get size of invalid pointer", "bad-malloc-usable-size",
		PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "Found a corrupted memory buffer in MallocBlock", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL,
		NULL },
	{ "Found a corrupted memory buffer", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "memory allocation/deallocation mismatch at ", "alloc-dealloc-mismatch",
		PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "mismatched-size-delete", "alloc-dealloc-mismatch", PHRASE_WHOLE, NULL, NULL, NULL,
		NULL },
	{ "Mismatched-size-delete", "alloc-dealloc-mismatch", PHRASE_WHOLE, NULL, NULL, NULL,
		NULL },
	{ "mismatched-delete", "alloc-dealloc-mismatch", PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "memory stomping bug: ", CORRUPT, PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ADDRESS, NULL,
		NULL, NULL, NULL },
	{ "memory was written to after being freed", UAF,
		PHRASE_WHOLE | PHRASE_WRITE | PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "memory overflow", OVER, PHRASE_WHOLE | PHRASE_WRITE, NULL, NULL, NULL, NULL },
	{ "has been already deallocated", DOUBLE, PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "Possible double free detected", DOUBLE, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Double free of ", DOUBLE, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "double free of ", DOUBLE, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "allocation/deallocation mismatch", "alloc-dealloc-mismatch", PHRASE_WHOLE, NULL, NULL,
		NULL, NULL },
	{ "*** GWP-ASan (", "unknown-crash", PHRASE_WHOLE, "has detected a memory error", NULL,
		NULL, NULL },
	{ "Corrupted free list", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
};

static const struct phrase hardened[] = {
	{ "fatal allocator error: ", DOUBLE, 0, "double free", NULL, NULL, NULL },
	{ "fatal allocator error: ", OVER, PHRASE_WRITE, "canary corrupted", NULL, NULL, NULL },
	{ "fatal allocator error: ", UAF, PHRASE_WRITE, "write after free", NULL, NULL, NULL },
	{ "fatal allocator error: ", "alloc-dealloc-mismatch", 0, "sized deallocation mismatch",
		NULL, NULL, NULL },
	{ "fatal allocator error: ", INVALID, 0, "invalid ", NULL, NULL, NULL },
	{ "fatal allocator error: ", OOM, 0, "failed to ", NULL, NULL, NULL },
	{ "fatal allocator error: ", CORRUPT, 0, NULL, NULL, NULL, NULL },
};

/* OpenBSD: "prog(123) in free(): chunk is already free 0x..."; FreeBSD's old one: "prog in free(): error: ..." */
static const struct phrase bsd[] = {
	{ "in free(): ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "bogus pointer", NULL, NULL,
		NULL },
	{ "in free(): ", DOUBLE, PHRASE_WHOLE | PHRASE_ADDRESS, "already free", NULL, NULL, NULL },
	{ "in free(): ", DOUBLE, PHRASE_WHOLE | PHRASE_ADDRESS, "double free", NULL, NULL, NULL },
	{ "in free(): ", UAF, PHRASE_WHOLE | PHRASE_ADDRESS | PHRASE_WRITE, "after free", NULL,
		NULL, NULL },
	{ "in free(): ", OVER, PHRASE_WHOLE | PHRASE_ADDRESS | PHRASE_WRITE, "canary corrupted",
		NULL, NULL, NULL },
	{ "in free(): ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "pointer", NULL, NULL, NULL },
	{ "in free(): ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, "warning" },
	{ "in malloc(): ", UAF, PHRASE_WHOLE | PHRASE_ADDRESS | PHRASE_WRITE, "after free", NULL,
		NULL, NULL },
	{ "in malloc(): ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, "warning" },
	{ "in realloc(): ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, "warning" },
	{ "in calloc(): ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, NULL, NULL, NULL, "warning" },
};

/* macOS: "prog(123,0x7fff) malloc: *** error for object 0x7fb: pointer being freed was not allocated" */
static const struct phrase apple[] = {
	{ "malloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS,
		"pointer being freed was not allocated", NULL, NULL, NULL },
	{ "malloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS,
		"pointer being realloc'd was not allocated", NULL, NULL, NULL },
	{ "malloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "on-aligned pointer", NULL, NULL,
		NULL },
	{ "malloc: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "Invalid pointer", NULL, NULL, NULL },
	{ "malloc: ", DOUBLE, PHRASE_WHOLE | PHRASE_ADDRESS, "ouble free", NULL, NULL, NULL },
	{ "malloc: ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, "ncorrect checksum for freed object",
		NULL, NULL, NULL },
	{ "malloc: ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, "eap corruption detected", NULL, NULL,
		NULL },
	{ "malloc: ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, "modified after being freed", NULL,
		NULL, NULL },
	{ "malloc: ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, "guard value", NULL, NULL, NULL },
	{ "malloc: ", CORRUPT, PHRASE_WHOLE | PHRASE_ADDRESS, "corrupt", NULL, NULL, NULL },
	{ "malloc: ", OOM, PHRASE_WHOLE, "can't allocate region", NULL, NULL, NULL },
	{ "malloc: ", OOM, PHRASE_WHOLE, "mach_vm_map(size=", NULL, NULL, NULL },
	{ "BUG IN CLIENT OF LIBMALLOC: ", CORRUPT, PHRASE_ADDRESS, NULL, NULL, NULL, NULL },
	{ "BUG IN CLIENT OF LIBPLATFORM: ", "abort", 0, NULL, NULL, NULL, NULL },
};

static const struct phrase windows[] = {
	{ "HEAP[", OVER, PHRASE_LINE | PHRASE_WRITE, "past requested size", NULL, NULL, NULL },
	{ "HEAP[", UAF, PHRASE_LINE | PHRASE_WRITE, "after it was freed", NULL, NULL, NULL },
	{ "HEAP[", INVALID, PHRASE_LINE | PHRASE_ADDRESS, "Invalid address specified to Rtl", NULL,
		NULL, NULL },
	{ "HEAP: Free Heap block", UAF, PHRASE_LINE | PHRASE_WRITE, "after it was freed", NULL,
		NULL, NULL },
	{ "HEAP: ", OVER, PHRASE_LINE | PHRASE_WRITE, "past requested size", NULL, NULL, NULL },
	{ "HEAP CORRUPTION DETECTED: before", OVER, PHRASE_WHOLE | PHRASE_WRITE, NULL, NULL, NULL,
		NULL },
	{ "HEAP CORRUPTION DETECTED: after", OVER, PHRASE_WHOLE | PHRASE_WRITE, NULL, NULL, NULL,
		NULL },
	{ "HEAP CORRUPTION DETECTED: on top of Free block", UAF, PHRASE_WHOLE | PHRASE_WRITE, NULL,
		NULL, NULL, NULL },
	{ "HEAP CORRUPTION DETECTED", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Critical error detected c0000374", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Invalid address specified to RtlFreeHeap", INVALID, PHRASE_WHOLE, NULL, NULL, NULL,
		NULL },
	{ "Invalid address specified to RtlValidateHeap", INVALID, PHRASE_WHOLE, NULL, NULL, NULL,
		NULL },
	{ "Detected memory leaks!", "leak", PHRASE_LEAK | PHRASE_WHOLE | PHRASE_ALONE, NULL, NULL,
		NULL, NULL },
	{ "A heap has been corrupted", CORRUPT, PHRASE_LINE, NULL, NULL, NULL, NULL },
	{ "Windows has triggered a breakpoint in", CORRUPT, PHRASE_LINE, "corruption of the heap",
		NULL, NULL, NULL },
};

static const struct phrase others[] = {
	{ "Bad talloc magic value - access after free", UAF, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Bad talloc magic value - unknown value", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Bad talloc magic value - double free", DOUBLE, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "talloc: access after free error", UAF, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "talloc: double free error", DOUBLE, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "***MEMORY-ERROR***: ", CORRUPT, PHRASE_WHOLE, NULL, "GSlice: ", NULL, NULL },
	{ "GSlice: failed to allocate", OOM, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "ElectricFence Aborting: free(", INVALID, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "ElectricFence Exiting: ", OOM, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "Debug memory block at address p=", CORRUPT, PHRASE_WHOLE | PHRASE_ONCE, NULL, NULL, NULL,
		NULL },
	{ "bad leading pad byte", OVER, PHRASE_LINE | PHRASE_WRITE | PHRASE_ONCE, NULL, NULL, NULL,
		NULL },
	{ "bad trailing pad byte", OVER, PHRASE_LINE | PHRASE_WRITE | PHRASE_ONCE, NULL, NULL, NULL,
		NULL },
	{ "bad ID: Allocated using API", "alloc-dealloc-mismatch", PHRASE_LINE | PHRASE_ONCE, NULL,
		NULL, NULL, NULL },
	{ "debug-malloc library: dumping program, fatal error", CORRUPT, PHRASE_WHOLE, NULL, NULL,
		NULL, NULL },
	{ "failed OVER picket-fence", OVER, PHRASE_LINE | PHRASE_WRITE | PHRASE_ONCE, NULL, NULL,
		NULL, NULL },
	{ "failed UNDER picket-fence", OVER, PHRASE_LINE | PHRASE_WRITE | PHRASE_ONCE, NULL, NULL,
		NULL, NULL },
	{ "invalid address or address of corrupt block", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS,
		" passed to dl", NULL, NULL, NULL },
	{ "heap corruption detected by ", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "HEAP MEMORY CORRUPTION IN ", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "@@@ ABORTING: ", CORRUPT, PHRASE_WHOLE, "HEAP", NULL, NULL, NULL },
	{ "@@@ ABORTING: ", INVALID, PHRASE_WHOLE | PHRASE_ADDRESS, "INVALID HEAP ADDRESS", NULL,
		NULL, NULL },
	{ "Pointer tag for 0x", INVALID, PHRASE_WHOLE, "was truncated", NULL, NULL, NULL },
	{ "CRITICAL: memory not allocated by ", INVALID, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "libumem: ", CORRUPT, PHRASE_WHOLE, NULL, NULL, NULL, NULL },
	{ "umem allocator: ", DOUBLE, PHRASE_WHOLE, "duplicate free", NULL, NULL, NULL },
	{ "umem allocator: ", UAF, PHRASE_WHOLE | PHRASE_WRITE, "buffer modified after being freed",
		NULL, NULL, NULL },
	{ "umem allocator: ", OVER, PHRASE_WHOLE | PHRASE_WRITE, "redzone violation", NULL, NULL,
		NULL },
	{ "umem allocator: ", INVALID, PHRASE_WHOLE, "invalid free", NULL, NULL, NULL },
	{ "erl_alloc: Cannot allocate", OOM, PHRASE_WHOLE | PHRASE_SIZE, NULL, NULL, NULL, NULL },
	{ "Cannot allocate", OOM, PHRASE_LINE | PHRASE_SIZE, "bytes of memory (of type", NULL, NULL,
		NULL },
};

const struct phrase_table jemalloc_phrases = { "jemalloc", AT_WORD, jemalloc, ARRAY_LEN(jemalloc) };
const struct phrase_table mimalloc_phrases = { "mimalloc", AT_WORD, mimalloc, ARRAY_LEN(mimalloc) };
const struct phrase_table tcmalloc_phrases = { "tcmalloc", AT_WORD, tcmalloc, ARRAY_LEN(tcmalloc) };
const struct phrase_table hardened_phrases = { "hardened_malloc", AT_WORD, hardened,
	ARRAY_LEN(hardened) };
const struct phrase_table bsd_malloc_phrases = { "libc", AT_WORD, bsd, ARRAY_LEN(bsd) };
const struct phrase_table apple_malloc_phrases = { "libmalloc", AT_WORD, apple, ARRAY_LEN(apple) };
const struct phrase_table windows_heap_phrases = { "windows-heap", AT_WORD, windows,
	ARRAY_LEN(windows) };
const struct phrase_table allocator_phrases = { "allocator", AT_WORD, others, ARRAY_LEN(others) };
