/*
 * Everything a target printed is hostile: the one place where it is made harmless for where it goes.
 * Invalid UTF-8 becomes U+FFFD in HTML, XML and JSON; control bytes become visible escapes on a terminal.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

/* One line: \n and all control bytes shown as \xNN. */
void escape_term(struct buf *b, struct strv v);
/* Many lines: LF and tab kept. */
void escape_term_text(struct buf *b, struct strv v);
void escape_html(struct buf *b, struct strv v);
void escape_xml(struct buf *b, struct strv v);
/* Valid UTF-8, nothing else changed: what cJSON needs. */
void escape_utf8(struct buf *b, struct strv v);
/* A JSON document, printed: it says the same, but what a terminal would obey, as C1 controls and directions, is \uNNNN. */
void escape_json(struct buf *b, struct strv v);
/* One word for a POSIX shell, quoted only where needed. */
void escape_shell(struct buf *b, struct strv v);
/* Inside a C string literal. */
void escape_c(struct buf *b, struct strv v);
/* In a TAP description, where # begins a directive. */
void escape_tap(struct buf *b, struct strv v);
/*
 * A path within other text: control bytes, brackets, "%" and what else would end it, as %XX; and all that isn't ASCII, of
 * which readers of reports make something else (quotes, dashes, blanks, bytes of other encodings).
 */
void escape_path(struct buf *b, struct strv v);
/* Undo it; false, and nothing appended, where there is nothing to undo. */
bool unescape_path(struct buf *b, struct strv v);
/* A word in a Makefile. */
void escape_make(struct buf *b, struct strv v);
/* For glob() and fnmatch(): nothing in it is a pattern. */
void escape_glob(struct buf *b, struct strv v);

#endif
