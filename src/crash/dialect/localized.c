/* Failed assertions as glibc words them in other languages, and other C libraries' and runtimes' own words. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

/* The expression stands between the head's and the tail's quotes. */
#define ASSERT(head, tail)                                              \
	{                                                               \
		head, "assertion", PHRASE_DEBUG, tail, NULL, tail, NULL \
	}

static const struct phrase glibc[] = {
	ASSERT("Zusicherung »", "« nicht erfüllt"),
	ASSERT("l'assertion «", "» a échoué"),
	ASSERT("L'assertion «", "» a échoué"),
	ASSERT("La declaración `", "' no se cumple"),
	ASSERT("La declaración «", "» no se cumple"),
	ASSERT("asserzione \"", "\" non riuscita"),
	ASSERT("Asserzione `", "' fallita"),
	ASSERT("Controletest '", "' faalt"),
	ASSERT("Warunek zapewnienia `", "' nie został spełniony"),
	ASSERT("a asserção \"", "\" falhou"),
	ASSERT("Assertiva \"", "\" falhou"),
	ASSERT("Asserção `", "' falhou"),
	ASSERT("Проверочное утверждение «", "» не выполнено"),
	ASSERT("Утверждение «", "» не выполнено"),
	ASSERT("Försäkran ”", "” falsk"),
	ASSERT("Försäkran \"", "\" falsk"),
	ASSERT("Väite \"", "\" ei pidä paikkaansa"),
	ASSERT("Sav `", "' başarısızlığa uğradı"),
	ASSERT("Не пройдено перевірку «", "»"),
	ASSERT("Khẳng định \"", "\" gặp lỗi"),
	ASSERT("假设 '", "' 失败"),
	ASSERT("假設『", "』失敗"),
	ASSERT("アサーション `", "' に失敗しました"),
	ASSERT("アサーション '", "' に失敗しました"),
	ASSERT("assertion `", "' 실패"),
	ASSERT("Předpoklad „", "\" nesplněn"),
	ASSERT("Predpostavka »", "« spodletela"),
	ASSERT("Тврдња „", "\" није успела"),
	ASSERT("Kontrolni test „", "\" nije uspio"),
	ASSERT("L'asserció «", "» ha fallat"),
	ASSERT("Пропадна проверката за истина - '", "'"),
	ASSERT("Insuccesso del assertion `", "'"),
	ASSERT("Kontrolo '", "' malsukcesis"),
};

const struct phrase_table localized_assertions = { "glibc", AT_WORD, glibc, ARRAY_LEN(glibc) };
