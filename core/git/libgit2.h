/** libgit2, loaded when a repository is first looked at: it and its libraries take 3 to 4 ms,
 * which commands that have nothing to do with git need not pay.  The functions below are called
 * by their own names. */
#ifndef SD_GIT_LIBGIT2_H
#define SD_GIT_LIBGIT2_H

#include <git2.h>
#include <stdbool.h>

/** The functions that are used: return type, name, parameters. */
#define SD_LIBGIT2_FUNCTIONS(X)                                                                \
	X(int, git_libgit2_init, (void))                                                       \
	X(int, git_libgit2_opts, (int, ...))                                                   \
	X(const git_error *, git_error_last, (void))                                           \
	X(int, git_repository_open_ext,                                                        \
		(git_repository **, const char *, unsigned int, const char *))                 \
	X(void, git_repository_free, (git_repository *))                                       \
	X(const char *, git_repository_workdir, (const git_repository *))                      \
	X(const char *, git_repository_path, (const git_repository *))                         \
	X(const char *, git_repository_commondir, (const git_repository *))                    \
	X(int, git_repository_is_bare, (const git_repository *))                               \
	X(int, git_repository_index, (git_index **, git_repository *))                         \
	X(int, git_repository_config, (git_config **, git_repository *))                       \
	X(int, git_config_add_file_ondisk,                                                     \
		(git_config *, const char *, git_config_level_t, const git_repository *, int)) \
	X(int, git_config_get_bool, (int *, const git_config *, const char *))                 \
	X(void, git_index_free, (git_index *))                                                 \
	X(size_t, git_index_entrycount, (const git_index *))                                   \
	X(const git_index_entry *, git_index_get_byindex, (git_index *, size_t))               \
	X(const git_index_entry *, git_index_get_bypath, (git_index *, const char *, int))     \
	X(int, git_index_find_prefix, (size_t *, git_index *, const char *))                   \
	X(int, git_revparse_single, (git_object **, git_repository *, const char *))           \
	X(int, git_object_peel, (git_object **, const git_object *, git_object_t))             \
	X(const git_oid *, git_object_id, (const git_object *))                                \
	X(void, git_object_free, (git_object *))                                               \
	X(int, git_tree_entry_bypath, (git_tree_entry **, const git_tree *, const char *))     \
	X(const git_oid *, git_tree_entry_id, (const git_tree_entry *))                        \
	X(git_filemode_t, git_tree_entry_filemode, (const git_tree_entry *))                   \
	X(const char *, git_tree_entry_name, (const git_tree_entry *))                         \
	X(void, git_tree_entry_free, (git_tree_entry *))                                       \
	X(int, git_tree_lookup, (git_tree **, git_repository *, const git_oid *))              \
	X(void, git_tree_free, (git_tree *))                                                   \
	X(int, git_tree_walk, (const git_tree *, git_treewalk_mode, git_treewalk_cb, void *))  \
	X(int, git_blob_lookup, (git_blob **, git_repository *, const git_oid *))              \
	X(const void *, git_blob_rawcontent, (const git_blob *))                               \
	X(git_object_size_t, git_blob_rawsize, (const git_blob *))                             \
	X(void, git_blob_free, (git_blob *))                                                   \
	X(int, git_merge_base,                                                                 \
		(git_oid *, git_repository *, const git_oid *, const git_oid *))               \
	X(char *, git_oid_tostr, (char *, size_t, const git_oid *))                            \
	X(int, git_oid_cmp, (const git_oid *, const git_oid *))                                \
	X(int, git_config_get_path, (git_buf *, const git_config *, const char *))             \
	X(void, git_config_free, (git_config *))                                               \
	X(void, git_buf_dispose, (git_buf *))                                                  \
	X(int, git_repository_head, (git_reference **, git_repository *))                      \
	X(int, git_reference_lookup, (git_reference **, git_repository *, const char *))       \
	X(const char *, git_reference_name, (const git_reference *))                           \
	X(const char *, git_reference_shorthand, (const git_reference *))                      \
	X(const char *, git_reference_symbolic_target, (const git_reference *))                \
	X(void, git_reference_free, (git_reference *))

#define SD_LIBGIT2_MEMBER(result, name, params) result(*name) params;
struct sd_libgit2 {
	SD_LIBGIT2_FUNCTIONS(SD_LIBGIT2_MEMBER)
};
#undef SD_LIBGIT2_MEMBER

/** The loaded library. */
extern struct sd_libgit2 sd_libgit2;

/** Load and initialise it, once; false with the reason in *@why when it is not there.  Only the
 *  version that the program was built against will do: later ones change structs. */
bool sd_libgit2_load(const char **why);

#define git_libgit2_init sd_libgit2.git_libgit2_init
#define git_libgit2_opts sd_libgit2.git_libgit2_opts
#define git_error_last sd_libgit2.git_error_last
#define git_repository_open_ext sd_libgit2.git_repository_open_ext
#define git_repository_free sd_libgit2.git_repository_free
#define git_repository_workdir sd_libgit2.git_repository_workdir
#define git_repository_path sd_libgit2.git_repository_path
#define git_repository_commondir sd_libgit2.git_repository_commondir
#define git_repository_is_bare sd_libgit2.git_repository_is_bare
#define git_repository_index sd_libgit2.git_repository_index
#define git_repository_config sd_libgit2.git_repository_config
#define git_config_add_file_ondisk sd_libgit2.git_config_add_file_ondisk
#define git_config_get_bool sd_libgit2.git_config_get_bool
#define git_index_free sd_libgit2.git_index_free
#define git_index_entrycount sd_libgit2.git_index_entrycount
#define git_index_get_byindex sd_libgit2.git_index_get_byindex
#define git_index_get_bypath sd_libgit2.git_index_get_bypath
#define git_index_find_prefix sd_libgit2.git_index_find_prefix
#define git_revparse_single sd_libgit2.git_revparse_single
#define git_object_peel sd_libgit2.git_object_peel
#define git_object_id sd_libgit2.git_object_id
#define git_object_free sd_libgit2.git_object_free
#define git_tree_entry_bypath sd_libgit2.git_tree_entry_bypath
#define git_tree_entry_id sd_libgit2.git_tree_entry_id
#define git_tree_entry_filemode sd_libgit2.git_tree_entry_filemode
#define git_tree_entry_name sd_libgit2.git_tree_entry_name
#define git_tree_entry_free sd_libgit2.git_tree_entry_free
#define git_tree_lookup sd_libgit2.git_tree_lookup
#define git_tree_free sd_libgit2.git_tree_free
#define git_tree_walk sd_libgit2.git_tree_walk
#define git_blob_lookup sd_libgit2.git_blob_lookup
#define git_blob_rawcontent sd_libgit2.git_blob_rawcontent
#define git_blob_rawsize sd_libgit2.git_blob_rawsize
#define git_blob_free sd_libgit2.git_blob_free
#define git_merge_base sd_libgit2.git_merge_base
#define git_oid_tostr sd_libgit2.git_oid_tostr
#define git_oid_cmp sd_libgit2.git_oid_cmp
#define git_config_get_path sd_libgit2.git_config_get_path
#define git_config_free sd_libgit2.git_config_free
#define git_buf_dispose sd_libgit2.git_buf_dispose
#define git_repository_head sd_libgit2.git_repository_head
#define git_reference_lookup sd_libgit2.git_reference_lookup
#define git_reference_name sd_libgit2.git_reference_name
#define git_reference_shorthand sd_libgit2.git_reference_shorthand
#define git_reference_symbolic_target sd_libgit2.git_reference_symbolic_target
#define git_reference_free sd_libgit2.git_reference_free

#endif
