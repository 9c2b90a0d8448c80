/*
 * Files inside the program, read by the assembler relative to where the compiler runs: the Makefile runs it in the
 * checkout's root.
 */
#ifndef BASE_INCBIN_H
#define BASE_INCBIN_H

#if UINTPTR_MAX > 0xffffffffUL
#define INCBIN_WORD ".quad"
#else
#define INCBIN_WORD ".long"
#endif

#define INCBIN(path) ".incbin \"" path "\"\n"
/* NAME[] with a NUL behind it, and NAME_len; text: INCBINs, one behind the other. */
#define EMBED_TEXT(name, text)                                                                   \
	extern const char name[];                                                                \
	extern const size_t name##_len;                                                          \
	__asm__(".section .rodata,\"a\",@progbits\n"                                             \
		".globl " #name "\n" #name ":\n" text ".L" #name "_end:\n.byte 0\n.balign 8\n"   \
		".globl " #name "_len\n" #name "_len:\n" INCBIN_WORD " .L" #name "_end - " #name \
		"\n"                                                                             \
		".type " #name ", @object\n"                                                     \
		".type " #name "_len, @object\n"                                                 \
		".previous\n")

#endif
