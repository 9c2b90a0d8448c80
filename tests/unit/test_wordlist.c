/* Words for a dictionary: of a program's constants, of inputs, of what libFuzzer prints. */
#include "base/prelude.h"
#include "base/dir.h"
#include "base/fs.h"
#include "corpus/elf_words.h"
#include "corpus/wordlist.h"
#include "engine/recommended.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <elf.h>
#include <unistd.h>

/* --- worth --- */

static void test_worth(void **state)
{
	/* better than the next one */
	static const char *const falling[] = { "transfer_all", "%YAML", "op", "two words",
		"now three words" };
	static const char *const nothing[] = { "x", "", "cannot open %s", "%d", "%-5.2lf", "%#x",
		"src/main.c", "parse.hpp", "!parser->encoding",
		"void yaml_token_delete(yaml_token_t *)", "THRESH_VERDICTS", "thresh: rejected",
		"this is for people to read", "LLVMFuzzerTestOneInput",
		"sixty-five bytes and no space, which is what libFuzzer drops.....",
		"at 100%: %s" };
	static const char *const some[] = { "<![CDATA[", "%TAG", "100%", "f(x)", "MOZ_CRASH(",
		"if-modified-since", "a.c.d", "-----BEGIN KEY-----", "\xe2\x82\xac!" };

	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_LEN(falling); i++)
		if (word_worth(strv_of(falling[i])) <= word_worth(strv_of(falling[i + 1])))
			fail_msg("%s: %u", falling[i], word_worth(strv_of(falling[i])));
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
		if (word_worth(strv_of(nothing[i])))
			fail_msg("%s: %u", nothing[i], word_worth(strv_of(nothing[i])));
	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		if (strlen(some[i]) > 1 && !word_worth(strv_of(some[i])))
			fail_msg("%s: nothing", some[i]);
}

static void join(void *arg, struct strv bytes)
{
	struct buf *b = arg;

	dict_escape(b, bytes);
	buf_addch(b, '|');
}

static void test_objects(void **state)
{
	static const struct {
		struct strv data;
		const char *words;
	} rows[] = {
		{ STRV("transfer_all\0"), "transfer_all|" },
		{ STRV("unended"), "unended|" },
		{ STRV("alpha\0\0\0gamma\0\0\0x\0"), "alpha|gamma|" },
		{ STRV("\x89PNG\r\n\x1a\n"), "\\x89PNG\\x0d\\x0a\\x1a\\x0a|" },
		{ STRV("\xde\xc0\xed\xfe"), "\\xde\\xc0\\xed\\xfe|" },
		{ STRV("\x01\x00\x00\x00"), "" },
		{ STRV("\0\0\0\0"), "" },
		{ STRV("\xff\xff\xff\xff"), "" },
		{ STRV("{\0"), "" },
		{ STRV("\xff\xfe\0"), "\\xff\\xfe|" },
		{ STRV("\xff\xfe\0\0"), "\\xff\\xfe\\x00\\x00|" },
		{ STRV("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"),
			"" },
		{ { "", 0 }, "" },
	};
	struct buf b = BUF_INIT, large = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_reset(&b);
		words_of_object(rows[i].data, join, &b);
		if (strcmp(buf_str(&b), rows[i].words) != 0)
			fail_msg("row %zu: %s", i, buf_str(&b));
	}
	/* of a whole program's data, texts */
	for (unsigned i = 0; i < 9000; i++)
		buf_addch(&large, (int)(i * 7 % 256) | 0x80);
	buf_add(&large, "\0abc\0abcd\0\1", 11);
	buf_reset(&b);
	words_of_object(strv_n(large.s, large.len), join, &b);
	assert_string_equal(b.s, "abcd|");
	buf_release(&b);
	buf_release(&large);
}

static void test_best(void **state)
{
	struct wordlist w = WORDLIST_INIT;
	struct dictionary d = DICTIONARY_INIT;
	static const char *const want[] = { "declared", "x9", "x7", "y8" };

	(void)state;
	dictionary_add(&d, STRV("declared"), "people");
	wordlist_add(&w, STRV("y8"), "y", 8);
	wordlist_add(&w, STRV("x7"), "x", 7);
	wordlist_add(&w, STRV("x9"), "x", 4);
	wordlist_add(&w, STRV("x9"), "y", 5);
	wordlist_add(&w, STRV("declared"), "y", 99);
	wordlist_add(&w, STRV("y1"), "y", 1);
	wordlist_add(&w, STRV("none"), "y", 0);
	assert_int_equal(wordlist_best(&w, 3, &d), 3);
	assert_int_equal(d.n, ARRAY_LEN(want));
	for (size_t i = 0; i < d.n; i++)
		assert_true(strv_eqs(d.v[i].bytes, want[i]));
	assert_string_equal(d.v[1].from, "x");
	wordlist_release(&w);
	dictionary_release(&d);
}

