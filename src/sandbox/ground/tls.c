#include "sandbox/ground/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"

#define DAY_S       (24 * 60 * 60)
#define CA_DAYS     3650
#define SERVER_DAYS 365 /* longer ones are refused by some clients */
#define PEM_MAX     65536

struct tls_server {
	SSL_CTX *context;
};

struct tls_link {
	SSL *ssl;
};

/* A certificate with its key, as kept in a file. */
struct pair {
	EVP_PKEY *key;
	X509 *cert;
};

static void pair_done(struct pair *pair)
{
	EVP_PKEY_free(pair->key);
	X509_free(pair->cert);
}

static bool fail(struct err *err, const char *what)
{
	char text[256] = "no reason given";
	unsigned long code = ERR_get_error();

	if (code)
		ERR_error_string_n(code, text, sizeof(text));
	ERR_clear_error();
	return err_set(err, ERR_NETWORK, "%s: %s", what, text);
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;
	bool ok;

	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	ok = extension && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return ok;
}

static bool fill_cert(X509 *cert, const char *name, int64_t now_s, int days)
{
	unsigned char bytes[8];
	BIGNUM *number;
	X509_NAME *subject = X509_get_subject_name(cert);
	bool ok;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] &= 0x7f;
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	/* an hour back: the clocks of containers differ a little */
	return ok && X509_set_version(cert, 2) &&
	       ASN1_TIME_set(X509_getm_notBefore(cert), now_s - 3600) &&
	       ASN1_TIME_set(X509_getm_notAfter(cert),
			     now_s + (int64_t)days * DAY_S) &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
					  (const unsigned char *)name, -1, -1,
					  0);
}

static bool make_ca(struct pair *ca, int64_t now_s, struct err *err)
{
	ca->key = EVP_EC_gen("P-256");
	ca->cert = X509_new();
	if (!ca->key || !ca->cert ||
	    !fill_cert(ca->cert, "redsh sandbox CA", now_s, CA_DAYS) ||
	    !X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert)) ||
	    !X509_set_pubkey(ca->cert, ca->key) ||
	    !add_extension(ca->cert, ca->cert, NID_basic_constraints,
			   "critical,CA:TRUE,pathlen:0") ||
	    !add_extension(ca->cert, ca->cert, NID_key_usage,
			   "critical,keyCertSign,cRLSign") ||
	    !add_extension(ca->cert, ca->cert, NID_subject_key_identifier,
			   "hash") ||
	    !X509_sign(ca->cert, ca->key, EVP_sha256()))
		return fail(err, "making the sandbox's CA");
	return true;
}

static bool make_server(struct pair *server, const struct pair *ca,
			int64_t now_s, struct err *err)
{
	server->key = EVP_EC_gen("P-256");
	server->cert = X509_new();
	if (!server->key || !server->cert ||
	    !fill_cert(server->cert, "localhost", now_s, SERVER_DAYS) ||
	    !X509_set_issuer_name(server->cert,
				  X509_get_subject_name(ca->cert)) ||
	    !X509_set_pubkey(server->cert, server->key) ||
	    !add_extension(server->cert, ca->cert, NID_subject_alt_name,
			   "DNS:localhost,IP:127.0.0.1,IP:::1") ||
	    !add_extension(server->cert, ca->cert, NID_basic_constraints,
			   "critical,CA:FALSE") ||
	    !add_extension(server->cert, ca->cert, NID_key_usage,
			   "critical,digitalSignature") ||
	    !add_extension(server->cert, ca->cert, NID_ext_key_usage,
			   "serverAuth") ||
	    !add_extension(server->cert, ca->cert, NID_authority_key_identifier,
			   "keyid") ||
	    !X509_sign(server->cert, ca->key, EVP_sha256()))
		return fail(err, "making the sandbox's certificate");
	return true;
}

static bool write_pem(const char *dir, const char *name, EVP_PKEY *key,
		      X509 *cert, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long len;
	bool ok;

	path_join(dir, name, &path);
	ok = memory &&
	     (!key || PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL,
					       NULL)) &&
	     (!cert || PEM_write_bio_X509(memory, cert));
	if (!ok) {
		BIO_free(memory);
		return fail(err, "writing PEM");
	}
	len = BIO_get_mem_data(memory, &bytes);
	ok = file_write(path.text, bytes, (size_t)len, key ? 0600 : 0644, err);
	if (key)
		mem_wipe(bytes, (size_t)len);
	BIO_free(memory);
	return ok;
}

