/* Runs in which a call fails. */
#ifndef SUITE_FAULTS_H
#define SUITE_FAULTS_H

#include "base/buf.h"
#include "suite/source.h"

/*
 * What the name of a fault's run stands for, "fault/SEED/KIND-N" or "...-and-after", as a reproducer: the seed, its
 * fault in front. False: no such seed, or no name.
 */
#define SUITE_FAULT_PREFIX "fault/"
bool suite_fault_input(const struct suite_source *src, const char *name, struct buf *out);

#endif
