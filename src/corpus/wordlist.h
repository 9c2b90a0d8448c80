/* Words that an input may need: what of a program's constants, and of a corpus, is worth a place in a dictionary. Pure. */
#ifndef CORPUS_WORDLIST_H
#define CORPUS_WORDLIST_H

#include "corpus/dictionary.h"

/*
 * How likely bytes that a program has as a constant are to be of its input: the more the likelier, 0: not at all, as
 * messages, formats of printf and paths of sources are.
 */
unsigned word_worth(struct strv bytes);

/* The words within a constant object: its text, the texts of a table, or its bytes where it is a small binary one. */
typedef void (*words_fn)(void *arg, struct strv bytes);
void words_of_object(struct strv data, words_fn fn, void *arg);

/* Words with what they are worth, gathered to be the best of many. */
struct word {
	struct strv bytes;
	/* or NULL */
	const char *from;
	uint64_t worth;
	size_t nr;
};
struct wordlist {
	/* each once; its tokens are the words' bytes and places */
	struct dictionary seen;
	struct word *v;
	size_t n, cap;
};
#define WORDLIST_INIT                       \
	{                                   \
		DICTIONARY_INIT, NULL, 0, 0 \
	}
/* Nothing where worth is 0. A word that is there already becomes worth so much more. */
void wordlist_add(struct wordlist *w, struct strv bytes, const char *from, uint64_t worth);
/*
 * What engines kept inputs with has shown its worth: words that are in `inputs`, those of a corpus behind each other, go
 * before all others.
 */
void wordlist_prove(struct wordlist *w, struct strv inputs);
/*
 * Add the best to d, at most `most` that it hasn't: those from one place behind each other, the best place first. How many
 * were added.
 */
size_t wordlist_best(struct wordlist *w, size_t most, struct dictionary *d);
void wordlist_release(struct wordlist *w);

/* Count an input's words: names, numbers of some length, quoted texts. Each counts once an input. */
void wordlist_add_input(struct wordlist *w, struct strv input);

#endif
