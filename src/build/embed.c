/*
 * The runtime's sources, inside the program: what is linked into targets needs no installation. Read by the assembler
 * from src/runtime, relative to where the compiler runs (the Makefile runs it in the checkout's root); another place
 * by -DRUNTIME_DIR='"..."'.
 */
#include "base/prelude.h"
#include "build/embed.h"
#include "base/hash.h"
#include "base/incbin.h"

#ifndef RUNTIME_DIR
#define RUNTIME_DIR "src/runtime"
#endif
#define FILE_TEXT(file) INCBIN(RUNTIME_DIR "/" file)
#define EMBED(name, file) EMBED_TEXT(name, FILE_TEXT(file))
#define LINE ".ascii \"\\n\"\n"

EMBED(runtime_replay_c, "replay.c");
EMBED(runtime_serve_c, "serve.c");
EMBED(runtime_child_c, "child.c");
EMBED(runtime_feature_c, "feature.c");
EMBED(runtime_folders_c, "folders.c");
EMBED(runtime_alloc_c, "alloc.c");
EMBED(runtime_libc_c, "libc.c");
EMBED(runtime_new_c, "new.c");
EMBED(runtime_io_c, "io.c");
EMBED(runtime_denied_c, "denied.c");
EMBED(runtime_early_c, "early.c");
EMBED(runtime_exit_c, "exit.c");
EMBED(runtime_fault_c, "fault.c");
EMBED(runtime_survive_c, "survive.c");
EMBED(runtime_held_c, "held.c");
EMBED(runtime_mutator_c, "mutator.c");
EMBED(runtime_own_mutator_c, "own_mutator.c");
EMBED(runtime_ask_mutator_c, "ask_mutator.c");
EMBED(runtime_structure_c, "structure.c");
EMBED(runtime_parts_c, "parts.c");
EMBED(runtime_layout_c, "layout.c");
EMBED(runtime_edits_c, "edits.c");
EMBED(runtime_lexicon_c, "lexicon.c");
EMBED(runtime_records_c, "records.c");
EMBED(runtime_sums_c, "sums.c");
EMBED(runtime_told_c, "told.c");
EMBED_TEXT(runtime_faults_c, FILE_TEXT("alloc.c") LINE FILE_TEXT("new.c") LINE FILE_TEXT("libc.c"));
EMBED(runtime_thresh_h, "thresh.h");
EMBED(runtime_thresh_rt_h, "thresh_rt.h");
EMBED(runtime_thresh_rt_held_h, "thresh_rt_held.h");
EMBED(runtime_thresh_rt_mutate_h, "thresh_rt_mutate.h");
EMBED(runtime_thresh_rt_parts_h, "thresh_rt_parts.h");
EMBED(runtime_thresh_rt_structure_h, "thresh_rt_structure.h");
EMBED(runtime_thresh_rt_layout_h, "thresh_rt_layout.h");
EMBED(runtime_thresh_rt_edits_h, "thresh_rt_edits.h");
EMBED(runtime_thresh_rt_random_h, "thresh_rt_random.h");
EMBED(runtime_thresh_rt_lexicon_h, "thresh_rt_lexicon.h");
EMBED(runtime_thresh_rt_records_h, "thresh_rt_records.h");
EMBED(runtime_thresh_rt_sums_h, "thresh_rt_sums.h");
EMBED(runtime_thresh_rt_protocol_h, "thresh_rt_protocol.h");
EMBED(runtime_afl_main_c, "afl_main.c");
EMBED(runtime_afl_import_c, "afl_import.c");

