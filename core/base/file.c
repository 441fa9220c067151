#include "core/base/file.h"

#include "core/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct sd_pos
at(const char *path)
{
	return (struct sd_pos){ .file = path };
}

/* Read what @fd holds, at most SD_FILE_MAX + 1 bytes, into @out.  A regular file of @size bytes
 * takes one call; what grew meanwhile, or has no size, is read on. */
static int
read_all(int fd, size_t size, struct sd_buf *out)
{
	size_t want = size ? size : 4096;

	while (out->n <= SD_FILE_MAX) {
		char *room = sd_buf_room(out, want);
		ssize_t n = read(fd, room, want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		out->n += (size_t)n;
		room[n] = '\0';
		if (n == 0 || out->n == size)
			return 0;
		want = 65536;
	}
	return 0;
}

enum sd_status
sd_file_read(const char *path, struct sd_arena *arena, struct sd_diags *diags, char **text,
	size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sd_buf buf = SD_BUF(arena);
	enum sd_status status = SD_ERR;
	struct stat st;

	if (fd < 0)
		return sd_error(diags, at(path), "cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st) || S_ISDIR(st.st_mode)) {
		sd_error(diags, at(path), "cannot be read: %s",
			S_ISDIR(st.st_mode) ? "it is a folder" : strerror(errno));
		goto out;
	}
	if (read_all(fd,
		    S_ISREG(st.st_mode) && st.st_size > 0 && (size_t)st.st_size <= SD_FILE_MAX
			    ? (size_t)st.st_size
			    : 0,
		    &buf)) {
		sd_error(diags, at(path), "cannot be read: %s", strerror(errno));
		goto out;
	}
	if (buf.n > SD_FILE_MAX) {
		sd_error(diags, at(path), "is larger than 16 MiB");
		sd_hint(diags, "split it into several files");
		goto out;
	}
	sd_buf_addn(&buf, "", 0);
	*text = buf.at;
	if (len)
		*len = buf.n;
	status = SD_OK;
out:
	close(fd);
	return status;
}

static int
write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd);
}

static void
sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd); /* not every file system can: the rename is done all the same */
	close(fd);
}

enum sd_status
sd_file_write(
	const char *path, const char *text, size_t len, bool exclusive, struct sd_diags *diags)
{
	char *temp = sd_fmt(diags->arena, "%s.XXXXXX", path);
	int fd = mkstemp(temp), failed;
	mode_t mask = umask(0);

	umask(mask);
	if (fd < 0)
		return sd_error(diags, at(path), "cannot be written: %s", strerror(errno));
	failed = write_all(fd, text, len) || fchmod(fd, 0666 & ~mask);
	failed |= close(fd) != 0;
	if (!failed && exclusive)
		failed = link(temp, path) != 0 || unlink(temp) != 0;
	else if (!failed)
		failed = rename(temp, path) != 0;
	if (failed) {
		int cause = errno;

		(void)unlink(temp);
		return sd_error(diags, at(path), "cannot be written: %s",
			cause == EEXIST ? "the file exists already" : strerror(cause));
	}
	sync_dir(sd_path_dir(diags->arena, path));
	return SD_OK;
}

enum sd_status
sd_file_make_program(const char *path, struct sd_diags *diags)
{
	struct stat st;

	if (stat(path, &st) || chmod(path, st.st_mode | (st.st_mode & 0444) >> 2))
		return sd_error(diags, at(path), "cannot be made a program: %s",
			strerror(errno));
	return SD_OK;
}

bool
sd_file_is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

enum sd_status
sd_file_move(const char *from, const char *to, struct sd_diags *diags)
{
	struct stat st;

	if (lstat(to, &st) == 0)
		return sd_error(diags, at(to), "exists already, and is not overwritten");
	if (rename(from, to))
		return sd_error(diags, at(from), "cannot be renamed to %s: %s", to,
			strerror(errno));
	return SD_OK;
}

enum sd_status
sd_file_remove(const char *path, struct sd_diags *diags)
{
	return unlink(path) ? sd_error(diags, at(path), "cannot be removed: %s", strerror(errno))
			    : SD_OK;
}

enum sd_status
sd_dir_make(const char *path, struct sd_diags *diags)
{
	char *part = sd_strdup(diags->arena, path);

	for (char *p = part + 1;; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return sd_error(
				diags, at(part), "cannot be created: %s", strerror(errno));
		*p = c;
		if (!c)
			break;
	}
	if (!sd_is_dir(path))
		return sd_error(diags, at(path), "exists and is not a folder");
	return SD_OK;
}

bool
sd_file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool
sd_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
sd_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static bool
ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n >= m && strcmp(name + n - m, suffix) == 0;
}

static enum sd_status
collect(const char *dir, const char *suffix, bool recursive, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_names *paths)
{
	DIR *d = opendir(dir);
	enum sd_status status = SD_OK;
	const struct dirent *entry;

	if (!d)
		return sd_error(diags, at(dir), "cannot be read: %s", strerror(errno));
	while (status == SD_OK && (entry = readdir(d)) != NULL) {
		const char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = sd_path_join(arena, dir, entry->d_name);
		if (entry->d_type == DT_REG || !sd_is_dir(path)) {
			if (ends_with(entry->d_name, suffix))
				*sd_push(arena, paths) = path;
		} else if (recursive) {
			status = collect(path, suffix, recursive, arena, diags, paths);
		}
	}
	closedir(d);
	return status;
}

enum sd_status
sd_dir_list(const char *dir, const char *suffix, bool recursive, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_names *paths)
{
	size_t first = paths->n;

	if (collect(dir, suffix, recursive, arena, diags, paths))
		return SD_ERR;
	sd_names_sort(paths, first);
	return SD_OK;
}

const char *
sd_path_join(struct sd_arena *arena, const char *dir, const char *name)
{
	size_t len = dir ? strlen(dir) : 0;

	if (name[0] == '/' || !len || strcmp(dir, ".") == 0)
		return sd_strdup(arena, name);
	return sd_fmt(arena, "%s%s%s", dir, dir[len - 1] == '/' ? "" : "/", name);
}

const char *
sd_path_dir(struct sd_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : sd_strndup(arena, path, (size_t)(slash - path));
}

const char *
sd_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