/* What the corpus has goes first. */
static void test_proven(void **state)
{
	struct wordlist w = WORDLIST_INIT;
	struct dictionary d = DICTIONARY_INIT;

	(void)state;
	wordlist_add(&w, STRV("unseen"), "x", 110);
	wordlist_add(&w, STRV("not so likely"), "x", 50);
	wordlist_add(&w, STRV("\0\1\2"), "x", 40);
	wordlist_add(&w, STRV("in"), "x", 30);
	wordlist_prove(&w, STRV("a\0\1\2 is not so likely in it"));
	assert_int_equal(wordlist_best(&w, 3, &d), 3);
	assert_true(strv_eqs(d.v[0].bytes, "not so likely"));
	assert_true(strv_eq(d.v[1].bytes, STRV("\0\1\2")));
	assert_true(strv_eqs(d.v[2].bytes, "unseen"));
	wordlist_release(&w);
	dictionary_release(&d);
}

static void test_inputs(void **state)
{
	static const char *const inputs[] = { "{\"op\": \"test\", \"path\": 'x'}",
		"[\"path\"] path path", "get-all 12 ab",
		"\"unended and long enough to be given up on by far\n path" };
	static const struct {
		const char *word;
		uint64_t inputs;
	} rows[] = { { "path", 3 }, { "\"path\"", 2 }, { "test", 1 }, { "\"op\"", 1 }, { "'x'", 1 },
		{ "get-all", 1 }, { "op", 0 }, { "12", 0 }, { "ab", 0 } };
	struct wordlist w = WORDLIST_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		wordlist_add_input(&w, strv_of(inputs[i]));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t got = 0;

		for (size_t k = 0; k < w.n; k++)
			if (strv_eqs(w.v[k].bytes, rows[i].word))
				got = w.v[k].worth;
		if (got != rows[i].inputs)
			fail_msg("%s: %llu", rows[i].word, (unsigned long long)got);
	}
	wordlist_release(&w);
}

/* --- executables --- */

#define BASE 0x1000u
#define WRITABLE 0x3000u

/* A program in the small: what is read-only, what is writable, a relocation of each pointer in it. */
struct image {
	struct buf ro, rw, relocs;
};

static uint64_t put_text(struct image *m, const void *s, size_t n)
{
	uint64_t at;

	while (m->ro.len % 32)
		buf_addch(&m->ro, 0);
	at = BASE + m->ro.len;
	buf_add(&m->ro, s, n);
	return at;
}

/* What compilers leave of a global object. */
static void put_record(
	struct image *m, const char *data, size_t n, const char *name, const char *source)
{
	uint64_t to[] = { put_text(m, data, n), 0, 0, put_text(m, name, strlen(name) + 1),
		put_text(m, source, strlen(source) + 1), 0, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(to); i++) {
		uint64_t word = i == 1 ? n : i == 2 ? (n + 63) / 32 * 32 : 0;
		Elf64_Rela r = { .r_offset = WRITABLE + m->rw.len,
			.r_info = ELF64_R_INFO(0, 8),
			.r_addend = (int64_t)to[i] };

		if (to[i])
			buf_add(&m->relocs, &r, sizeof(r));
		buf_add(&m->rw, &word, sizeof(word));
	}
}

static void finish(struct image *m, struct buf *out)
{
	static const char names[] = "\0.rodata";
	Elf64_Ehdr h = { .e_phnum = 2,
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 5,
		.e_shstrndx = 4,
		.e_phoff = sizeof(h) };
	uint64_t ro = sizeof(h) + 2 * sizeof(Elf64_Phdr) + 5 * sizeof(Elf64_Shdr),
		 rw = ro + m->ro.len, rel = rw + m->rw.len;
	Elf64_Phdr p[2] = { { .p_type = PT_LOAD,
				    .p_flags = PF_R,
				    .p_offset = ro,
				    .p_vaddr = BASE,
				    .p_filesz = m->ro.len },
		{ .p_type = PT_LOAD,
			.p_flags = PF_R | PF_W,
			.p_offset = rw,
			.p_vaddr = WRITABLE,
			.p_filesz = m->rw.len } };
	Elf64_Shdr s[5] = { { .sh_type = SHT_NULL },
		{ .sh_name = 1,
			.sh_type = SHT_PROGBITS,
			.sh_flags = SHF_ALLOC,
			.sh_addr = BASE,
			.sh_offset = ro,
			.sh_size = m->ro.len },
		{ .sh_type = SHT_PROGBITS,
			.sh_flags = SHF_ALLOC | SHF_WRITE,
			.sh_addr = WRITABLE,
			.sh_offset = rw,
			.sh_size = m->rw.len },
		{ .sh_type = SHT_RELA,
			.sh_flags = SHF_ALLOC,
			.sh_offset = rel,
			.sh_size = m->relocs.len },
		{ .sh_type = SHT_STRTAB,
			.sh_offset = rel + m->relocs.len,
			.sh_size = sizeof(names) } };

	memcpy(h.e_ident, ELFMAG, SELFMAG);
	h.e_ident[EI_CLASS] = ELFCLASS64;
	h.e_ident[EI_DATA] = ELFDATA2LSB;
	h.e_shoff = sizeof(h) + sizeof(p);
	buf_add(out, &h, sizeof(h));
	buf_add(out, p, sizeof(p));
	buf_add(out, s, sizeof(s));
	buf_add(out, buf_str(&m->ro), m->ro.len);
	buf_add(out, buf_str(&m->rw), m->rw.len);
	buf_add(out, buf_str(&m->relocs), m->relocs.len);
	buf_add(out, names, sizeof(names));
	buf_release(&m->ro);
	buf_release(&m->rw);
	buf_release(&m->relocs);
}

