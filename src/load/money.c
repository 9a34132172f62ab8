#include "load/money.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static const struct {
	unsigned mark;
	const char *text; /* around the number; "": none */
	const char *what;
} marks_table[] = {
	{ MONEY_DOLLAR, "$", "a dollar sign" },
	{ MONEY_EURO, "€", "a euro sign" },
	{ MONEY_POUND, "£", "a pound sign" },
	{ MONEY_YEN, "¥", "a yen sign" },
	{ MONEY_PERCENT, "%", "a per cent sign" },
	{ MONEY_BRACKETS, "", "brackets for minus" },
	{ MONEY_COMMA_GROUPS, "", "commas between thousands" },
	{ MONEY_POINT_GROUPS, "", "points between thousands" },
	{ MONEY_COMMA_POINT, "", "a comma for the decimal point" },
};

/* Takes blanks and one sign off an end. */
static void take_sign(const char **text, size_t *len, bool front,
		      unsigned *marks)
{
	for (size_t i = 0; i < COUNT_OF(marks_table); i++) {
		size_t n = strlen(marks_table[i].text);
		const char *at = front ? *text : *text + *len - n;

		if (n == 0 || n > *len || memcmp(at, marks_table[i].text, n))
			continue;
		*marks |= marks_table[i].mark;
		*len -= n;
		if (front)
			*text += n;
		break;
	}
	while (*len > 0 && (front ? **text : (*text)[*len - 1]) == ' ') {
		(*len)--;
		*text += front;
	}
}

static size_t count_digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* digits, groups of three behind each mark, a point and digits. */
static bool read_number(const char *text, size_t len, char group, char point,
			bool *out_grouped, bool *out_pointed)
{
	size_t at = count_digits(text, len);

	*out_grouped = *out_pointed = false;
	if (at == 0)
		return false;
	while (at < len && text[at] == group) {
		if ((!*out_grouped && at > 3) ||
		    count_digits(text + at + 1, len - at - 1) != 3)
			break;
		*out_grouped = true;
		at += 4;
	}
	if (at < len && text[at] == point) {
		size_t n = count_digits(text + at + 1, len - at - 1);

		*out_pointed = true;
		at += 1 + n;
	}
	return at == len;
}

bool money_read(const char *text, size_t len, unsigned *marks)
{
	bool grouped, pointed;
	unsigned found = 0;

	if (len > 2 && text[0] == '(' && text[len - 1] == ')') {
		found |= MONEY_BRACKETS;
		text++;
		len -= 2;
	}
	if (len > 0 && (*text == '-' || *text == '+'))
		text++, len--;
	take_sign(&text, &len, true, &found);
	take_sign(&text, &len, false, &found);
	if (len > 0 && *text == '-')
		text++, len--;
	if (len == 0 || len > 40)
		return false;
	if (read_number(text, len, ',', '.', &grouped, &pointed)) {
		found |= grouped ? MONEY_COMMA_GROUPS : 0;
	} else if (read_number(text, len, '.', ',', &grouped, &pointed)) {
		found |= grouped ? MONEY_POINT_GROUPS : 0;
		found |= pointed ? MONEY_COMMA_POINT : 0;
	} else {
		return false;
	}
	*marks |= found;
	return true;
}

/* Of "1,234" beside "12,5" the comma is the point. */
static unsigned settle(unsigned marks)
{
	if (marks & (MONEY_POINT_GROUPS | MONEY_COMMA_POINT))
		marks &= ~(unsigned)MONEY_COMMA_GROUPS;
	return marks;
}

static void wrap(struct str *text, const char *from, const char *to)
{
	CLEANUP(str_done) struct str inner = STR_EMPTY;

	str_set_slice(&inner, text->text, text->len);
	str_clear(text);
	str_addf(text, "replace(%s, '%s', '%s')", inner.text, from, to);
}

void money_add_cast(struct str *out, const char *column, unsigned marks)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	marks = settle(marks);
	str_set(&text, column);
	for (size_t i = 0; i < COUNT_OF(marks_table); i++)
		if ((marks & marks_table[i].mark) &&
		    marks_table[i].text[0] != '\0')
			wrap(&text, marks_table[i].text, "");
	if (marks & MONEY_BRACKETS) {
		wrap(&text, "(", "-");
		wrap(&text, ")", "");
	}
	if (marks & MONEY_COMMA_GROUPS)
		wrap(&text, ",", "");
	if (marks & MONEY_POINT_GROUPS)
		wrap(&text, ".", "");
	if (marks & MONEY_COMMA_POINT)
		wrap(&text, ",", ".");
	str_addf(out, "cast(trim(%s) as decimal(18,2))", text.text);
}

void money_add_marks(struct str *out, unsigned marks)
{
	bool first = true;

	marks = settle(marks);
	for (size_t i = 0; i < COUNT_OF(marks_table); i++) {
		if ((marks & marks_table[i].mark) == 0)
			continue;
		str_addf(out, "%s%s", first ? "" : " and ",
			 marks_table[i].what);
		first = false;
	}
}
