"""Real servers for the tests: processes that always end with the test run."""
