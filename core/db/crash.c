/* Crash tests that can be repeated.
 *
 * A kill at a random moment finds a bug once.  This shim stands between SQLite and its
 * operating system layer, counts what changes a file, and has the process die (SIGKILL: no
 * handler runs, nothing is flushed) right before the n-th such operation, so that a test can
 * try every n there is.  It is the default VFS of a build with SD_CRASH_TEST, and nothing of
 * it is in any other build.  What is sent to a server is counted by the driver.
 *
 * The layout of such a shim: https://www.sqlite.org/vfs.html#vfs_shims */
#include "core/db/crash.h"

#ifdef SD_CRASH_TEST

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shim {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	long count, crash_at;
	const char *count_file;
};

struct file {
	sqlite3_file base;
	sqlite3_io_methods methods; /* of the version that the real file has */
	sqlite3_file *real;
};

static struct shim shim;

/* One more operation that changes a file is about to happen. */
static void
tick(void)
{
	if (++shim.count == shim.crash_at)
		(void)raise(SIGKILL);
}

static void
write_count(void)
{
	FILE *out = fopen(shim.count_file, "w");

	if (!out)
		return;
	(void)fprintf(out, "%ld\n", shim.count);
	(void)fclose(out);
}

#define REAL(f) (((struct file *)(f))->real)

static int
shim_close(sqlite3_file *f)
{
	return REAL(f)->pMethods->xClose(REAL(f));
}

static int
shim_read(sqlite3_file *f, void *to, int n, sqlite3_int64 off)
{
	return REAL(f)->pMethods->xRead(REAL(f), to, n, off);
}

static int
shim_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 off)
{
	tick();
	return REAL(f)->pMethods->xWrite(REAL(f), from, n, off);
}

static int
shim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	tick();
	return REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int
shim_sync(sqlite3_file *f, int flags)
{
	tick();
	return REAL(f)->pMethods->xSync(REAL(f), flags);
}

static int
shim_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int
shim_lock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int
shim_unlock(sqlite3_file *f, int level)
{
	return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int
shim_reserved(sqlite3_file *f, int *result)
{
	return REAL(f)->pMethods->xCheckReservedLock(REAL(f), result);
}

static int
shim_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int
shim_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
shim_traits(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
shim_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **at)
{
	return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, at);
}

static int
shim_shm_lock(sqlite3_file *f, int off, int n, int flags)
{
	return REAL(f)->pMethods->xShmLock(REAL(f), off, n, flags);
}

static void
shim_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
shim_shm_unmap(sqlite3_file *f, int remove_it)
{
	return REAL(f)->pMethods->xShmUnmap(REAL(f), remove_it);
}

static int
shim_fetch(sqlite3_file *f, sqlite3_int64 off, int n, void **at)
{
	return REAL(f)->pMethods->xFetch(REAL(f), off, n, at);
}

static int
shim_unfetch(sqlite3_file *f, sqlite3_int64 off, void *at)
{
	return REAL(f)->pMethods->xUnfetch(REAL(f), off, at);
}

static const sqlite3_io_methods shim_methods = {
	.iVersion = 3,
	.xClose = shim_close,
	.xRead = shim_read,
	.xWrite = shim_write,
	.xTruncate = shim_truncate,
	.xSync = shim_sync,
	.xFileSize = shim_size,
	.xLock = shim_lock,
	.xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved,
	.xFileControl = shim_control,
	.xSectorSize = shim_sector,
	.xDeviceCharacteristics = shim_traits,
	.xShmMap = shim_shm_map,
	.xShmLock = shim_shm_lock,
	.xShmBarrier = shim_shm_barrier,
	.xShmUnmap = shim_shm_unmap,
	.xFetch = shim_fetch,
	.xUnfetch = shim_unfetch,
};

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	struct file *file = (struct file *)f;
	int rc;

	(void)vfs;
	memset(file, 0, sizeof *file);
	file->real = (sqlite3_file *)(file + 1);
	rc = shim.real->xOpen(shim.real, name, file->real, flags, out_flags);
	if (!file->real->pMethods)
		return rc;
	file->methods = shim_methods;
	file->methods.iVersion = file->real->pMethods->iVersion;
	file->base.pMethods = &file->methods;
	return rc;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
	(void)vfs;
	tick();
	return shim.real->xDelete(shim.real, name, sync_dir);
}

/* The rest of the layer takes the real one's functions, which look at their own struct. */
static int
shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	(void)vfs;
	return shim.real->xAccess(shim.real, name, flags, result);
}

static int
shim_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	return shim.real->xFullPathname(shim.real, name, n, out);
}

void
sd_crash_install(void)
{
	const char *at = getenv("SCHEMADIFF_CRASH_AT");

	if (shim.real)
		return;
	shim.real = sqlite3_vfs_find(NULL);
	shim.vfs = *shim.real;
	shim.vfs.zName = "schemadiff-crash";
	shim.vfs.szOsFile = (int)sizeof(struct file) + shim.real->szOsFile;
	shim.vfs.pNext = NULL;
	shim.vfs.xOpen = shim_open;
	shim.vfs.xDelete = shim_delete;
	shim.vfs.xAccess = shim_access;
	shim.vfs.xFullPathname = shim_full_path;
	shim.crash_at = at ? strtol(at, NULL, 10) : 0;
	shim.count_file = getenv("SCHEMADIFF_CRASH_COUNT");
	if (shim.count_file)
		(void)atexit(write_count);
	(void)sqlite3_vfs_register(&shim.vfs, 1);
}

void
sd_crash_point(const char *sql)
{
	static const char *const reading[] = { "SELECT", "SHOW", "EXPLAIN", "BEGIN" };

	for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
		if (strncmp(sql, reading[i], strlen(reading[i])) == 0)
			return;
	sd_crash_install();
	tick();
}

#else

void
sd_crash_install(void)
{
}

void
sd_crash_point(const char *sql)
{
	(void)sql;
}

#endif