static void tell(void *arg, struct strv data, struct strv source)
{
	struct buf *b = arg;

	buf_addv(b, source);
	buf_addch(b, ':');
	words_of_object(data, join, b);
	buf_addch(b, '\n');
}

static void make_image(struct buf *out, bool records)
{
	struct image m = { BUF_INIT, BUF_INIT, BUF_INIT };

	put_text(&m, "of the sanitizer", 17);
	buf_add(&m.rw, "\0\0\0\0\0\0\0\0", 8);
	if (records) {
		put_record(&m, "transfer_all", 13, "<string literal>", "src/a.c");
		put_record(&m, "function", 9, "__func__.function", "src/a.c");
		put_record(&m, "\xde\xc0\xed\xfe", 4, "magic", "src/b.c");
	}
	finish(&m, out);
}

static void test_executable(void **state)
{
	struct buf file = BUF_INIT, b = BUF_INIT;

	(void)state;
	make_image(&file, true);
	elf_words_in(strv_n(file.s, file.len), tell, &b);
	assert_string_equal(b.s, "src/a.c:transfer_all|\nsrc/b.c:\\xde\\xc0\\xed\\xfe|\n");
	buf_reset(&file);
	buf_reset(&b);
	make_image(&file, false);
	elf_words_in(strv_n(file.s, file.len), tell, &b);
	assert_string_equal(b.s, ":of the sanitizer|\n");
	buf_release(&file);
	buf_release(&b);
}

/* Cut off anywhere, or with any byte changed: nothing is read beyond it (which check-asan sees). */
static void test_hostile_executable(void **state)
{
	struct buf file = BUF_INIT, b = BUF_INIT;

	(void)state;
	make_image(&file, true);
	for (size_t n = 0; n < file.len; n++) {
		char *cut = malloc(n + 1);

		memcpy(cut, file.s, n);
		elf_words_in(strv_n(cut, n), tell, &b);
		free(cut);
	}
	for (size_t i = 0; i < file.len; i++)
		for (int k = 0; k < 3; k++) {
			char was = file.s[i];

			file.s[i] = (char)(k == 0 ? 0xff : k == 1 ? 0 : was ^ 0x80);
			elf_words_in(strv_n(file.s, file.len), tell, &b);
			file.s[i] = was;
			buf_reset(&b);
		}
	buf_release(&file);
	buf_release(&b);
}

/* --- libFuzzer's --- */

static void test_recommended(void **state)
{
	static const char *const lines[] = { "\"before\" # Uses: 3",
		"###### Recommended dictionary. ######", "\"\\x01abc\" # Uses: 12",
		"target's own \"words\" # Uses: 1", "\"next\" # Uses: 4", "\"no uses\"",
		"###### End of recommended dictionary. ######", "\"behind\" # Uses: 3" };
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("thresh-test", &err), *path = fs_join(dir, RECOMMENDED_FILE);
	int fd = dir_open(dir, &err);
	struct recommended r = { .inside = false }, later = { .inside = false };
	struct buf b = BUF_INIT;

	(void)state;
	recommended_save(&r, fd);
	assert_false(fs_exists(path));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		recommended_line(&r, strv_of(lines[i]));
	recommended_save(&r, fd);
	recommended_line(&later, strv_of(lines[1]));
	recommended_line(&later, strv_of("\"newer\" # Uses: 1"));
	recommended_line(&later, strv_of(lines[3]));
	recommended_line(&later, strv_of(lines[4]));
	recommended_save(&later, fd);
	assert_int_equal(fs_read(path, 1 << 16, &b, &err), 0);
	assert_string_equal(b.s, "# What libFuzzer found to be of use, the newest "
				 "first\n\"newer\"\n\"next\"\n\"\\x01abc\"\n");
	recommended_release(&r);
	recommended_release(&later);
	buf_release(&b);
	close(fd);
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worth),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_proven),
		cmocka_unit_test(test_inputs),
		cmocka_unit_test(test_executable),
		cmocka_unit_test(test_hostile_executable),
		cmocka_unit_test(test_recommended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
