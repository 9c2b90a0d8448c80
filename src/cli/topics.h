/* `thresh help TOPIC`: what no single command is about. */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

struct topic {
	const char *name;
	/* one line, and paragraphs as in cmd.more */
	const char *about, *text;
};
/* In the order in which they are listed; the last has no name. */
extern const struct topic topics[];
/* NULL: there is none of that name. */
const struct topic *topic_find(const char *name);

#endif
