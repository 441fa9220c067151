/** Compiler attributes and the two macros that every file wants. */
#ifndef SD_BASE_ATTR_H
#define SD_BASE_ATTR_H

#define SD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SD_NODISCARD __attribute__((warn_unused_result))
#define SD_NORETURN __attribute__((noreturn))

/** Number of elements of a true array. */
#define SD_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
