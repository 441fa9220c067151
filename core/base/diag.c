#include "core/base/diag.h"

#include "core/base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
record(struct sd_diags *diags, enum sd_severity severity, enum sd_class class,
	struct sd_pos pos, const char *format, va_list args)
{
	struct sd_diag *diag;
	char text[4096];

	if (severity == SD_SEV_ERROR && ++diags->n_errors > SD_DIAGS_MAX) {
		diags->muted = true;
		return;
	}
	if (severity == SD_SEV_ERROR || severity == SD_SEV_WARNING)
		diags->muted = false;
	if (diags->muted)
		return;
	vsnprintf(text, sizeof text, format, args);
	diag = sd_push(diags->arena, &diags->list);
	diag->severity = severity;
	diag->class = class;
	diag->pos = pos;
	diag->pos.file = sd_strdup(diags->arena, pos.file);
	diag->text = sd_diags_redact(diags, diags->arena, sd_strdup(diags->arena, text));
}

#define RECORD(severity, class, pos)                                                           \
	do {                                                                                   \
		va_list args;                                                                  \
		va_start(args, format);                                                        \
		record(diags, severity, class, pos, format, args);                             \
		va_end(args);                                                                  \
	} while (0)

enum sd_status
sd_error(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
{
	RECORD(SD_SEV_ERROR, SD_CLASS_INPUT, pos);
	return SD_ERR;
}

enum sd_status
sd_fail(struct sd_diags *diags, enum sd_class class, struct sd_pos pos, const char *format, ...)
{
	RECORD(SD_SEV_ERROR, class, pos);
	return SD_ERR;
}

void
sd_warn(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
{
	RECORD(SD_SEV_WARNING, SD_CLASS_INPUT, pos);
}

void
sd_note(struct sd_diags *diags, struct sd_pos pos, const char *format, ...)
{
	RECORD(SD_SEV_NOTE, SD_CLASS_INPUT, pos);
}

void
sd_hint(struct sd_diags *diags, const char *format, ...)
{
	RECORD(SD_SEV_HINT, SD_CLASS_INPUT, (struct sd_pos){ 0 });
}

/* Behind the report at @i with its notes and hints. */
static size_t
end_of_report(const struct sd_diags *diags, size_t i)
{
	for (i++; i < diags->list.n; i++)
		if (diags->list.at[i].severity == SD_SEV_ERROR ||
			diags->list.at[i].severity == SD_SEV_WARNING)
			break;
	return i;
}

static bool
same_line(const struct sd_diag *a, const struct sd_diag *b)
{
	return a->severity == b->severity && sd_text_equal(a->pos.file, b->pos.file) &&
	       a->pos.line == b->pos.line && a->pos.col == b->pos.col &&
	       sd_text_equal(a->text, b->text);
}

/* What begins at @i and ends before @end stands before it already. */
static bool
is_repeat(const struct sd_diags *diags, size_t i, size_t end)
{
	const struct sd_diag *at = diags->list.at;

	for (size_t k = 0; k + (end - i) <= i; k++) {
		size_t n = 0;

		while (n < end - i && same_line(&at[k + n], &at[i + n]))
			n++;
		if (n == end - i)
			return true;
	}
	return false;
}

void
sd_diags_drop_repeats(struct sd_diags *diags, size_t first)
{
	for (size_t i = first; i < diags->list.n;) {
		size_t end = end_of_report(diags, i);

		if (!is_repeat(diags, i, end)) {
			i = end;
			continue;
		}
		diags->n_errors -= diags->list.at[i].severity == SD_SEV_ERROR;
		memmove(&diags->list.at[i], &diags->list.at[end],
			(diags->list.n - end) * sizeof *diags->list.at);
		diags->list.n -= end - i;
	}
}

static void
add_secret(struct sd_diags *diags, const char *secret)
{
	if (strlen(secret) > 3 && sd_names_find(&diags->secrets, secret) < 0)
		*sd_push(diags->arena, &diags->secrets) = sd_strdup(diags->arena, secret);
}

void
sd_diags_hide(struct sd_diags *diags, const char *secret)
{
	struct sd_buf decoded = SD_BUF(diags->arena);

	add_secret(diags, secret);
	for (const char *p = secret; *p; p++) {
		unsigned code;
		int used = 0;

		if (*p == '%' && sscanf(p + 1, "%2x%n", &code, &used) == 1 && used == 2) {
			sd_buf_addc(&decoded, (char)code);
			p += 2;
		} else {
			sd_buf_addc(&decoded, *p);
		}
	}
	add_secret(diags, sd_buf_text(&decoded));
}

const char *
sd_diags_redact(const struct sd_diags *diags, struct sd_arena *arena, const char *text)
{
	for (size_t i = 0; i < diags->secrets.n; i++)
		if (strstr(text, diags->secrets.at[i]))
			text = sd_text_replace(arena, text, diags->secrets.at[i], "***");
	return text;
}

int
sd_diags_exit(const struct sd_diags *diags)
{
	static const int precedence[] = { SD_CLASS_INPUT, SD_CLASS_DATABASE, SD_CLASS_HISTORY,
		SD_CLASS_REFUSED };

	for (size_t p = 0; p < SD_COUNT(precedence); p++)
		for (size_t i = 0; i < diags->list.n; i++)
			if (diags->list.at[i].severity == SD_SEV_ERROR &&
				(int)diags->list.at[i].class == precedence[p])
				return precedence[p];
	return 0;
}

void
sd_diags_format(const struct sd_diags *diags, size_t first, bool color, struct sd_buf *out)
{
	static const struct {
		const char *word, *color;
	} words[] = {
		[SD_SEV_ERROR] = { "error", "\033[1;31m" },
		[SD_SEV_WARNING] = { "warning", "\033[1;33m" },
		[SD_SEV_NOTE] = { "note", "\033[1;36m" },
		[SD_SEV_HINT] = { "hint", "\033[1;32m" },
	};

	for (size_t i = first; i < diags->list.n; i++) {
		const struct sd_diag *d = &diags->list.at[i];

		if (d->pos.file)
			sd_buf_addf(out, "%s:", d->pos.file);
		if (d->pos.file && d->pos.line)
			sd_buf_addf(out, "%" PRIu32 ":", d->pos.line);
		if (d->pos.file && d->pos.line && d->pos.col)
			sd_buf_addf(out, "%" PRIu32 ":", d->pos.col);
		if (d->pos.file)
			sd_buf_addc(out, ' ');
		sd_buf_addf(out, "%s%s:%s %s\n", color ? words[d->severity].color : "",
			words[d->severity].word, color ? "\033[0m" : "", d->text);
	}
	if (diags->n_errors > SD_DIAGS_MAX)
		sd_buf_addf(out, "note: %zu more errors not shown\n",
			diags->n_errors - SD_DIAGS_MAX);
}

void
sd_bug_at(const char *file, int line, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	snprintf(text + strlen(text), sizeof text - strlen(text),
		" (%s:%d); please report this defect of schemadiff\n", file, line);
	(void)!fwrite(text, 1, strlen(text), stderr);
	abort();
}
