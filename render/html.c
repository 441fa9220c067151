/* A diff as one page that needs nothing else: no script, no font, no picture; its policy allows
 * none.  It follows the reader's light or dark, and fits a phone. */
#include "render/report.h"

#include <string.h>

struct writing {
	struct sd_buf *out;
	struct sd_arena *arena;
};

/* Colours are pairs of at least 4.5:1 in both schemes: tests/browser measures them. */
static const char page_head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<title>Schema changes</title>\n"
	"<style>\n"
	":root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1c2128;--soft:#57606a;"
	"--line:#d8dee4;--add:#116329;--add-bg:#dafbe1;--drop:#a40e26;--drop-bg:#ffebe9;"
	"--chg:#7d4e00;--chg-bg:#fff3cd;--code:#eef1f4;--link:#0550ae}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--card:#161b22;--text:#e6edf3;"
	"--soft:#9ba5b0;--line:#30363d;--add:#7ee787;--add-bg:#12361f;--drop:#ffa198;"
	"--drop-bg:#481a1d;--chg:#f2cc60;--chg-bg:#3b2e0a;--code:#22282f;--link:#79c0ff}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--bg);"
	"color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
	"h1{margin:0;font-size:1.6rem;line-height:1.2}\n"
	"h2{margin:0;font-size:1.05rem;font-weight:600}\n"
	".sum{margin:.35rem 0 0;font-size:1.05rem}\n"
	".sub{margin:.15rem 0 0;color:var(--soft)}\n"
	".soft,.place{color:var(--soft)}\n"
	".place{font-size:.8rem;font-weight:400}\n"
	"code,pre{font:.875em/1.5 ui-monospace,Menlo,Consolas,monospace}\n"
	"code{background:var(--code);border-radius:4px;padding:.1em .3em}\n"
	"a{color:var(--link)}\n"
	"section,details,.box{background:var(--card);border:1px solid var(--line);"
	"border-radius:8px;margin:1rem 0 0;padding:.75rem 1rem}\n"
	".parts{list-style:none;margin:.6rem 0 0;padding:0}\n"
	".parts>li{border-top:1px solid var(--line);padding:.45rem 0}\n"
	".parts>li:last-child{padding-bottom:0}\n"
	".m{border-radius:4px;padding:0 .4em;font-size:.75rem;font-weight:600;"
	"line-height:1.6;min-width:4.6rem;text-align:center;display:inline-block;"
	"margin-right:.3rem}\n"
	".added{color:var(--add);background:var(--add-bg)}\n"
	".dropped{color:var(--drop);background:var(--drop-bg)}\n"
	".changed{color:var(--chg);background:var(--chg-bg)}\n"
	".d{margin:.15rem 0 0}\n"
	"ul.f{list-style:none;margin:.15rem 0 0;padding:0}\n"
	"code,.w,.box li{white-space:pre-wrap}\n"
	".v{background:none;padding:0;font-weight:400}\n"
	"del,ins{text-decoration:none;border-radius:4px;padding:.1em .3em}\n"
	"del{color:var(--drop);background:var(--drop-bg)}\n"
	"ins{color:var(--add);background:var(--add-bg)}\n"
	".w{color:var(--chg);margin:.15rem 0 0}\n"
	".box{border-left:4px solid var(--chg)}\n"
	".box.stop{border-left-color:var(--drop)}\n"
	".box h2{font-size:1rem}\n"
	".box ul{margin:.35rem 0 0;padding-left:1.2rem}\n"
	"nav ul{columns:14rem;margin:.5rem 0 0;padding-left:1.2rem}\n"
	"summary{cursor:pointer;font-weight:600}\n"
	"pre{margin:.75rem 0 0;max-height:80vh;overflow:auto;overflow-wrap:normal}\n"
	":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
	"@media(min-width:40rem){.d,ul.f,section .w{margin-left:5.1rem}"
	".row,h2:has(.m){display:flex;flex-wrap:wrap;gap:.1rem .5rem;align-items:baseline}"
	".m{margin:0}.place{margin-left:auto}}\n"
	"@media print{body{max-width:none}pre{max-height:none;white-space:pre-wrap}}\n"
	"</style>\n"
	"</head>\n"
	"<body>\n"
	"<main>\n";

static const char page_foot[] = "</main>\n</body>\n</html>\n";

/* So many tables want a list of contents. */
#define MANY 8

/* Append @text with what means something in HTML spelled out; the same in attributes. */
static void
text(const struct writing *w, const char *text)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
		{ '\'', "&#39;" },
	};

	for (; *text; text++) {
		size_t i = 0;

		while (i < SD_COUNT(entities) && entities[i].c != *text)
			i++;
		if (i < SD_COUNT(entities))
			sd_buf_add(w->out, entities[i].entity);
		else
			sd_buf_addc(w->out, *text);
	}
}

