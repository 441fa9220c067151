/* A server has more names than anybody writes down: what is about to be destroyed is compared by
 * the addresses that its names lead to. */
#include "core/config/pghost.h"

#include "core/base/text.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Stands for all addresses of this machine, and for its sockets. */
static const char here[] = "localhost";

/* @address as text, one that IPv6 has of IPv4 as the latter's; NULL for another kind. */
static const char *
text_of(struct sd_arena *scratch, const struct sockaddr *address, socklen_t len)
{
	static const char mapped[] = "::ffff:";
	char text[NI_MAXHOST];

	if (getnameinfo(address, len, text, sizeof text, NULL, 0, NI_NUMERICHOST))
		return NULL;
	return sd_strdup(
		scratch, text + (sd_text_starts(text, mapped) ? sizeof mapped - 1 : 0));
}

static bool
is_own(struct sd_arena *scratch, const char *text)
{
	bool own = sd_text_starts(text, "127.") || strcmp(text, "::1") == 0;
	struct ifaddrs *all = NULL;

	if (own || getifaddrs(&all))
		return own;
	for (const struct ifaddrs *i = all; !own && i; i = i->ifa_next) {
		int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;

		if (family == AF_INET || family == AF_INET6)
			own = sd_text_equal(text_of(scratch, i->ifa_addr,
						    family == AF_INET
							    ? sizeof(struct sockaddr_in)
							    : sizeof(struct sockaddr_in6)),
				text);
	}
	freeifaddrs(all);
	return own;
}

static void
look_up(struct sd_arena *scratch, const char *host, struct sd_names *addresses)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	const char *text;

	if (strcmp(host, here) == 0) {
		*sd_push(scratch, addresses) = here;
		return;
	}
	if (strpbrk(host, "*?") || getaddrinfo(host, NULL, &hints, &found))
		return;
	for (const struct addrinfo *i = found; i; i = i->ai_next) {
		text = text_of(scratch, i->ai_addr, i->ai_addrlen);
		if (text)
			*sd_push(scratch, addresses) = is_own(scratch, text) ? here : text;
	}
	freeaddrinfo(found);
}

/* All "address port" of the hosts of @identity. */
static void
places_of(struct sd_arena *scratch, const char *identity, struct sd_names *places)
{
	size_t n;

	for (const char *p = identity;; p += n + 1) {
		struct sd_names addresses = { 0 };
		char *host, *port;

		n = strcspn(p, ",/");
		host = sd_strndup(scratch, p, n);
		port = strrchr(host, ':');
		if (port) {
			*port++ = '\0';
			look_up(scratch, host, &addresses);
		}
		for (size_t i = 0; i < addresses.n; i++)
			*sd_push(scratch, places) =
				sd_fmt(scratch, "%s %s", addresses.at[i], port);
		if (p[n] != ',')
			return;
	}
}

bool
sd_pghost_same(struct sd_arena *scratch, const char *a, const char *b)
{
	const char *db_a = strchr(a, '/'), *db_b = strchr(b, '/');
	struct sd_names of_a = { 0 }, of_b = { 0 };

	if (!db_a || !db_b || !sd_text_glob(db_b, db_a))
		return false;
	places_of(scratch, a, &of_a);
	places_of(scratch, b, &of_b);
	for (size_t i = 0; i < of_a.n; i++)
		if (sd_names_find(&of_b, of_a.at[i]) >= 0)
			return true;
	return false;
}