/* What is not there or does not parse stays NULL and is made anew. */
static void read_pem(const char *dir, const char *name, EVP_PKEY **key,
		     X509 **cert)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	BIO *memory;

	path_join(dir, name, &path);
	if (!file_read(path.text, PEM_MAX, &text, NULL))
		return;
	if (key) {
		memory = BIO_new_mem_buf(text.text, (int)text.len);
		*key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
		BIO_free(memory);
	}
	if (cert) {
		memory = BIO_new_mem_buf(text.text, (int)text.len);
		*cert = PEM_read_bio_X509(memory, NULL, NULL, NULL);
		BIO_free(memory);
	}
	mem_wipe(text.text, text.len);
	ERR_clear_error();
}

static bool good_until(const struct pair *pair, int64_t then_s)
{
	time_t then = (time_t)then_s;

	return pair->key && pair->cert &&
	       X509_check_private_key(pair->cert, pair->key) == 1 &&
	       X509_cmp_time(X509_get0_notAfter(pair->cert), &then) > 0;
}

static bool load_ca(struct pair *ca, const char *dir, int64_t now_s,
		    struct err *err)
{
	read_pem(dir, "ca.key", &ca->key, NULL);
	read_pem(dir, "ca.pem", NULL, &ca->cert);
	if (good_until(ca, now_s + (int64_t)365 * DAY_S))
		return true;
	pair_done(ca);
	return make_ca(ca, now_s, err) &&
	       write_pem(dir, "ca.key", ca->key, NULL, err) &&
	       write_pem(dir, "ca.pem", NULL, ca->cert, err);
}

static bool load_server(struct pair *server, const char *dir,
			const struct pair *ca, int64_t now_s, struct err *err)
{
	read_pem(dir, "server.pem", &server->key, &server->cert);
	if (good_until(server, now_s + (int64_t)30 * DAY_S) &&
	    X509_verify(server->cert, ca->key) == 1)
		return true;
	ERR_clear_error();
	pair_done(server);
	return make_server(server, ca, now_s, err) &&
	       write_pem(dir, "server.pem", server->key, server->cert, err);
}

struct tls_server *tls_server_new(const char *dir, int64_t now_ms,
				  struct err *err)
{
	CLEANUP(pair_done) struct pair ca = { NULL, NULL };
	CLEANUP(pair_done) struct pair own = { NULL, NULL };
	CLEANUP(tls_server_freep) struct tls_server *server = NULL;
	struct tls_server *made;

	if (!load_ca(&ca, dir, now_ms / 1000, err) ||
	    !load_server(&own, dir, &ca, now_ms / 1000, err))
		return NULL;
	server = mem_alloc(sizeof(*server));
	server->context = SSL_CTX_new(TLS_server_method());
	if (!server->context ||
	    SSL_CTX_set_min_proto_version(server->context, TLS1_2_VERSION) !=
		    1 ||
	    SSL_CTX_use_certificate(server->context, own.cert) != 1 ||
	    SSL_CTX_use_PrivateKey(server->context, own.key) != 1) {
		fail(err, "setting up TLS");
		return NULL;
	}
	SSL_CTX_set_mode(server->context, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_session_cache_mode(server->context, SSL_SESS_CACHE_OFF);
	made = server;
	server = NULL;
	return made;
}

void tls_server_free(struct tls_server *server)
{
	if (!server)
		return;
	SSL_CTX_free(server->context);
	mem_free(server);
}

struct tls_link *tls_accept(struct tls_server *server, int fd, struct err *err)
{
	SSL *ssl = SSL_new(server->context);
	struct tls_link *link;

	ERR_clear_error();
	if (!ssl || SSL_set_fd(ssl, fd) != 1 || SSL_accept(ssl) != 1) {
		fail(err, "TLS handshake");
		SSL_free(ssl);
		return NULL;
	}
	link = mem_alloc(sizeof(*link));
	link->ssl = ssl;
	return link;
}

void tls_link_free(struct tls_link *link)
{
	if (!link)
		return;
	SSL_shutdown(link->ssl);
	ERR_clear_error();
	SSL_free(link->ssl);
	mem_free(link);
}

static int chunk(size_t len)
{
	return len > 1 << 30 ? 1 << 30 : (int)len;
}

ssize_t tls_read(struct tls_link *link, char *to, size_t len, struct err *err)
{
	int got;

	ERR_clear_error();
	got = SSL_read(link->ssl, to, chunk(len));
	if (got > 0)
		return got;
	if (SSL_get_error(link->ssl, got) == SSL_ERROR_ZERO_RETURN)
		return 0;
	fail(err, "receiving over TLS");
	return -1;
}

ssize_t tls_write(struct tls_link *link, const char *from, size_t len,
		  struct err *err)
{
	int done;

	ERR_clear_error();
	done = SSL_write(link->ssl, from, chunk(len));
	if (done > 0)
		return done;
	fail(err, "sending over TLS");
	return -1;
}
