/* Ctrl-C. */
#ifndef PROC_INTERRUPT_H
#define PROC_INTERRUPT_H

/*
 * Ctrl-C once: proc_interrupted() gives 1 (finish what you do, keep everything); twice: 2 (now).
 * SIGTERM and SIGHUP count as once. proc_wake_fd() polls readable on the first. Call proc_catch_signals once.
 */
void proc_catch_signals(void);
int proc_interrupted(void);
int proc_wake_fd(void);

#endif