/* <@tag>@content</@tag name>; @tag may carry attributes. */
static void
element(const struct writing *w, const char *tag, const char *content)
{
	sd_buf_addf(w->out, "<%s>", tag);
	text(w, content);
	sd_buf_addf(w->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void
side(const struct writing *w, const char *tag, const struct sd_excerpt *excerpt)
{
	sd_buf_add(w->out, "<code class=\"v\">");
	text(w, excerpt->before);
	element(w, tag, excerpt->middle);
	text(w, excerpt->after);
	sd_buf_add(w->out, "</code>");
}

static void
write_fields(const struct writing *w, const struct sd_report_line *line)
{
	if (!line->fields.n)
		return;
	sd_buf_add(w->out, "<ul class=\"f\">\n");
	for (size_t i = 0; i < line->fields.n; i++) {
		const struct sd_field_change *field = &line->fields.at[i];

		sd_buf_add(w->out, "<li>");
		element(w, "span class=\"soft\"", field->label);
		sd_buf_addc(w->out, ' ');
		side(w, "del", &field->from);
		sd_buf_add(w->out, " → ");
		side(w, "ins", &field->into);
		sd_buf_add(w->out, "</li>\n");
	}
	sd_buf_add(w->out, "</ul>\n");
}

static void
write_mark(const struct writing *w, enum sd_mark mark)
{
	sd_buf_addf(w->out, "<span class=\"m %s\">%s</span> ", sd_mark_words[mark],
		sd_mark_words[mark]);
}

/* What happens to @line, below its name. */
static void
write_details(const struct writing *w, const struct sd_report_line *line)
{
	if (line->old_name) {
		sd_buf_add(w->out, "<p class=\"d\">renamed from ");
		element(w, "code", line->old_name);
		sd_buf_add(w->out, "</p>\n");
	}
	write_fields(w, line);
	for (size_t i = 0; i < line->warnings.n; i++) {
		sd_buf_add(w->out, "<p class=\"w\"><span aria-hidden=\"true\">⚠ </span>");
		text(w, line->warnings.at[i]);
		sd_buf_add(w->out, "</p>\n");
	}
}

static void
write_name(const struct writing *w, const struct sd_report_line *line)
{
	write_mark(w, line->mark);
	if (line->name) {
		sd_buf_addf(w->out, "<span>%s ", line->kind);
		element(w, "code", line->name);
		sd_buf_add(w->out, "</span>");
	} else {
		element(w, "span", sd_report_title(line, w->arena));
	}
	if (*line->words) {
		sd_buf_addc(w->out, ' ');
		element(w, "code class=\"v\"", line->words);
	}
	if (line->place) {
		sd_buf_addc(w->out, ' ');
		element(w, "span class=\"place\"", line->place);
	}
}

static void
write_group(const struct writing *w, const struct sd_report_group *group, size_t number)
{
	sd_buf_addf(w->out, "<section id=\"o%zu\" aria-labelledby=\"h%zu\">\n<h2 id=\"h%zu\">",
		number, number, number);
	write_name(w, &group->head);
	sd_buf_add(w->out, "</h2>\n");
	write_details(w, &group->head);
	if (group->lines.n)
		sd_buf_add(w->out, "<ul class=\"parts\">\n");
	for (size_t i = 0; i < group->lines.n; i++) {
		sd_buf_add(w->out, "<li>\n<div class=\"row\">");
		write_name(w, &group->lines.at[i]);
		sd_buf_add(w->out, "</div>\n");
		write_details(w, &group->lines.at[i]);
		sd_buf_add(w->out, "</li>\n");
	}
	sd_buf_addf(w->out, "%s</section>\n", group->lines.n ? "</ul>\n" : "");
}

static void
write_box(const struct writing *w, const char *class, const char *heading,
	const struct sd_names *texts)
{
	if (!texts->n)
		return;
	sd_buf_addf(w->out, "<div class=\"box%s\">\n<h2>%s</h2>\n<ul>\n", class, heading);
	for (size_t i = 0; i < texts->n; i++) {
		element(w, "li", texts->at[i]);
		sd_buf_addc(w->out, '\n');
	}
	sd_buf_add(w->out, "</ul>\n</div>\n");
}

static void
write_contents(const struct writing *w, const struct sd_report *report)
{
	if (report->groups.n < MANY)
		return;
	sd_buf_add(w->out, "<nav aria-label=\"What differs\">\n<details>\n<summary>What differs"
			   "</summary>\n<ul>\n");
	for (size_t i = 0; i < report->groups.n; i++) {
		const struct sd_report_line *head = &report->groups.at[i]->head;

		sd_buf_addf(w->out, "<li><a href=\"#o%zu\">", i + 1);
		text(w, head->name);
		sd_buf_addf(w->out, "</a> <span class=\"soft\">%s</span></li>\n",
			sd_mark_words[head->mark]);
	}
	sd_buf_add(w->out, "</ul>\n</details>\n</nav>\n");
}

static void
write_head(const struct writing *w, const struct sd_report *report)
{
	sd_buf_add(w->out, "<header>\n<h1>Schema changes</h1>\n");
	element(w, "p class=\"sum\"", report->summary);
	sd_buf_addc(w->out, '\n');
	if (report->from && report->into) {
		sd_buf_add(w->out, "<p class=\"sub\">from ");
		text(w, report->from);
		sd_buf_add(w->out, " to ");
		text(w, report->into);
		sd_buf_add(w->out, "</p>\n");
	}
	sd_buf_add(w->out, "</header>\n");
}

void
sd_show_html(const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_report *report = sd_report_make(shown, arena);
	const struct writing w = { .out = out, .arena = arena };

	sd_buf_add(out, page_head);
	write_head(&w, report);
	write_box(&w, " stop", "No script can do this", &report->refusals);
	write_box(&w, "", "Left alone", &report->limits);
	write_box(&w, "", "Warnings", &report->warnings);
	write_box(&w, "", "Notes", &report->notes);
	write_contents(&w, report);
	for (size_t i = 0; i < report->groups.n; i++)
		write_group(&w, report->groups.at[i], i + 1);
	if (report->sql) {
		sd_buf_add(out, "<details>\n<summary>SQL</summary>\n<pre tabindex=\"0\">");
		text(&w, report->sql);
		sd_buf_add(out, "</pre>\n</details>\n");
	}
	sd_buf_add(out, page_foot);
}
