/* The sandbox. */
int main(void)
{
	return 0;
}
