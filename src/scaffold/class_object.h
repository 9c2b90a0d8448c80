/* What is passed for a parameter of a class: an object that can be made (scaffold/classes.h finds one). */
#ifndef SCAFFOLD_CLASS_OBJECT_H
#define SCAFFOLD_CLASS_OBJECT_H

#include "base/prelude.h"

struct class_object {
	/* a definition in front of all functions; "": none is needed */
	const char *stub;
	/* of the class that the object is of, and arguments for its constructor; "": none */
	const char *type, *args;
	/* what is included for it, and linked ("-lx"); NULL: nothing */
	const char *include, *link;
	/* it reads the input */
	bool input;
};

#endif
