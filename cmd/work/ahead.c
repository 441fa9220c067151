#include "cmd/work/ahead.h"

#include <pthread.h>

struct sd_ahead {
	struct sd_session *session; /* the caller's */
	struct sd_session own;      /* what the thread works with */
	struct sd_diags diags;
	const struct sd_engine *engine;
	struct sd_schema *schema;
	pthread_t thread;
	bool running;
};

static void *
load(void *arg)
{
	struct sd_ahead *ahead = arg;

	ahead->schema = sd_work_load(&ahead->own, ahead->engine);
	return NULL;
}

static void
free_arena(void *arena)
{
	sd_arena_free(arena);
}

struct sd_ahead *
sd_ahead_begin(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_ahead *ahead = sd_new(session->arena, struct sd_ahead);

	ahead->session = session;
	ahead->engine = engine;
	ahead->own = *session;
	ahead->own.arena = ahead->diags.arena = sd_arena_new();
	ahead->own.diags = &ahead->diags;
	sd_arena_defer(session->arena, free_arena, ahead->own.arena);
	ahead->running = pthread_create(&ahead->thread, NULL, load, ahead) == 0;
	if (!ahead->running)
		load(ahead); /* no thread to be had: then now */
	return ahead;
}

struct sd_schema *
sd_ahead_finish(struct sd_ahead *ahead)
{
	struct sd_diags *diags = ahead->session->diags;

	if (ahead->running)
		pthread_join(ahead->thread, NULL);
	ahead->running = false;
	for (size_t i = 0; i < ahead->diags.list.n; i++)
		*sd_push(diags->arena, &diags->list) = ahead->diags.list.at[i];
	diags->n_errors += ahead->diags.n_errors;
	return ahead->schema;
}