const struct runtime_file *runtime_files(void)
{
	static struct runtime_file files[] = {
		{ "afl_import.c", runtime_afl_import_c, 0 },
		{ "afl_main.c", runtime_afl_main_c, 0 },
		{ "alloc.c", runtime_alloc_c, 0 },
		{ "ask_mutator.c", runtime_ask_mutator_c, 0 },
		{ "child.c", runtime_child_c, 0 },
		{ "denied.c", runtime_denied_c, 0 },
		{ "early.c", runtime_early_c, 0 },
		{ "edits.c", runtime_edits_c, 0 },
		{ "exit.c", runtime_exit_c, 0 },
		{ "fault.c", runtime_fault_c, 0 },
		{ "feature.c", runtime_feature_c, 0 },
		{ "folders.c", runtime_folders_c, 0 },
		{ "held.c", runtime_held_c, 0 },
		{ "io.c", runtime_io_c, 0 },
		{ "layout.c", runtime_layout_c, 0 },
		{ "lexicon.c", runtime_lexicon_c, 0 },
		{ "libc.c", runtime_libc_c, 0 },
		{ "mutator.c", runtime_mutator_c, 0 },
		{ "new.c", runtime_new_c, 0 },
		{ "own_mutator.c", runtime_own_mutator_c, 0 },
		{ "parts.c", runtime_parts_c, 0 },
		{ "records.c", runtime_records_c, 0 },
		{ "replay.c", runtime_replay_c, 0 },
		{ "serve.c", runtime_serve_c, 0 },
		{ "structure.c", runtime_structure_c, 0 },
		{ "sums.c", runtime_sums_c, 0 },
		{ "survive.c", runtime_survive_c, 0 },
		{ "thresh.h", runtime_thresh_h, 0 },
		{ "thresh_rt.h", runtime_thresh_rt_h, 0 },
		{ "thresh_rt_edits.h", runtime_thresh_rt_edits_h, 0 },
		{ "thresh_rt_held.h", runtime_thresh_rt_held_h, 0 },
		{ "thresh_rt_layout.h", runtime_thresh_rt_layout_h, 0 },
		{ "thresh_rt_lexicon.h", runtime_thresh_rt_lexicon_h, 0 },
		{ "thresh_rt_mutate.h", runtime_thresh_rt_mutate_h, 0 },
		{ "thresh_rt_parts.h", runtime_thresh_rt_parts_h, 0 },
		{ "thresh_rt_protocol.h", runtime_thresh_rt_protocol_h, 0 },
		{ "thresh_rt_random.h", runtime_thresh_rt_random_h, 0 },
		{ "thresh_rt_records.h", runtime_thresh_rt_records_h, 0 },
		{ "thresh_rt_structure.h", runtime_thresh_rt_structure_h, 0 },
		{ "thresh_rt_sums.h", runtime_thresh_rt_sums_h, 0 },
		{ "told.c", runtime_told_c, 0 },
		{ NULL, NULL, 0 },
	};
	/* in the order of the rows; lengths are the linker's to know, not the compiler's */
	const size_t lens[] = { runtime_afl_import_c_len, runtime_afl_main_c_len,
		runtime_alloc_c_len, runtime_ask_mutator_c_len, runtime_child_c_len,
		runtime_denied_c_len, runtime_early_c_len, runtime_edits_c_len, runtime_exit_c_len,
		runtime_fault_c_len, runtime_feature_c_len, runtime_folders_c_len,
		runtime_held_c_len, runtime_io_c_len, runtime_layout_c_len, runtime_lexicon_c_len,
		runtime_libc_c_len, runtime_mutator_c_len, runtime_new_c_len,
		runtime_own_mutator_c_len, runtime_parts_c_len, runtime_records_c_len,
		runtime_replay_c_len, runtime_serve_c_len, runtime_structure_c_len,
		runtime_sums_c_len, runtime_survive_c_len, runtime_thresh_h_len,
		runtime_thresh_rt_h_len, runtime_thresh_rt_edits_h_len,
		runtime_thresh_rt_held_h_len, runtime_thresh_rt_layout_h_len,
		runtime_thresh_rt_lexicon_h_len, runtime_thresh_rt_mutate_h_len,
		runtime_thresh_rt_parts_h_len, runtime_thresh_rt_protocol_h_len,
		runtime_thresh_rt_random_h_len, runtime_thresh_rt_records_h_len,
		runtime_thresh_rt_structure_h_len, runtime_thresh_rt_sums_h_len,
		runtime_told_c_len };

	for (size_t i = 0; i < ARRAY_LEN(lens); i++)
		files[i].len = lens[i];
	return files;
}

void runtime_add_to(struct hasher *h)
{
	for (const struct runtime_file *f = runtime_files(); f->name; f++) {
		hasher_adds(h, f->name);
		hasher_add(h, f->text, f->len);
	}
}
