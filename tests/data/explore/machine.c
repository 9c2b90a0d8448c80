/* A small machine. Nearly every program takes more off the stack than there is, and fails. */
#include "planted.h"

PLANT_NULL(underflow)
PLANT_WRITE(overflow)
PLANT_ABORT(divide)
PLANT_READ(load)
PLANT_FREED(call_depth)
PLANT_ABORT(string)
PLANT_WRITE(answer)

struct machine {
	int stack[16], sp, calls;
};

static int pop(struct machine *m)
{
	if (m->sp == 0)
		bug_underflow();
	return m->stack[--m->sp];
}

static void push(struct machine *m, int x)
{
	if (m->sp == 16)
		bug_overflow();
	m->stack[m->sp++] = x;
}

static void step(struct machine *m, uint8_t op, uint8_t arg)
{
	int a, b;

	switch (op % 16) {
	case 0:
	case 1:
	case 2:
	case 3:
		(void)pop(m);
		break;
	case 4:
	case 5:
		push(m, arg);
		break;
	case 6:
		b = pop(m);
		a = pop(m);
		push(m, a * 31 + b);
		break;
	case 7:
		b = pop(m);
		a = pop(m);
		if (b == 0 && a != 0)
			bug_divide();
		push(m, b ? a / b : 0);
		break;
	case 8:
		if (m->sp > 4 && arg == 200)
			bug_load();
		break;
	case 9:
		if (++m->calls > 5 && m->sp > 2)
			bug_call_depth();
		break;
	case 10:
		if (m->sp >= 3 && m->stack[m->sp - 1] == 'm' && m->stack[m->sp - 2] == 'v' &&
			m->stack[m->sp - 3] == '!')
			bug_string();
		break;
	case 11:
		if (m->sp && m->stack[m->sp - 1] == 4242)
			bug_answer();
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine m = { { 0 }, 0, 0 };
	size_t i;

	for (i = 0; i + 1 < size; i += 2)
		step(&m, data[i], data[i + 1]);
	return 0;
}
