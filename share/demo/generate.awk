# The sales of a small shop over three years, as people share such files:
# dates as m/d/yyyy h:mm, quoted commas, empty fields, one line that is wrong.
# Run by share/demo/generate. All arithmetic is on whole numbers below 2^53,
# so that every awk writes the same bytes.

# Park and Miller's generator: 16807 is a primitive root of 2^31 - 1.
function next_random() {
	seed = (seed * 16807) % 2147483647
	return seed
}

# 0 .. n - 1
function pick(n) {
	return next_random() % n
}

# Smaller numbers more often: the better of two.
function pick_low(n,   a, b) {
	a = pick(n)
	b = pick(n)
	return a < b ? a : b
}

function money(cents,   sign) {
	sign = ""
	if (cents < 0) {
		sign = "-"
		cents = -cents
	}
	return sprintf("%s%d.%02d", sign, (cents - cents % 100) / 100,
		       cents % 100)
}

function days_in(month, year) {
	if (month == 2)
		return year % 4 == 0 ? 29 : 28
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

# "Anna Smith", or in a file's quotes "Smith, Anna". The order in which an
# expression is worked out is not awk's promise: hence the variables.
function make_name(swapped,   a, b) {
	if (swapped) {
		b = last[pick(lasts)]
		a = first[pick(firsts)]
		return "\"" b ", " a "\""
	}
	a = first[pick(firsts)]
	b = last[pick(lasts)]
	return a " " b
}

function make_customers(   i, file, name, year, month, day, sort) {
	file = dir "/customers.csv"
	print "Customer ID,Name,City,Country,Segment,Signup Date" > file
	for (i = 1; i <= customers; i++) {
		name = make_name(0)
		if (i % 41 == 0)
			name = make_name(1)
		region_of[i] = pick_low(places)
		year = 2019 + pick(3)
		month = 1 + pick(12)
		sort = segment[pick_low(3)]
		day = 1 + pick(28)
		print i "," name "," city[region_of[i]] "," \
			country[region_of[i]] "," sort "," \
			month "/" day "/" year > file
	}
	close(file)
}

function make_products(   i, j, file) {
	file = dir "/products.csv"
	print "product_id,product,category,list_price,weight_g" > file
	for (i = 0; i < things; i++) {
		for (j = 0; j < 3; j++) {
			products++
			price[products] = base[i] + j * base[i] / 2
			price[products] -= price[products] % 5
			print "P" sprintf("%04d", products) "," \
				"\"" thing[i] ", " size[j] "\"," kind[i] "," \
				money(price[products]) "," \
				(pick(9) == 0 ? "" : 50 + pick(4000)) > file
		}
	}
	close(file)
}

function comment() {
	if (pick(8) > 0)
		return ""
	return remark[pick(remarks)]
}

# One line of an order; the file is chosen by the date.
function put_line(order, line, stamp, customer,   product, quantity, off, by,
		  text) {
	product = 1 + pick_low(products)
	quantity = 1 + pick_low(6)
	off = pick(5) == 0 ? 5 * (1 + pick(5)) : 0
	lines++
	if (lines == wrong_line)
		quantity = "two"
	by = channel[pick_low(3)]
	text = comment()
	print order "," line "," stamp "," (customer ? customer : "") "," \
		"P" sprintf("%04d", product) "," quantity "," \
		money(price[product]) "," (off ? "0." sprintf("%02d", off) : "") \
		"," by "," text > file
	if (quantity != "two" && pick(23) == 0)
		put_return(order, line, quantity)
}

function put_return(order, line, quantity,   when, many, why) {
	returns++
	when = iso_day(3 + pick(40))
	many = 1 + pick(quantity)
	why = pick(4) == 0 ? "" : reason[pick(reasons)]
	print "R" sprintf("%05d", returns) ";" order ";" line ";" when ";" \
		many ";" why > returns_file
}

# The day some days after today, as 2024-01-31.
function iso_day(after,   y, m, d) {
	y = year
	m = month
	d = day + after
	while (d > days_in(m, y)) {
		d -= days_in(m, y)
		if (++m > 12) {
			m = 1
			y++
		}
	}
	return sprintf("%d-%02d-%02d", y, m, d)
}

function make_order(minute,   i, customer, n, stamp) {
	orders++
	customer = 1 + pick_low(customers)
	if (pick(50) == 0)
		customer = 0	# a guest
	n = 1 + pick_low(5)
	stamp = month "/" day "/" year " " \
		(minute - minute % 60) / 60 ":" sprintf("%02d", minute % 60)
	for (i = 1; i <= n; i++)
		put_line(100000 + orders, i, stamp, customer)
}

function open_file(   name) {
	if (year < 2024)
		name = dir "/archive/orders_" year "_" (month <= 6 ? 1 : 2) \
			".csv"
	else
		name = dir "/orders/orders_" year "_" \
			(month + 2 - (month + 2) % 3) / 3 ".csv"
	if (name == file)
		return
	if (file != "")
		close(file)
	file = name
	print "Order ID,Line,Order Date,Customer ID,Product ID,Quantity," \
		"Unit Price,Discount,Channel,Comment" > file
}

# More orders every year, and towards Christmas.
function make_day(   i, n, minute) {
	open_file()
	n = 10 + (year - 2022) * 5 + pick(8)
	if (month >= 11)
		n += 10
	minute = 8 * 60
	for (i = 0; i < n; i++) {
		minute += pick(36)
		if (minute > 23 * 60 + 59)
			minute = 23 * 60 + 59
		make_order(minute)
	}
}

function fill(array, text,   n, parts, i) {
	n = split(text, parts, "|")
	for (i = 1; i <= n; i++)
		array[i - 1] = parts[i]
	return n
}

# Octal escapes are Latin-1 letters: \351 is e with acute.
function fill_words() {
	firsts = fill(first, "Anna|Jos\351|Zo\353|Bj\366rn|Mary|Fran\347ois|" \
		"J\374rgen|Chlo\351|Luis|Emma|S\370ren|Noah|In\352s|Paul|" \
		"Ren\351e|Karl|Mia|\305sa|Tom|Beatriz")
	lasts = fill(last, "Smith|M\374ller|Garc\355a|N\372\361ez|Dubois|" \
		"L\363pez|Jensen|O'Brien|Gon\347alves|Lindstr\366m|Weber|" \
		"B\351langer|Rossi|Novak|\326berg|Fern\341ndez|Brown|Sch\344fer")
	places = fill(city, "London|Paris|Berlin|Madrid|New York|Lyon|" \
		"M\374nchen|Chicago|Porto|K\370benhavn|Z\374rich|Malm\366")
	fill(country, "United Kingdom|France|Germany|Spain|United States|" \
		"France|Germany|United States|Portugal|Denmark|Switzerland|" \
		"Sweden")
	fill(segment, "Consumer|Corporate|Home Office")
	fill(channel, "web|store|phone")
	fill(size, "small|medium|large")
	remarks = fill(remark, "\"gift, please wrap\"|call before delivery|" \
		"\"leave it at no. 7, thanks\"|\"marked \"\"fragile\"\"\"|" \
		"second attempt|\"blue, not green\"")
	reasons = fill(reason, "damaged|wrong size|does not work|" \
		"changed my mind|arrived late")
	things = fill(thing, "Kettle|Frame 10\"\" x 15\"\"|Desk lamp|Notebook|" \
		"Office chair|Candle|Mug|Cutting board|Backpack|Headphones|" \
		"Wall clock|Blanket|Garden shears|Tea set|Water bottle|" \
		"Bookshelf|Pillow|Toaster|Umbrella|Pencil case")
	fill(kind, "Kitchen|Home|Home|Office|Office|Home|Kitchen|Kitchen|" \
		"Outdoor|Office|Home|Home|Outdoor|Kitchen|Outdoor|Home|Home|" \
		"Kitchen|Outdoor|Office")
	fill(base, "2990|1250|3490|390|12900|890|790|2450|4990|7990|2790|" \
		"3590|1990|4450|1590|8900|1890|3990|1490|690")
}

BEGIN {
	seed = 20240229
	customers = 1200
	wrong_line = 39417
	fill_words()
	make_customers()
	make_products()
	returns_file = dir "/returns.csv"
	print "return_id;order_id;line;returned_on;quantity;reason" \
		> returns_file
	for (year = 2022; year <= 2024; year++)
		for (month = 1; month <= 12; month++)
			for (day = 1; day <= days_in(month, year); day++)
				make_day()
	close(file)
	close(returns_file)
}
