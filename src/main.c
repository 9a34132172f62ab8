/* The shell. */
int main(void)
{
	return 0;
}
