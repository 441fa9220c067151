/* A file beside the database, locked as long as a run lasts.
 *
 * It is not the database itself: whoever closes any descriptor of that takes away the locks
 * that the library has on it (https://www.sqlite.org/howtocorrupt.html, 2.2).  The kernel gives
 * the lock of a process back that is killed; the file that such a one leaves behind is empty of
 * meaning, and the next run removes it. */
#include "core/db/sqlite_lock.h"

#include "core/base/text.h"
#include "core/db/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX "-schemadiff"
#define HOLDER_BYTES 300

static const struct sd_pos nowhere;

enum got { GOT_IT, HELD, CANNOT };

/* The file as the database is, and its owner's: whoever may write the one may lock the other, also
 * when root has run something before.  *@made: it was not there. */
static int
open_file(const char *path, const char *database, bool *made)
{
	struct stat st;
	bool known = stat(database, &st) == 0;
	mode_t mode = known ? st.st_mode & 0666 : 0644;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	*made = fd >= 0;
	if (fd >= 0 && known && fchown(fd, st.st_uid, st.st_gid))
		(void)!fchown(fd, (uid_t)-1, st.st_gid);
	if (fd >= 0)
		(void)fchmod(fd, mode);
	else if (errno == EEXIST)
		fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	return fd;
}

/* Is @fd what is called @path, or a file that its holder has removed meanwhile? */
static bool
is_current(int fd, const char *path)
{
	struct stat mine, there;

	return fstat(fd, &mine) == 0 && stat(path, &there) == 0 &&
	       mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

static enum got
try_once(struct sd_sqlite_lock *lock, const char *path, const char *database)
{
	bool made;
	int fd;

	for (;;) {
		fd = open_file(path, database, &made);
		if (fd < 0 && errno == ENOENT && access(database, F_OK) == 0)
			continue; /* removed between the two ways of opening it */
		if (fd < 0)
			return CANNOT;
		if (flock(fd, LOCK_EX | LOCK_NB)) {
			bool held = errno == EWOULDBLOCK;

			/* a folder that knows no locks keeps no file for them */
			if (!held && made)
				(void)unlink(path);
			(void)close(fd);
			return held ? HELD : CANNOT;
		}
		if (is_current(fd, path))
			break;
		(void)close(fd);
	}
	*lock = (struct sd_sqlite_lock){ .path = path, .fd = fd };
	return GOT_IT;
}

/* For those who wait; that it may fail is no concern of ours. */
static void
say_who(const struct sd_sqlite_lock *lock, struct sd_db *db, struct sd_arena *arena)
{
	const char *who =
		sd_fmt(arena, "process %ld, %s", (long)getpid(), sd_db_whoami(db, arena));

	if (ftruncate(lock->fd, 0) == 0)
		(void)!write(lock->fd, who, strlen(who));
}

static enum sd_status
fail_held(struct sd_db *db, const char *path)
{
	char who[HOLDER_BYTES] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0) {
		if (read(fd, who, sizeof who - 1) < 0)
			who[0] = '\0';
		(void)close(fd);
	}
	sd_fail(db->diags, SD_CLASS_DATABASE, nowhere, "another run has the lock %s%s%s", path,
		*who ? ": " : "", sd_text_squeeze(db->diags->arena, who));
	sd_hint(db->diags,
		"try again when it has finished, or wait longer with --wait SECONDS");
	db->failure = SD_DB_LOCKED;
	return SD_ERR;
}

enum sd_status
sd_sqlite_lock_take(struct sd_sqlite_lock *lock, struct sd_db *db, const char *file,
	const struct sd_wait *wait, struct sd_arena *arena)
{
	struct sd_waiter waiter = { 0 };
	const char *path = sd_fmt(arena, "%s" SUFFIX, file);
	enum got got;

	if (lock->path || !*file)
		return SD_OK;
	if (wait)
		waiter.wait = *wait;
	sd_waiter_start(&waiter);
	do
		got = try_once(lock, path, file);
	while (got == HELD && sd_waiter_more(&waiter));
	if (got == HELD)
		return fail_held(db, path);
	if (got == GOT_IT)
		say_who(lock, db, arena);
	return SD_OK;
}

void
sd_sqlite_lock_drop(struct sd_sqlite_lock *lock)
{
	if (!lock->path)
		return;
	/* removed while it is held: who waits for it finds out, and opens the next one */
	(void)unlink(lock->path);
	(void)close(lock->fd);
	*lock = (struct sd_sqlite_lock){ 0 };
}
